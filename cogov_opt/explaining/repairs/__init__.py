"""What would mend a conflict: single changes that let every hard clause be kept, with proof."""
