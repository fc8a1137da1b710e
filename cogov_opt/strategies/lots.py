"""A finished draw of lots, taken into a decision: checked, and made for this data and card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cogov_opt.domain import lots
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import InputError, Issue, UnsupportedError, Where
from cogov_opt.recording.digests import digest
from cogov_opt.recording.inputs import digest_of_inputs
from cogov_opt.strategies.context import Context


def with_lots(
    instance: Instance, policy: Policy, context: Context
) -> tuple[Context, Mapping[str, Any] | None]:  # fmt: skip
    """
    Give the context with the draw of the option `lots`, whose digest stands in the options.

    Raises
    ------
    InputError
        The draw does not hold, or is for other data or another card.
    UnsupportedError
        A seed is given beside it, or the draw is switched off.
    """
    record = context.options.get("lots")
    if record is None:
        return context, None
    if "seed" in context.options or context.options.get("draw") is False:
        raise UnsupportedError("a draw of lots gives the seed: leave out 'seed' and 'draw'")
    wrong = lots.problems(record, digest_of_inputs(instance), digest(policy.text))
    if wrong:
        raise InputError([Issue(f"draw_wrong_{w}", Where("draw")) for w in dict.fromkeys(wrong)])
    options = dict(context.options) | {"lots": digest(canonical_json(record))}
    return replace(context, options=options, lots=record), record
