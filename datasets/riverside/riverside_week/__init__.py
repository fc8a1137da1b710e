"""The parts of riverside's generator, in the order in which a week is drawn."""
