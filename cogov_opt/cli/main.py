"""The entry point: a table of commands, none of which is imported before it is called."""

import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import click

from cogov_opt import __version__
from cogov_opt.cli.exits import Exit, exit_for
from cogov_opt.cli.languages import CHINESE, in_chinese, language_of, texts

# name: (module, attribute, short help), in the order in which the help lists them.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": (
        "cogov_opt.cli.demo",
        "demo",
        "Run the sample `riverside`: decide, record, show, verify.",
    ),
    "template": (
        "cogov_opt.cli.template",
        "template",
        "Write an empty workbook BOOK.xlsx, which must not exist, to be filled in.",
    ),
    "check": (
        "cogov_opt.cli.check",
        "check",
        "List all issues of DATA at once, by file, row and column.",
    ),
    "convert": (
        "cogov_opt.cli.convert",
        "convert",
        "Convert the dataset IN to OUT, which must not exist.",
    ),
    "solve": (
        "cogov_opt.cli.solve",
        "solve",
        "Decide who gets what, and write the run folder RUN.",
    ),
    "explain": (
        "cogov_opt.cli.explain",
        "explain",
        "Say why the decision in RUN is as it is.",
    ),
    "verify": (
        "cogov_opt.cli.verify",
        "verify",
        "Re-check the run folder RUN: data, plan, prices, totals, reasons and root.",
    ),
    "draw": (
        "cogov_opt.cli.draw",
        "draw",
        "Draw lots for ties by commitment and reveal, so that nobody chooses the seed alone.",
    ),
    "report": (
        "cogov_opt.cli.report",
        "report",
        "Write what RUN decided as something to hand out.",
    ),
    "policies": (
        "cogov_opt.cli.policies",
        "policies",
        "List the policy cards, or write the card NAME (or a file) in words, in both languages.",
    ),
    "schema": (
        "cogov_opt.cli.schema",
        "schema",
        "Write the JSON Schema NAME, or list the names there are.",
    ),
    "bench": (
        "cogov_opt.cli.bench",
        "bench",
        "Run benchmark CASEs, or list them when none is named.",
    ),
    "doctor": (
        "cogov_opt.cli.doctor",
        "doctor",
        "Show versions, solvers, plug-ins and data.",
    ),
}


class LazyGroup(click.Group):
    """A group whose commands stand in a static table and are imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names of the table, in its order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command, or return None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return in_chinese(command, cmd_name) if ctx.obj == CHINESE else command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command called; for an unknown name, offer those that look like it."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands from the short helps, without importing any."""
        told = texts() if ctx.obj == CHINESE else {}
        with formatter.section("Commands"):
            formatter.write_dl(
                [(n, told.get(n, {}).get("short", short)) for n, (*_, short) in COMMANDS.items()]
            )

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command; standing alone, end the process with its exit status."""
        spoken = language_of(sys.argv[1:] if args is None else args)
        group = in_chinese(self, "cogov") if spoken == CHINESE else self

        def run() -> object:
            return click.Group.main(
                group, args, prog_name or "cogov", complete_var, standalone_mode=False,
                obj=spoken, **extra,
            )  # fmt: skip

        if not standalone_mode:
            return run()
        sys.exit(_status_of(run, spoken))


def _status_of(run: Callable[[], object], spoken: str = "en") -> int:
    """Run, report an error on stderr if there is one, and tell the exit status."""
    try:
        outcome = run()
    except click.ClickException as error:
        error.show()
        return Exit.USAGE
    except click.Abort:
        click.echo("Interrupted.", err=True)
        return Exit.INTERRUPTED
    except Exception as error:
        # The last door: nothing may leave unreported.
        return _report(error, spoken)
    return outcome if isinstance(outcome, int) else Exit.DONE


def _report(error: Exception, spoken: str) -> Exit:
    """Write an error to stderr: the library's own as text, any other with its traceback."""
    known = exit_for(error)
    if known is not None:
        # Issues are said in both languages; asked for by name, since errors are not loaded here.
        said = getattr(error, "text", None)
        click.echo(said(spoken) if callable(said) else str(error), err=True)
        return known
    click.echo(
        "Internal error: a fault in cogov_opt, not in your data. Please report it.", err=True
    )
    traceback.print_exception(error)
    return Exit.INTERNAL


EPILOG = """\b
Exit status:
  0 done                      5 stopped, with a checked plan
  1 internal error            6 stopped, without a plan
  2 wrong command line        7 run not accepted
  3 input rejected            8 not permitted
  4 infeasible, proved        130 interrupted
"""


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cogov")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Language of the command's answer.")
@click.pass_context
def cli(ctx: click.Context, lang: str | None) -> None:
    """
    Allocate shared community resources, with proofs and reasons.

    'cogov COMMAND --help' explains a command. Answers go to stdout, progress to stderr.
    """
    if lang is not None:
        ctx.default_map = {name: {"lang": lang} for name in COMMANDS}


def main() -> None:
    """Run the program."""
    cli()
