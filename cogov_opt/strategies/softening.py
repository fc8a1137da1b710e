"""Hard clauses made soft for one run: asked for by id, recorded, known to the verifier (S8.13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cogov_opt.domain.clauses import NEVER_SOFT
from cogov_opt.domain.closeness import closest
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import UnsupportedError
from cogov_opt.formulating import formulate
from cogov_opt.strategies.context import Context

MOST = 10**6
"""The largest penalty that is chosen for a clause: larger ones no float solver can be given."""


def with_softened(
    instance: Instance, policy: Policy, context: Context
) -> tuple[Policy, Context]:  # fmt: skip
    """
    Give the card with the clauses of the option `soften` made soft, and the options as recorded.

    A penalty of 0 asks for one so large that nothing else of the first stage outweighs a unit.

    Raises
    ------
    UnsupportedError
        There is no such clause, it is soft already, or its kind is never soft.
    """
    asked = context.options.get("soften")
    if not asked:
        return policy, context
    _refuse(policy, asked)
    penalties = {c: int(p) for c, p in sorted(asked.items())}
    if not all(penalties.values()):
        large = _outweighing(instance, policy.softened(dict.fromkeys(penalties, 1)))
        penalties = {c: p or large for c, p in penalties.items()}
    options = dict(context.options) | {"soften": penalties}
    return policy.softened(penalties), replace(context, options=options)


def _refuse(policy: Policy, asked: Mapping[str, object]) -> None:
    """Refuse what cannot be made soft."""
    known = {c.id: c for c in policy.clauses}
    for name, penalty in asked.items():
        clause = known.get(name)
        if clause is None:
            close = closest(name, known)
            hint = f" Did you mean '{close[0]}'?" if close else f" Known: {', '.join(known)}."
            raise UnsupportedError(f"the card has no clause '{name}'.{hint}", code="unknown_id")
        if clause.soft:
            raise UnsupportedError(f"clause '{name}' is soft already; change its penalty instead")
        if clause.kind in NEVER_SOFT:
            raise UnsupportedError(
                f"clause '{name}' is of kind {clause.kind}, which is never soft: it says what money"
                " is for. Change the card instead."
            )
        if type(penalty) is not int or not 0 <= penalty <= 10**9:
            raise UnsupportedError(f"the penalty of clause '{name}' is a whole number up to 10^9")


def _outweighing(instance: Instance, policy: Policy) -> int:
    """Give a penalty that a unit missed costs more than the first stage can bring otherwise."""
    formulation = formulate(instance, policy)
    costs = abs(formulation.stages[0].costs.astype(object))
    reach = int((costs * (formulation.upper - formulation.lower)).sum())
    return min(reach + 1, MOST)
