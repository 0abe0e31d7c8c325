"""Copying: through the terminal, and by a program for the clipboard."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

_SECONDS = 2.0


def copy(text: str, to_terminal: Callable[[str], None]) -> None:
    """Copy a text.

    The terminal is always asked, with OSC 52: it is the only way out of a remote machine, and it never
    answers. Where a clipboard program is at hand it is asked too, because many terminals do not listen.
    """
    to_terminal(text)
    for command in _commands():
        if shutil.which(command[0]):
            try:
                subprocess.run(
                    command, input=text.encode(), check=True, timeout=_SECONDS,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
            except (OSError, subprocess.SubprocessError):
                continue
            return


def _commands() -> list[tuple[str, ...]]:
    if sys.platform == "darwin":
        return [("pbcopy",)]
    commands: list[tuple[str, ...]] = []
    if os.environ.get("WAYLAND_DISPLAY"):
        commands.append(("wl-copy",))
    if os.environ.get("DISPLAY"):
        commands.append(("xclip", "-selection", "clipboard"))
    return commands
