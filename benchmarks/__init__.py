"""Frozen cases, measured phase by phase against rivals; run by `cogov bench`."""
