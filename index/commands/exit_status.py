"""The end of a command: its exit status, the changes saved or kept by then, and one sentence about it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FrameType
from typing import Any, ParamSpec

import click

from index.commands.arguments import PlainUsage
from index.commands.streams import CannotPrint, drop_results
from index.model.errors import EditorError, HistoryError, TreeError, UnknownEntry
from index.model.plan import CannotEdit
from index.rendering.text import safe
from index.storage.failure_log import FAILED, keep_refused, report

INTERRUPTED = 128 + signal.SIGINT
"""Status of a program that ctrl+c has ended, as shells have it."""
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that ask for the end."""
_asked: list[int] = []
"""Those that came."""
NOTHING_WRITTEN = "Nothing was written."

NOTHING, USAGE = 1, 2
P = ParamSpec("P")

FAILURES = (TreeError, CannotEdit, HistoryError, EditorError)
_DONE, _KEPT, _LEFT = "memarium.done", "memarium.kept", "memarium.left"


def hear_signals() -> None:
    """Let all signals that ask for the end do it as ctrl+c does: a git that runs ends, too, and is told of.

    One that whoever started us had ignored, as `nohup` does, stays ignored.
    """
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:
    _asked.append(number)
    raise KeyboardInterrupt


def ended_with(status: int) -> int:
    """Return the status to end with: that of a signal that came, unless all was done nevertheless (0)."""
    return 128 + _asked[0] if status and _asked else status


def command(function: Callable[P, int | None]) -> Callable[P, None]:
    """Turn the result or the error of a command into the exit status."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            status = function(*args, **kwargs) or 0
            sys.stdout.flush()
        except PlainUsage as error:
            if not (where := _where_kept()):
                raise
            raise PlainUsage(f"{error.message.removesuffix('.')}.{safe(where)}") from error
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (click.Abort, KeyboardInterrupt):
            status = _stopped()
        except UnknownEntry as error:
            status = _refuse(str(error), NOTHING)
        except BrokenPipeError:
            drop_results()  # the reader has seen enough
            status = 0
        except CannotPrint as error:
            drop_results()
            status = _refuse(str(error), FAILED)
        except FAILURES as error:
            status = _refuse(f"{error}{_way_out(error)}", FAILED)
        except Exception as error:  # the boundary: a traceback helps nobody who asked for memories
            # Python 3.11 wraps what interrupts it while it makes a class.
            stopped = isinstance(error.__cause__, KeyboardInterrupt)
            status = _stopped() if stopped else _refuse(report(error), FAILED)
        sys.exit(ended_with(status))

    return run


def _refuse(words: str, status: int) -> int:
    """Say in one line why it was not done, and where the text is kept.

    What was saved before is done all the same: only the account of it failed.
    """
    if _DONE in _meta():
        click.echo(f"memarium: It is saved. {safe(words)}", err=True)
        return 0
    click.echo(f"memarium: {safe(words)}{safe(_where_kept())}", err=True)
    return status


def _stopped() -> int:
    """Tell of the state that ctrl+c has left, and return the status of a program that it ends."""
    meta = _meta()
    words = "It is saved." if _DONE in meta else meta.get(_LEFT, NOTHING_WRITTEN)
    click.echo(f"memarium: Stopped. {safe(words)}{safe(_where_kept())}", err=True)
    return INTERRUPTED


def _where_kept() -> str:
    """Name the file that keeps the text of a refused change; empty where there is none."""
    kept = _meta().get(_KEPT)
    return f" Your text is kept in {kept}." if kept else ""


def _meta() -> dict[str, Any]:
    """Return the notes on the command that runs."""
    context = click.get_current_context(silent=True)
    return context.meta if context else {}


def note_begun() -> None:
    """Note that another change is begun: the one before it has been told."""
    _meta().pop(_DONE, None)


def note_done() -> None:
    """Note that the change is made: whatever cannot be printed from here on, it did not fail."""
    _meta()[_DONE] = True


def keep(error: BaseException, put: Callable[[], str]) -> bool:
    """Keep a text unless it was saved in spite of an error, and return whether it is kept.

    `put` keeps it and returns the path of the file.
    """
    taken = _DONE in _meta() or isinstance(error, (BrokenPipeError, CannotPrint))
    if not taken and not getattr(error, "written", False):
        _meta()[_KEPT] = put()
        return True
    return False


@contextmanager
def keeping(text: bytes, suffix: str) -> Iterator[None]:
    """Keep a text that is refused, for whatever reason, in a file that the error names."""
    try:
        yield
    except BaseException as error:
        keep(error, lambda: keep_refused(text, suffix))
        raise


@contextmanager
def half_way() -> Iterator[None]:
    """Note that something is written meanwhile, for whoever stops it."""
    _meta()[_LEFT] = "memarium status shows what is written and not done."
    yield
    nothing_left()


def nothing_left() -> None:
    """Note that nothing is written and not done."""
    _meta().pop(_LEFT, None)


def _way_out(error: Exception) -> str:
    """Name the option, or the command, by which a refused change goes on."""
    if getattr(error, "written", False):
        end = (
            "" if str(error).endswith((".", "!", "?", ":")) else "."
        )  # the last words may be those of a hook
        once = "" if _asked else "Once that is fixed, "
        back = "memarium restore FILE HEAD --force takes it back"
        return f"{end} {once}memarium commit commits it; {back}."
    way = getattr(error, "way", "")
    context = click.get_current_context(silent=True)
    if not context or all(option.name != way for option in context.command.params):
        return ""
    return f" --{way} {getattr(error, 'does', 'does it anyway')}."
