"""What every issue owes to whoever reads it."""

import re

from cogov_opt.phrases import phrase


def assert_said(issue) -> None:
    """A sentence and a fix in both languages, every value of it given, and a place."""
    en, zh = issue.text("en"), issue.text("zh")

    assert " Fix: " in en
    assert "处理办法：" in zh
    assert re.search("[\u4e00-\u9fff]", zh)
    for language in ("en", "zh"):
        for part in ("what", "fix"):
            wanted = re.findall(r"\{(\w+)\}", phrase(f"issue.{issue.code}.{part}", language))
            missing = [w for w in wanted if w not in issue.values]
            assert not missing, (issue.code, language, missing)
    assert issue.where.file or issue.where.column
    assert issue.severity in ("error", "warning", "repair")
