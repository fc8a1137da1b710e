"""SOLVE: formulations to plans, through solvers that are never believed unchecked."""
