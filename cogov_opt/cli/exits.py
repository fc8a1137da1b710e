"""What the exit status of ``cogov`` says, the same for every command."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit status; a command returns one of these, and nothing is the same as DONE."""

    DONE = 0
    INTERNAL = 1
    """A fault in the program itself; please report it."""
    USAGE = 2
    """A wrong command line, an output that exists, an unknown id, or something not supported."""
    REJECTED = 3
    """The input has issues; all of them are listed."""
    INFEASIBLE = 4
    """No plan can meet the hard clauses, and a proof of that is recorded."""
    STOPPED_WITH_PLAN = 5
    """Stopped at a limit or by a fault; a checked plan is recorded."""
    STOPPED_WITHOUT = 6
    """Stopped without a plan, or infeasible by the solver's word only."""
    NOT_ACCEPTED = 7
    """The verifier does not accept the run, or the run is unreadable or was edited."""
    NOT_PERMITTED = 8
    """The actor has no right to do this."""
    INTERRUPTED = 130
    """Interrupted from the keyboard."""


# By class name, so that no command has to load the library in order to know its errors.
_OF_ERROR = {
    "InputError": Exit.REJECTED,
    "PolicyError": Exit.REJECTED,
    "UnsupportedError": Exit.USAGE,
    "NotAllowedError": Exit.NOT_PERMITTED,
    "SolverError": Exit.STOPPED_WITHOUT,
    "RecordError": Exit.NOT_ACCEPTED,
}


def exit_for(error: BaseException) -> Exit | None:
    """
    Tell the exit status that belongs to an error of the library.

    Returns
    -------
    Exit or None
        None when the error is not one the library announces, that is, an internal one.
    """
    for kind in type(error).__mro__:
        if kind.__module__ == "cogov_opt.errors" and kind.__name__ in _OF_ERROR:
            return _OF_ERROR[kind.__name__]
    return None
