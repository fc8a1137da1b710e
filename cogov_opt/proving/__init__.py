"""PROVE: a formulation and a plan to evidence anyone can check by arithmetic."""
