"""Thin doors to solvers: the only modules that import them."""
