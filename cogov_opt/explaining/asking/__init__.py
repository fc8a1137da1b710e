"""Questions that need a solve: a decision forced or data changed, answered with proof (S16)."""
