"""Lies about extracts: each edits one, raw; `resealed` packs it anew as an honest packer would."""

import hashlib
import json

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.recording.merkle import checkpoint


def leaf_of(extract, name):
    """Give a leaf that can be edited: the subject, or one of the prices."""
    return extract["subject"] if name == "subject" else extract["prices"][name]


def _record_code(e, dice):
    record = dice.pick(e["subject"]["payload"]["records"])
    record["code"] = "capacity" if record["code"] != "capacity" else "gap"


def _record_dropped(e, dice):
    records = e["subject"]["payload"]["records"]
    record = dice.pick(records)
    records.remove(record)
    e["values"].pop(record["record"], None)


def _row_quantity(e, dice):
    row = dice.pick(e["subject"]["payload"]["rows"])
    row["quantity"] = str(int(row["quantity"]) + 1)


def _fact(e, dice):
    table = dice.pick(sorted(e["subject"]["payload"]["facts"]))
    row = dice.pick(e["subject"]["payload"]["facts"][table])
    row["note"] = "better"


def _short(e, dice):
    row = dice.pick(e["subject"]["payload"]["unmet"])
    row["short"] = "0"


def _value(e, dice):
    name = dice.pick(sorted(e["values"]))
    e["values"][name]["values"]["margin"] = 12_345


def _value_salt(e, dice):
    name = dice.pick(sorted(e["values"]))
    e["values"][name]["salt"] = "00" * 16


def _value_hidden(e, dice):
    e["values"].pop(dice.pick(sorted(e["values"])))


def _salt(e, dice):
    leaf = dice.pick([e["subject"], *e["prices"]])
    leaf["salt"] = "00" * 16


def _path(e, dice):
    leaf = dice.pick([e["subject"], *e["prices"]])
    place = dice.number(0, len(leaf["path"]) - 1)
    leaf["path"][place] = hashlib.sha256(leaf["path"][place].encode()).hexdigest()


def _path_shorter(e, dice):
    dice.pick([e["subject"], *e["prices"]])["path"].pop()


def _index(e, dice):
    leaf = dice.pick([e["subject"], *e["prices"]])
    leaf["index"] = leaf["index"] + 1 if dice.chance(50) else leaf["index"] - 1


def _file_path(e, dice):
    e["file"]["path"][dice.number(0, len(e["file"]["path"]) - 1)] = "00" * 32


def _tree_root(e, dice):
    told = json.loads(e["extracts"])
    told["root"] = "00" * 32
    e["extracts"] = canonical_json(told).decode()


def _run_id(e, dice):
    e["checkpoint"] = e["checkpoint"].replace(e["checkpoint"].split("\n")[1], "0" * 16)


def _price(e, dice):
    told = dice.pick(e["prices"])["payload"]
    told["price"] = str(int(told["price"]) + 1)


def _price_gone(e, dice):
    e["prices"].remove(dice.pick(e["prices"]))


def _price_twice(e, dice):
    e["prices"].append(dice.pick(e["prices"]))


def _worth(e, dice):
    line = dice.pick([*e["lines"], *e["open"]])
    line["worth"] = str(int(line["worth"]) + 1)


def _line_value(e, dice):
    line = dice.pick([*e["lines"], *e["open"]])
    line["value"] = str(int(line["value"]) - 1)


def _both(e, dice):
    line = dice.pick(e["lines"])
    line["worth"], line["value"] = str(int(line["worth"]) + 7), str(int(line["value"]) + 7)


def _item_gone(e, dice):
    line = dice.pick([x for x in e["lines"] if x["items"]])
    key, coefficient = line["items"].pop()
    told = (p["payload"] for p in e["prices"])
    price = next(int(p["price"]) for p in told if (p["row"], p["stage"]) == (key, line["stage"]))
    line["value"] = str(int(line["value"]) + int(coefficient) * price)


def _line_gone(e, dice):
    e["lines"].remove(dice.pick(e["lines"]))


def _scarce_gone(e, dice):
    e["scarce"].remove(dice.pick(e["scarce"]))


def _scarce_more(e, dice):
    line = dice.pick(e["scarce"])
    line["worth"], line["value"] = "7", str(int(line["value"]) + 7)


def _line_of_another(e, dice):
    line = dice.pick([*e["lines"], *e["open"]])
    line["column"][1 if e["subject"]["payload"]["type"] == "demand" else 2] = "nobody's"


def _line_twice(e, dice):
    """Put a false line in front of the true one, where a reader takes it for proven."""
    group = e[dice.pick(["lines", "open"])]
    line = dice.pick(group)
    more = {name: str(int(line[name]) + 10**6) for name in ("worth", "value")}
    group.insert(0, line | more)


def _line_opened(e, dice):
    e["open"].insert(0, dice.pick(e["lines"]))


def _open_without_end(e, dice):
    line = dice.pick(e["open"])
    e["open"] += [line | {"column": [*line["column"][:3], f"o{n}", ""]} for n in range(41)]


def _hidden(e, dice):
    if not e["prices"]:
        raise IndexError
    e["suppressed"] = True


def _added(e, dice):
    e["note"] = "true, believe me"


LIES = {
    "record_code": _record_code, "record_dropped": _record_dropped, "row": _row_quantity,
    "fact": _fact, "short": _short, "value": _value, "value_salt": _value_salt,
    "value_hidden": _value_hidden, "salt": _salt, "path": _path, "path_shorter": _path_shorter,
    "index": _index, "file_path": _file_path, "tree_root": _tree_root, "run_id": _run_id,
    "price": _price, "price_gone": _price_gone, "price_twice": _price_twice,
    "worth": _worth, "line_value": _line_value,
    "worth_and_value": _both, "item_gone": _item_gone, "line_gone": _line_gone,
    "scarce_gone": _scarce_gone, "scarce_more": _scarce_more,
    "line_of_another": _line_of_another, "line_twice": _line_twice, "line_opened": _line_opened,
    "open_without_end": _open_without_end, "hidden": _hidden, "added": _added,
}  # fmt: skip


def tell(data, lie, dice):
    """Give an extract with one lie, or None where there is nothing to lie about."""
    extract = json.loads(data)
    try:
        LIES[lie](extract, dice)
    except (IndexError, ValueError):
        return None
    changed = canonical_json(extract) + b"\n"
    return changed if changed != data else None


def resealed(data):
    """Pack an extract anew: values, leaves, roots and checkpoint all lead to one another."""
    e = json.loads(data)
    for record in e["subject"]["payload"]["records"]:
        opened = e["values"].get(record["record"])
        if opened:
            record["sealed"] = hashlib.sha256(
                bytes.fromhex(opened["salt"]) + canonical_json(opened["values"])
            ).hexdigest()
    leaves = [e["subject"], *e["prices"]]
    hashes = [
        hashlib.sha256(b"\0" + hashlib.sha256(
            bytes.fromhex(x["salt"]) + canonical_json(x["payload"])).digest()).digest()
        for x in leaves
    ]  # fmt: skip
    told = json.loads(e["extracts"])
    for index, leaf in enumerate(leaves):
        leaf["index"] = index
        leaf["path"] = [p.hex() for p in path(hashes, index)]
    told["leaves"], told["root"] = len(leaves), tree(hashes).hex()
    e["extracts"] = canonical_json(told).decode()
    own = hashlib.sha256(b"\0extracts.json\0" + e["extracts"].encode()).digest()
    e["file"] = {"index": 0, "size": 1, "path": []}
    e["checkpoint"] = checkpoint(told["run_id"], own.hex()).decode()
    return canonical_json(e) + b"\n"


def tree(hashes):
    """RFC 6962, 2.1."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + tree(hashes[:k]) + tree(hashes[k:])).digest()


def path(hashes, index):
    """RFC 6962, 2.1.1."""
    if len(hashes) == 1:
        return []
    k = 1 << (len(hashes) - 1).bit_length() - 1
    if index < k:
        return [*path(hashes[:k], index), tree(hashes[k:])]
    return [*path(hashes[k:], index - k), tree(hashes[:k])]
