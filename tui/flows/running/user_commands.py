"""Commands of the user's own, from `config.toml`: each is started by its key for the current entry."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from index.storage.external_editor import keyboard_for_others
from tui.context import opened
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from index.model.entry import Entry
    from tui.context import AppContext


def run_command(app: AppContext, argv: Sequence[str], entry: Entry) -> None:
    """Hand the terminal to a command for an entry, until it has ended and enter is pressed.

    It is started without a shell, in the folder that memarium was started in: whatever an id or a path
    holds, it stays within its argument.
    """
    path = opened(app).tree.place.disk(entry.file).absolute()
    words = filled(argv, {"id": entry.id, "path": str(path), "line": str(entry.line)})
    program = shutil.which(words[0])
    if program is None:
        app.refuse(f"There is no program {words[0]}: see [commands] in config.toml.")
        return
    if any(
        word.startswith("-") and not given.startswith("-") for word, given in zip(words, argv, strict=True)
    ):
        app.refuse(f"{entry.id} begins with a dash, which {argv[0]} would take for an option.")
        return
    try:
        with app.suspend(), keyboard_for_others():
            status = subprocess.run([program, *words[1:]], cwd=app.start, check=False).returncode
            _wait_for_enter(words[0], status)
    except OSError as error:
        app.refuse(f"{words[0]} could not be started: {error.strerror}.")
    except SuspendNotSupported:
        app.refuse(f"This terminal cannot be handed to {words[0]}.")
    else:
        app.refresh(layout=True)
        app.tell(t(("✓", "ok") if status == 0 else ("!", "warn"), " ", plain(_ended(words[0], status))))


def filled(argv: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """Return the words of a command with the values in them, each looked at once.

    >>> filled(["gh", "browse", "{path}:{line}"], {"path": "/a b/{line}.xml", "line": "7"})
    ['gh', 'browse', '/a b/{line}.xml:7']
    """
    return [re.sub(r"\{(id|path|line)\}", lambda found: values[found[1]], word) for word in argv]


def _ended(name: str, status: int) -> str:
    return f"{name} has ended" if status == 0 else f"{name} has ended with status {status}"


def _wait_for_enter(name: str, status: int) -> None:
    """Keep the command's output on the screen until it was read."""
    sys.stdout.write(f"\n{_ended(name, status)}. Press enter to go back to memarium. ")
    sys.stdout.flush()
    sys.stdin.readline()
