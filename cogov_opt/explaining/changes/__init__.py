"""What would have to change for an unmet demand to be served, at what cost to others (S16.5)."""
