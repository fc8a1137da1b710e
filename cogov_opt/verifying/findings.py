"""The closed list of findings: one code for each fact that a check owns, with its meaning."""

from __future__ import annotations

from typing import NamedTuple

FAULT, UNKNOWN = "fault", "unknown"
MOST_OF_A_CODE = 100
"""Findings of one code that are kept; the verdict is the same with more of them."""


class Meaning(NamedTuple):
    """What a finding says: whether it rejects, and one line in each language."""

    weight: str
    en: str
    zh: str


MEANINGS: dict[str, Meaning] = {
    "file": Meaning(
        FAULT,
        "a file is missing, unreadable or does not belong here",
        "文件缺失、无法读取或不属于本档案",
    ),
    "format": Meaning(
        FAULT, "a file is not in the form the convention gives it", "文件不符合约定的格式"
    ),
    "digest": Meaning(
        FAULT, "a digest in run.json is not that of the file", "run.json 中的摘要与文件不符"
    ),
    "root": Meaning(
        FAULT, "the checkpoint is not the root of these files", "检查点与档案文件的校验码不符"
    ),
    "signature": Meaning(
        FAULT, "the checkpoint is not signed with this key", "检查点未经此密钥签名"
    ),
    "run_id": Meaning(
        FAULT,
        "the run id does not follow from inputs, card, options and attempt",
        "方案编号与数据、办法、选项、次数不符",
    ),
    "card": Meaning(
        FAULT,
        "the card is unreadable or not as run.json tells it",
        "分配办法无法读取或与 run.json 所述不符",
    ),
    "input": Meaning(
        FAULT,
        "the input tables are not canonical or contradict each other",
        "输入表不规范或相互矛盾",
    ),
    "letter": Meaning(
        FAULT,
        "a letter does not say what the records of this run say",
        "信函内容与本档案的记录不一致",
    ),
    "private": Meaning(
        FAULT,
        "the inputs hold more about a person than a run may: a place too exact, or private text",
        "输入表中的个人信息超出方案档案允许的范围：住址坐标过细，或含不应保存的文字",
    ),
    "candidate": Meaning(
        FAULT,
        "something is assigned that is not in the inputs, or beyond its cap",
        "安排了数据中没有的资源，或超出其上限",
    ),
    "eligibility": Meaning(
        FAULT, "a resource is assigned that fails a test of eligibility", "所安排的资源不符合条件"
    ),
    "capacity": Meaning(FAULT, "a resource gives more than it has", "资源使用超过其能力"),
    "overlap": Meaning(
        FAULT, "a volunteer or space is used twice at one time", "志愿者或场地在同一时间重复使用"
    ),
    "agreement": Meaning(
        FAULT,
        "a resource is used without an agreement in force, or beyond its limit",
        "无有效共享协议或超出协议限额使用资源",
    ),
    "money": Meaning(
        FAULT,
        "an award is not covered, not spent or against its fund's terms",
        "资金安排无来源、未对应支出或违反资金条件",
    ),
    "set": Meaning(
        FAULT, "a demand is served without its set of needs, or twice", "成套需求未满足，或重复安排"
    ),
    "clause": Meaning(FAULT, "a hard clause of the card does not hold", "违反分配办法中的刚性条款"),
    "regret": Meaning(
        FAULT,
        "a loss that is told is not what deciding otherwise would lose",
        "所述的损失并非另作决定的实际损失",
    ),
    "tie": Meaning(
        FAULT,
        "the ties told are not those there are",
        "所述的并列情况与实际不符",
    ),
    "price": Meaning(
        FAULT,
        "a price names no row, is not whole or has the wrong sign",
        "紧缺度没有对应的行、不是整数或符号有误",
    ),
    "value": Meaning(
        FAULT,
        "a stage's value or published value is not what the plan reaches",
        "目标值与方案实际达到的不符",
    ),
    "bound": Meaning(
        FAULT,
        "a bound, gap or claim of optimality does not follow from the prices",
        "上界、差距或最优性不能由公布的紧缺度推出",
    ),
    "tree": Meaning(
        FAULT,
        "a branch tree does not prove what it says",
        "分支证明树不能证明其所述结论",
    ),
    "share": Meaning(
        FAULT,
        "the shares of the gap are not what prices and plan give",
        "差距分摊与紧缺度、方案不符",
    ),
    "stage_order": Meaning(
        FAULT,
        "the stages are not those of the card, in its order",
        "目标的内容或顺序与分配办法不符",
    ),
    "give": Meaning(
        FAULT, "later stages took back more, or other, than is told", "后续目标让出的数值与所述不符"
    ),
    "plan": Meaning(
        FAULT, "a stage's own plan does not keep the rows", "某一目标自身的方案不满足约束"
    ),
    "total": Meaning(FAULT, "a total does not add up", "合计数不符"),
    "allocation": Meaning(
        FAULT,
        "a line of allocation.csv is not what plan and inputs give",
        "allocation.csv 的内容与方案、数据不符",
    ),
    "unmet": Meaning(
        FAULT,
        "a line of unmet.csv is not what plan and inputs give",
        "unmet.csv 的内容与方案、数据不符",
    ),
    "record": Meaning(FAULT, "a reason is not what the evidence gives", "决定依据与凭证不符"),
    "answer": Meaning(
        FAULT,
        "an answer is unreadable, about another run, or answers another question",
        "答复无法读取、针对其他档案或所答非所问",
    ),
    "answer_edit": Meaning(
        FAULT,
        "a change in an answer is not one of its kind, or cannot be made",
        "答复中的改动与其类别不符，或无法作出",
    ),
    "answer_plan": Meaning(
        FAULT,
        "a plan in an answer breaks a row, or is not what it is given for",
        "答复所附方案违反约束，或与其用途不符",
    ),
    "answer_ceiling": Meaning(
        FAULT,
        "a ceiling in an answer does not follow from its prices",
        "答复中的上限不能由所附紧缺度推出",
    ),
    "answer_claim": Meaning(
        FAULT,
        "what an answer claims is not what its plans and ceilings prove",
        "答复的结论与所附方案、上限所能证明的不符",
    ),
    "sentence": Meaning(
        FAULT,
        "a sentence is not of the known phrases or cannot be filled",
        "文句不属于已知用语或无法填写",
    ),
    "draw": Meaning(FAULT, "the seed of the draw is not the one it says", "抽签种子与所述不符"),
    "refusal": Meaning(
        FAULT,
        "a refusal is not proven by its prices or its tree",
        "未安排某项申请的证明不能由其紧缺度或分支证明推出",
    ),
    "trace": Meaning(
        FAULT,
        "the procedure, replayed, does not give this trace or plan",
        "按程序重演得不到此过程或方案",
    ),
    "breaks": Meaning(
        FAULT,
        "the list of broken clauses is not complete or not true",
        "所列未遵守的条款不完整或不属实",
    ),
    "unit": Meaning(
        FAULT,
        "what one unit more or less of a resource is worth is not what the evidence gives",
        "资源多一个或少一个单位的作用与凭证不符",
    ),
    "account": Meaning(
        FAULT,
        "the account of a clause is not what prices and plan give",
        "条款影响说明与公布的紧缺度、方案不符",
    ),
    "conflict": Meaning(
        FAULT,
        "the clauses told to be in conflict are not, or a smaller set is, or a plan shown is none",
        "所列相互冲突的条款不成立、并非最小，或所示方案不成立",
    ),
    "extract": Meaning(
        FAULT,
        "a single record, price or salt is not the one the run commits to",
        "单项记录、紧缺度或盐值与方案档案所承诺的不符",
    ),
    "line": Meaning(
        FAULT,
        "a line of arithmetic does not add up, or is not what its record says",
        "算式不成立，或与记录不符",
    ),
    "unknown": Meaning(
        UNKNOWN,
        "a kind, format or word this verifier does not know",
        "本核验程序不认识的种类、格式或用词",
    ),
}


class Finding(NamedTuple):
    """One fault: its code, the file it stands in, and what it is about."""

    code: str
    file: str
    id: str = ""

    def to_dict(self) -> dict[str, str]:
        """Give the finding as JSON-ready values."""
        return {"code": self.code, "file": self.file, "id": self.id}


def _text(about: str) -> str:
    """Give text that can be written out, whatever stood in a file."""
    return about.encode("utf-8", "replace").decode("utf-8")


class Findings:
    """Collects findings, each once and in the order found."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}
        self._counts: dict[str, int] = {}

    def add(self, code: str, file: str, about: str = "") -> None:
        """Note one finding; `code` must be of the closed list."""
        finding = Finding(code, _text(file), _text(about[:200]))
        count = self._counts.get(code, 0)
        if code not in MEANINGS:
            raise KeyError(code)
        if finding not in self._found and count < MOST_OF_A_CODE:
            self._found[finding] = None
            self._counts[code] = count + 1

    def all(self) -> tuple[Finding, ...]:
        """Give what was found so far."""
        return tuple(self._found)
