"""The `memarium` command: the app by itself, everything else by name."""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

COMMANDS = frozenset((
    "add", "brief", "check", "commit", "config", "delete", "demo", "diff", "duplicate", "edit", "export",
    "history", "index", "init", "list", "man", "move", "rename-tag", "repair", "restore", "search", "session",
    "show", "similar", "status", "stores", "sync", "timeline", "trends", "undo",
))  # fmt: skip
"""The commands by name; kept here so that opening a tree need not load them all."""
NO_TERMINAL = (
    "memarium: the app needs a terminal; without one use a command: "
    "list, search, show, edit, check, repair, index, or demo (memarium --help)\n"
)
CANNOT_DRAW = (
    "memarium: the app needs a terminal that can draw, and TERM is dumb; here use a command: "
    "list, search, show, edit, check, repair or index (memarium --help)\n"
)


def main() -> None:
    """Run the command that the arguments name, and end with its status; an error is one sentence."""
    try:
        give_home()
        status = _start(sys.argv[1:])
    except KeyboardInterrupt:
        status = 130  # as shells have it
    except Exception as error:  # the boundary: no traceback where someone works
        status = _refused(error)
    from tui.flows.running.leaving import leave

    leave(status)


def give_home() -> None:
    """Name a home folder where neither the environment nor the system knows one; it must be a whole path.

    So it is for a bare number as the user of a container; `/` is what Docker names for it.
    """
    if not Path(os.environ.get("HOME", "")).is_absolute():
        os.environ.pop("HOME", None)
        if os.path.expanduser("~") == "~":  # noqa: PTH111  # pathlib's raises
            os.environ["HOME"] = "/"


def _start(arguments: list[str]) -> int:
    """Open the app for `memarium [TREE]`; hand everything else to the commands.

    The app starts without loading the command line's parser: a tree's path, or nothing, needs none.
    """
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from index.commands.streams import prepare_streams

        prepare_streams()  # the app, too, asks them what they are
    # It is drawn on standard error: somewhere else, nobody would see it.
    terminal = all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    arguments = _tree_last(arguments)
    drawing = terminal and os.environ.get("TERM") != "dumb"
    if arguments == ["demo"] and drawing:
        from index.commands.demo import make_demo_project
        from index.model.days import today

        return _open(make_demo_project(today=today()))
    if arguments[:1] == ["help"] and not Path("help").exists():
        arguments = [*arguments[1:], "--help"]
    sys.argv[1:] = arguments
    if len(arguments) > 1 or (arguments and _is_command(arguments[0])) or _asks_completion():
        from index.commands.boundary import run
        from index.commands.exit_status import hear_signals

        hear_signals()
        if arguments[:1] == ["config"]:
            _check_app_settings()
        return run()
    if arguments and not Path(arguments[0]).exists():
        from index.commands.meant_command import meant_command

        if meant := meant_command(arguments[0], COMMANDS):
            sys.stderr.write(f"memarium: No command {arguments[0]}; did you mean {meant}?\n")
            return 2
    if drawing:
        return _open(Path(arguments[0]) if arguments else None)
    sys.stderr.write(CANNOT_DRAW if terminal else NO_TERMINAL)
    return 2


def _tree_last(arguments: list[str]) -> list[str]:
    """Return the arguments with a tree that is named first behind the command, which has the option."""
    first, *rest = arguments or [""]
    if first.startswith("-t") and first[2:3] not in ("", "="):
        first = f"-t={first[2:]}"
    option, equals, tree = first.partition("=")
    if option not in ("-t", "--tree"):
        return arguments
    if not equals and rest:
        tree, *rest = rest
    if not rest:
        return [tree] if tree else arguments
    at = rest.index("--") if "--" in rest else len(rest)
    return [*rest[:at], "--tree", tree, *rest[at:]]


def _check_app_settings() -> None:
    """Let the command look at keys and themes too, of which the app alone knows."""
    from index.commands.config import app_checks
    from tui.flows.running.configuring import problems_of

    app_checks.append(problems_of)


def _refused(error: Exception) -> int:
    """Say in one sentence why there is no app, and return the status."""
    from index.model.errors import TreeError
    from index.storage.failure_log import FAILED, report

    words = str(error) if isinstance(error, TreeError) else report(error)
    with suppress(OSError, ValueError):  # nobody is left to be told
        sys.stderr.write(f"memarium: {words}\n")
    return FAILED


def _is_command(argument: str) -> bool:
    """Return whether an argument is an option or a command, and not the path of a tree.

    A folder whose name is a command's is meant with `./` before it.
    """
    return argument.startswith("-") or argument in COMMANDS


def _asks_completion() -> bool:
    """Return whether the shell asks for completions, as click does it."""
    return "_MEMARIUM_COMPLETE" in os.environ


def _take_size_from_terminal() -> None:
    """Forget the size that a shell exported, which does not follow the window."""
    with suppress(OSError):  # there is no terminal
        if all(os.get_terminal_size()):
            for name in ("COLUMNS", "LINES"):
                os.environ.pop(name, None)


def _open(path: Path | None) -> int:
    """Open the tree at `path`, else the nearest one, else the welcome; return the status to end with.

    Raises:
        TreeError: the tree cannot be opened.
    """
    from index.storage.scan import discover
    from index.workspace import Workspace

    _take_size_from_terminal()
    found = path or discover()
    workspace = Workspace.open(found) if found is not None else None
    first = None
    if workspace is not None:
        from tui.runtime.prefetch import Prefetch

        first = Prefetch(workspace)
        gc.disable()  # imports make no garbage; looking for it is a pause before the first paint
    try:
        from tui.app import Memarium
        from tui.runtime.terminal_watchdog import WRITING, Lifeline

        app = Memarium(workspace, first=first)
    except Exception:
        if workspace is not None:
            workspace.close()
        raise
    from tui.flows.running.leaving import finish

    app.lifeline = lifeline = Lifeline(app)
    try:
        app.run(mouse=app.config.mouse)
        lifeline.end()
    finally:
        finish(app, WRITING if lifeline.status else threading.TIMEOUT_MAX)
    if lifeline.status:
        return lifeline.status
    if not app.broken and app.return_code != 1:
        return app.return_code or 0
    from index.storage.failure_log import FAILED
    from tui.runtime.trouble import last_words

    sys.stderr.write(last_words())
    return FAILED


if __name__ == "__main__":
    main()
