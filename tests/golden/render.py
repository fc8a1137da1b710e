"""A formulation as rows that people can read (style.md 5.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cogov_opt.domain.formulation import FREE, Formulation, Key

DECIDED = ("y", "x", "bought", "own")


def text(key: Iterable[str], fields: tuple[str, ...] = ()) -> str:
    """Write a key as `head[part, part]`, blanks at the end left out, grouping fields named."""
    head, *parts = key
    while parts and not parts[-1]:
        parts.pop()
    named = [f"{f}={p}" for f, p in zip(fields, parts, strict=False)] + parts[len(fields) :]
    return f"{head}[{', '.join(p or '-' for p in named)}]" if named else head


class Rendered:
    """The lines of one formulation; `fields` names the groups of the clause `C`."""

    def __init__(self, f: Formulation, fields: tuple[str, ...] = ()) -> None:
        self.f = f
        self.fields = fields
        self.names = [self._column(f.columns.key(j)) for j in range(len(f.columns))]

    def _column(self, key: Key) -> str:
        """Write a column."""
        if key[0] == "slack":
            return text(("slack", key[1], *self._named(key[2:])))
        return text(key)

    def _named(self, parts: Key) -> list[str]:
        """Write the groups of a slack with the names of their fields."""
        grouped = zip(self.fields, parts, strict=False)
        return [f"{f}={p}" for f, p in grouped] + list(parts[len(self.fields) :])

    def rows(self, *heads: str) -> list[str]:
        """Write the rows whose key begins with one of the words."""
        m = self.f.matrix
        found = []
        for i in range(len(self.f.row_lower)):
            key = self.f.rows.key(i)
            if key[0] not in heads:
                continue
            part = slice(int(m.starts[i]), int(m.starts[i + 1]))
            terms = zip(m.values[part].tolist(), m.columns[part].tolist(), strict=True)
            body = self._sum((a, self.names[j]) for a, j in terms)
            low, high = int(self.f.row_lower[i]), int(self.f.row_upper[i])
            shown = text(key, self.fields if key[0] == "C" else ())
            found.append(f"  row  {shown}   {body} {sides(low, high)}")
        return found

    def _sum(self, terms: Iterable[tuple[int, str]]) -> str:
        """Write a sum; coefficients of 1 go without saying."""
        shown = []
        for a, name in terms:
            size = "" if abs(a) == 1 else f"{abs(a)} "
            shown.append(f"{'-' if a < 0 else '+'} {size}{name}")
        return " ".join(shown) or "0"

    def columns(self, *families: str) -> list[str]:
        """Write columns with their bounds; without families, all that follow from the plan."""
        return [
            f"  col  {name}   {int(low)}..{int(high)}"
            for j, (name, low, high) in enumerate(
                zip(self.names, self.f.lower, self.f.upper, strict=True)
            )
            if (self.f.columns.key(j)[0] in families)
            or (not families and self.f.columns.key(j)[0] not in DECIDED)
        ]

    def costs(self, *families: str) -> list[str]:
        """Write what columns are worth in each stage, maximised; all families if none is named."""
        found = []
        for stage in self.f.stages:
            for j in stage.costs.nonzero()[0].tolist():
                if not families or self.f.columns.key(j)[0] in families:
                    worth = int(stage.costs[j])
                    found.append(f"  cost {self.names[j]}   {worth:+d}, stage {stage.index}")
            if stage.constant and not families:
                found.append(f"  cost constant   {stage.constant:+d}, stage {stage.index}")
        return found


def sides(low: int, high: int) -> str:
    """Write the sides of a row."""
    if low == high:
        return f"= {low}"
    if low == -FREE:
        return f"<= {high}"
    return f">= {low}" if high == FREE else f"in {low}..{high}"


def page(title: str, said: Mapping[str, list[str]]) -> str:
    """Write one golden file: a title, then each case with its lines."""
    lines = [title]
    for case, found in said.items():
        lines += ["", case, *(found or ["  nothing"])]
    return "\n".join(lines) + "\n"
