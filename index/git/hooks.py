"""The hooks and the signing that git waits for: told while they run, and stopped on request."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

HOOK_LIMIT = 3600.0
"""Seconds that hooks may take; they run a project's checks, and can be stopped at any moment."""
STEP = 0.2
"""Seconds between two looks at the progress of a long command."""
SIGNING = "signing"
"""The name of the program that signs."""
_SIGNING = ("--status-fd=2", "-Y")
"""Options of gpg and ssh-keygen by which git signs."""


@dataclass
class Watcher:
    """Listener that hears the progress of a hook and decides whether it is to go on."""

    tell: Callable[[str], object] = lambda _: None
    """Called with a line such as `pre-commit hook: 12 tests passed`; empty when it is over."""
    stop: threading.Event = field(default_factory=threading.Event)
    """Set from another thread to end the command that runs now, or the next one of the same work."""
    line: str = ""
    """The line that was told last; empty while no hook runs."""

    def say(self, line: str) -> None:
        """Tell the current progress."""
        self.line = line
        self.tell(line)


class Child(NamedTuple):
    """A program that git started."""

    name: str
    """`pre-commit hook`, `signing`, or empty for git's own."""
    code: int | None
    """None while it runs."""


class Trace:
    """The trace that one git command writes of its children: https://git-scm.com/docs/api-trace2."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.environment = {"GIT_TRACE2_EVENT": str(file)}

    def running(self) -> str:
        """Return the hook that runs now, or `signing`; empty for neither."""
        return next((child.name for child in self._children() if child.code is None and child.name), "")

    def failed(self) -> str:
        """Return the hook that failed last, or `signing`; empty for neither."""
        return next((child.name for child in reversed(self._children()) if child.code and child.name), "")

    def ran_hook(self) -> bool:
        """Whether a hook has run, or may have: nothing is known where the user has a trace of their own."""
        return not self.environment or any(child.name not in ("", SIGNING) for child in self._children())

    def is_sending(self) -> bool:
        """Whether a push has come to its slow part: a hook of ours, or the objects."""
        return bool(self._children(sending=True))

    def _children(self, *, sending: bool = False) -> list[Child]:
        children: dict[int, Child] = {}
        own = None
        for event in self._events():
            own = own or event.get("sid")
            if event.get("sid") != own:
                continue  # a git that a hook runs
            number = event.get("child_id", -1)
            if event.get("event") == "child_start":
                name = _name(event)
                if name or not sending or "pack-objects" in event.get("argv", ()):
                    children[number] = Child(name, None)
            elif event.get("event") == "child_exit" and number in children:
                children[number] = children[number]._replace(code=event.get("code", 0))
        return list(children.values())

    def _events(self) -> Iterator[dict[str, Any]]:
        try:
            lines = self._file.read_bytes().splitlines()
        except OSError:  # a git before 2.22, or the user's own trace
            return
        for line in lines:
            if b'"child_' not in line:  # of 70 lines that a commit writes, those of its children are few
                continue
            try:
                event = json.loads(line)
            except ValueError:  # it is being written
                continue
            if isinstance(event, dict):
                yield event


def _name(event: dict[str, Any]) -> str:
    if event.get("child_class") == "hook":
        return f"{event.get('hook_name', '')} hook".strip()
    return SIGNING if any(option in event.get("argv", ()) for option in _SIGNING) else ""


def last_line(file: int) -> str:
    """Return the last line of an open file, at most 200 characters of it."""
    size = os.fstat(file).st_size
    text = os.pread(file, 1000, max(0, size - 1000)).decode("utf-8", "replace")
    lines = [line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip()]
    return lines[-1][-200:] if lines else ""
