"""What an extract says, in words, in both languages."""

from __future__ import annotations

from typing import Any

from .case import number

TEXTS = {
    "en": {
        "demand": "Demand {id}, run {run}, root {root}",
        "volunteer": "Volunteer {id}, run {run}, root {root}",
        "row": "  given: {quantity} {unit}, {resource}, for {need}  {start}",
        "own": "  own money: {quantity} {unit}, for {need}",
        "short": "  {need}: {given} of {asked}, because {code} (record {record})",
        "unused": "  not used, because {code} (record {record})",
        "nothing": "  nothing given",
        "line": "  {column}, goal {stage}: brings {worth}, takes {takes}, difference {value}",
        "recorded": "Lines of arithmetic that the records speak of: {count}",
        "open": "Lines of other uses it could have had: {count} (their prices are proven, not every"
        " factor); {left} more are not listed",
        "suppressed": "Fewer than five compete here: prices are not given, as they would show whose"
        " points they are.",
    },
    "zh": {
        "demand": "申请{id}，方案编号{run}，校验码{root}",
        "volunteer": "志愿者{id}，方案编号{run}，校验码{root}",
        "row": "  已安排：{resource} {quantity} {unit}，用于{need}　{start}",
        "own": "  承办单位自筹：{quantity} {unit}，用于{need}",
        "short": "  {need}：申请{asked}，安排{given}，理由：{code}（记录号{record}）",
        "unused": "  未使用，理由：{code}（记录号{record}）",
        "nothing": "  未安排任何资源",
        "line": "  {column}，第{stage}优先目标：带来{worth}，占用{takes}，相差{value}",
        "recorded": "记录所依据的算式：{count}条",
        "open": "其他本可使用处的算式：{count}条（紧缺度已证明，系数未全部证明）；"
        "另有{left}条未列出",
        "suppressed": "此处竞争者不足五个，不给出紧缺度，以免显出他人的分值。",
    },
}  # fmt: skip
ROW = ("quantity", "unit", "resource", "need", "start")


def lines(extract: dict[str, Any], language: str) -> list[str]:
    """Give what an extract says as lines of text; codes stand as they are recorded."""
    texts, subject = TEXTS[language], extract["subject"]["payload"]
    _, run, root = extract["checkpoint"].split("\n")[:3]
    found = [texts[subject["type"]].format(id=subject["id"], run=run, root=root)]
    rows = [row for row in subject["rows"] if "need" in row]
    for row in rows:
        form = "row" if "resource" in row else "own"
        found.append(texts[form].format(**{k: row.get(k, "") for k in ROW}))
    found += [] if rows else [texts["nothing"]]
    found += [texts["short"].format(**row) for row in subject["unmet"]]
    found += [texts["unused"].format(**r) for r in subject["records"] if r["type"] == "unused"]
    if extract["suppressed"]:
        return [*found, texts["suppressed"]]
    found.append(texts["recorded"].format(count=len(extract["lines"])))
    found += [_line(line, texts) for line in extract["lines"]]
    if extract["open"]:
        told = {"count": len(extract["open"]), "left": extract["left_out"]}
        found.append(texts["open"].format(**told))
    return found


def _line(line: dict[str, Any], texts: dict[str, str]) -> str:
    """Write a line in whole units, with three decimals."""
    worth, value, scale = (number(line[name]) for name in ("worth", "value", "scale"))
    shown = {"worth": worth, "takes": worth - value, "value": value}
    numbers = {k: _decimal(v, scale) for k, v in shown.items()}
    column = " ".join(part for part in line["column"][1:] if part)
    return texts["line"].format(column=column, stage=line["stage"], **numbers)


def _decimal(scaled: int, scale: int) -> str:
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled) * 1000 // scale, 1000)
    return f"{sign}{whole}.{rest:03d}"
