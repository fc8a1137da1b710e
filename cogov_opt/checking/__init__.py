"""CHECK: tables become an Instance, or every issue of every table is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogov_opt.checking import later
from cogov_opt.checking.assemble import assemble
from cogov_opt.checking.columns import Context
from cogov_opt.checking.costs import check_costs
from cogov_opt.checking.drafts import Draft, draft, materialise, read_columns
from cogov_opt.checking.findings import Findings
from cogov_opt.checking.packages import read_package
from cogov_opt.checking.privacy import check_privacy
from cogov_opt.checking.quantities import check_agreements, check_quantities, check_standing
from cogov_opt.checking.references import check_codes, index_ids, refuse_circles, sort_by_keys
from cogov_opt.domain.loaded import Tables
from cogov_opt.domain.tables import contracts

if TYPE_CHECKING:
    from cogov_opt.domain.instance import Instance
    from cogov_opt.domain.policy import Policy


def check(tables: Tables, policy: Policy | None = None) -> Instance:
    """
    Check a dataset, for a policy if one is given.

    Parameters
    ----------
    tables
        The dataset as loaded.
    policy
        The card it will be used with; what it needs of the data is then checked too.

    Returns
    -------
    Instance
        Typed, sorted, read-only columns; its warnings and repairs are kept.

    Raises
    ------
    InputError
        With every issue of every table.
    """
    findings = Findings(tables.notes)
    package = read_package(tables, findings)
    later.refuse(tables, findings)
    context = Context(
        findings,
        calendar=package.calendar if package else None,
        minor=tables.units == "minor",
        trusted=tables.trusted_ids,
    )
    drafts = {n: draft(c, tables.tables.get(n), findings) for n, c in contracts().items()}
    _read(drafts, context)
    _compare(drafts, context, policy)
    findings.stop()
    if package is None:
        raise AssertionError("a package without horizon is an issue")
    return assemble(drafts, package, findings)


def _read(drafts: dict[str, Draft], context: Context) -> None:
    """Read ids first, then every other column, and bring all rows into order."""
    index_ids(drafts, context)
    for name, found in drafts.items():
        read_columns(found, context)
        if found.contract.id_column is None and name != "codes":
            sort_by_keys(found, drafts, context)
        materialise(found)


def _compare(drafts: dict[str, Draft], context: Context, policy: Policy | None) -> None:
    """Check what more than one cell says."""
    check_codes(drafts["codes"], context)
    refuse_circles(drafts["actors"], "parent_id", drafts["actors"].ints("parent_id"))
    refuse_circles(drafts["spaces"], "part_of", drafts["spaces"].ints("part_of"))
    check_privacy(drafts, trusted=context.trusted)
    check_quantities(drafts, context, policy)
    check_agreements(drafts)
    check_standing(drafts)
    check_costs(drafts, context)


__all__ = ["check"]
