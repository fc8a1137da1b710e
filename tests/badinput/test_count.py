"""How large the corpus is, and that it says all it says in both languages."""

from cogov_opt.phrases import phrase_set
from tests.badinput import cells
from tests.badinput.test_files import CUTS, HUGE, KNOWN
from tests.badinput.test_requests import lines

FILES, OTHERS = cells.topic("files"), cells.topic("others")
CORPUS = {
    "cells": len(cells.cases("refused")) + len(cells.cases("read")),
    "cells of requests": len(lines("refused")) + len(lines("read")),
    "encodings": len(KNOWN) + len(CUTS),
    "packages": sum(len(v) for v in FILES["packages"].values()),
    "tables": sum(len(v) for v in FILES["tables"].values()),
    "huge files": len(HUGE),
    "cards": len(OTHERS["cards"]["refused"]),
    "benchmark files": len(OTHERS["pb"]["refused"]) + len(OTHERS["gap"]["refused"]),
    "typed cells": len(OTHERS["typed"]["cells"]),
}


def test_the_corpus_is_large():
    """At least four hundred files and cells, of every topic some."""
    print(CORPUS, sum(CORPUS.values()))

    assert sum(CORPUS.values()) >= 400
    assert min(CORPUS.values()) >= 8


def test_no_case_stands_twice():
    """Each cell of the corpus is there once."""
    for kind in ("refused", "read"):
        found = [(c.table, c.column, c.typed) for c in cells.cases(kind)]
        assert len(set(found)) == len(found)
        asked = [(column, typed) for column, typed, _ in lines(kind)]
        assert len(set(asked)) == len(asked)


def test_every_code_expected_is_said_in_both_languages():
    """What is wrong and how to mend it, in English and Chinese, for each code of the corpus."""
    codes = {c.expected[0] for c in cells.cases("refused")} | {x[2] for x in lines("refused")}
    codes |= {x[1] for x in FILES["packages"]["refused"]} | {
        x[1] for x in FILES["tables"]["refused"]
    }
    codes |= {x[2] for kind in ("cards", "pb", "gap") for x in OTHERS[kind]["refused"]}
    codes |= {x[3] for x in OTHERS["typed"]["cells"]}
    for code in codes - {"read", ""}:
        for language in ("en", "zh"):
            said = phrase_set(language)["issue"][code]
            assert said["what"], (code, language)
            assert said["fix"], (code, language)
