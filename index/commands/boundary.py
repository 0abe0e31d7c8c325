"""The boundary of a command: its streams, and the status of whatever stops it."""

from __future__ import annotations

import sys

import click

from index.commands.exit_status import INTERRUPTED, NOTHING_WRITTEN, ended_with
from index.commands.streams import CannotPrint, drop_results, prepare_streams
from index.storage.failure_log import FAILED, report


def run(arguments: list[str] | None = None) -> int:
    """Run the command that the arguments name, and return its exit status."""
    prepare_streams()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    except click.ClickException as error:
        _tell(error)
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(f"memarium: Stopped. {NOTHING_WRITTEN}", err=True)
        status = ended_with(INTERRUPTED)
    except BrokenPipeError:
        drop_results()
        status = 0
    except CannotPrint as error:
        drop_results()
        click.echo(f"memarium: {error}", err=True)
        status = FAILED
    except Exception as error:  # the boundary: of the command line itself, of the shell's completion
        click.echo(f"memarium: {report(error)}", err=True)
        status = FAILED
    return status


def _tell(error: click.ClickException) -> None:
    """Tell in one line the fault of the command line."""
    from index.commands.arguments import PlainUsage
    from index.rendering.text import safe

    words = " ".join(error.format_message().split())  # an argument may have ends of lines
    if words.endswith(")"):  # click's list of arguments too many
        words += "."
    context = getattr(error, "ctx", None)
    more = "" if context is None or isinstance(error, PlainUsage) else f" See {context.command_path} --help."
    click.echo(f"memarium: {safe(words)}{more}", err=True)


def _run(arguments: list[str] | None) -> int:
    from index.commands.cli import cli

    code = cli.main(arguments, prog_name="memarium", standalone_mode=False)
    return code if isinstance(code, int) else 0
