"""What would have to change for an unmet demand to be served, and what that costs others (S16.5)."""
