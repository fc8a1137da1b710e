"""Write the reference of the commands in both languages, from the help that people see."""

import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "docs" / "reference"
WIDTH = 100
TITLES = {
    "en": (
        "Commands",
        "Made by `make reference` from the help of the commands; not edited by hand.",
    ),
    "zh": ("命令参考", "由 `make reference` 根据各命令的说明生成，请勿手工修改。"),
}


def pages() -> dict[Path, str]:
    """Give every page by its place."""
    sys.path.insert(0, str(ROOT))
    from cogov_opt.cli.main import COMMANDS

    return {
        PLACE / f"commands.{language}.md": "\n".join(
            [f"# {title}", "", note, "", *_section("cogov", [], language)]
            + [line for name in COMMANDS for line in _section(f"cogov {name}", [name], language)]
        )
        for language, (title, note) in TITLES.items()
    }


def _section(heading: str, words: list[str], language: str) -> list[str]:
    """Give one command as a heading and its help."""
    return [f"## {heading}", "", "```text", help_of(words, language).rstrip(), "```", ""]


def help_of(words: list[str], language: str) -> str:
    """Give the help of a command as it is printed, at one width."""
    from cogov_opt.cli.languages import CHINESE, in_chinese
    from cogov_opt.cli.main import cli

    command: click.Command = in_chinese(cli, "cogov") if language == CHINESE else cli
    top = command.context_class(command, info_name="cogov", obj=language, terminal_width=WIDTH)
    if not words:
        return command.get_help(top)
    named = cli.get_command(top, words[0]) or command
    return named.get_help(
        named.context_class(named, info_name=words[0], parent=top, terminal_width=WIDTH)
    )


def main() -> int:
    """Write what has changed; with --check write nothing and fail where something has."""
    found = pages()
    old = {p: p.read_text(encoding="utf-8") if p.exists() else "" for p in found}
    stale = [path for path, text in found.items() if old[path] != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what the commands say: run make reference")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found[path], encoding="utf-8", newline="\n")
    print(f"{len(found)} pages, {len(stale)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
