"""Recorded reasons in words, each written once."""

from __future__ import annotations

from collections.abc import Iterator

from cogov_opt.phrases.reasons import reason_parts, reason_short
from cogov_opt.reporting.overview.parts import Reason
from cogov_opt.reporting.view import View


class Reasons:
    """The reasons of a run by record id."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._told: dict[str, Reason] = {}

    def of(self, record: str) -> Reason | None:
        """Give a reason; None where there is no record, as for a performer's own money."""
        if not record:
            return None
        if record not in self._told:
            self._told[record] = self._tell(record)
        return self._told[record]

    def all_of(self, kind: str) -> Iterator[tuple[dict[str, str], Reason]]:
        """Give what each record of a type is about, and the reason."""
        for identifier, record in self._view.run.records.items():
            if record["type"] == kind:
                reason = self.of(identifier)
                if reason is not None:
                    yield record["about"], reason

    def _tell(self, identifier: str) -> Reason:
        view, record = self._view, self._view.run.records[identifier]
        told = (record, view.names, view.currency, view.language)
        short = reason_short(*told) if record["type"] == "unmet" else ""
        return Reason(identifier, record["code"], short, reason_parts(*told))
