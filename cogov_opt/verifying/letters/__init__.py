"""Letters about a run, written again from its records and compared (convention S17)."""

from .checking import check

__all__ = ["check"]
