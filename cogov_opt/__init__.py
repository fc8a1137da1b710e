"""
Allocate shared community resources, and prove and explain every decision.

The public names are imported when first used, so that importing the package costs next to nothing.
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cogov_opt.checking import check
    from cogov_opt.domain.decision import Decision, Limits
    from cogov_opt.domain.instance import Instance
    from cogov_opt.domain.justification import Explained
    from cogov_opt.domain.loaded import Tables
    from cogov_opt.domain.policy import Policy
    from cogov_opt.errors import (
        CogovError,
        InputError,
        NotAllowedError,
        PolicyError,
        RecordError,
        SolverError,
        UnsupportedError,
    )
    from cogov_opt.explaining import explain
    from cogov_opt.loading import from_frames, load, load_policy, load_policy_text
    from cogov_opt.recording import Run, record
    from cogov_opt.reporting import report
    from cogov_opt.strategies import allocate
    from cogov_opt.verifying import Verdict, verify

__version__ = "0.1.0"

__all__ = [
    "CogovError",
    "Decision",
    "Explained",
    "InputError",
    "Instance",
    "Limits",
    "NotAllowedError",
    "Policy",
    "PolicyError",
    "RecordError",
    "Run",
    "SolverError",
    "Tables",
    "UnsupportedError",
    "Verdict",
    "__version__",
    "allocate",
    "check",
    "explain",
    "from_frames",
    "load",
    "load_policy",
    "load_policy_text",
    "record",
    "report",
    "verify",
]

# Where each public name lives; the imports above say the same to type checkers.
_HOMES = {
    "CogovError": "cogov_opt.errors",
    "Decision": "cogov_opt.domain.decision",
    "Explained": "cogov_opt.domain.justification",
    "InputError": "cogov_opt.errors",
    "Instance": "cogov_opt.domain.instance",
    "Limits": "cogov_opt.domain.decision",
    "NotAllowedError": "cogov_opt.errors",
    "Policy": "cogov_opt.domain.policy",
    "PolicyError": "cogov_opt.errors",
    "RecordError": "cogov_opt.errors",
    "Run": "cogov_opt.recording",
    "SolverError": "cogov_opt.errors",
    "Tables": "cogov_opt.domain.loaded",
    "UnsupportedError": "cogov_opt.errors",
    "Verdict": "cogov_opt.verifying",
    "allocate": "cogov_opt.strategies",
    "check": "cogov_opt.checking",
    "explain": "cogov_opt.explaining",
    "from_frames": "cogov_opt.loading",
    "load": "cogov_opt.loading",
    "load_policy": "cogov_opt.loading",
    "load_policy_text": "cogov_opt.loading",
    "record": "cogov_opt.recording",
    "report": "cogov_opt.reporting",
    "verify": "cogov_opt.verifying",
}

# A library leaves logging to the program that uses it.
logging.getLogger(__name__).addHandler(logging.NullHandler())


def __getattr__(name: str) -> object:
    """Import a public name on first use, and keep it (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, whether imported already or not."""
    return sorted(__all__)
