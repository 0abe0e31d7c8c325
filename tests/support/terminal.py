"""A real terminal for a test: a pty, and pyte to see what stands on its screen."""

from __future__ import annotations

import fcntl
import os
import pty
import selectors
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable

import pyte

from tests.support.home import Home

PATIENCE = 240.0
"""Seconds until a screen that does not come is a failure; a slow machine, or disk, is none: to index one
entry waits for the disk some thirty times."""


class Terminal:
    """`memarium` in a pty of `columns` × `rows`, with the folders of the test or of another home."""

    def __init__(
        self,
        *arguments: str,
        home: Home | None = None,
        columns: int = 120,
        rows: int = 36,
        deaf: bool = False,
        program: str = "",
        **environment: str,
    ) -> None:
        self.raw = b""
        """Every byte the program has written."""
        self.status: int | None = None
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        env = {k: v for k, v in os.environ.items() if not k.startswith(("MEMARIUM", "TEXTUAL", "NO_COLOR"))}
        env |= (home.environment() if home else {}) | {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "PYTHONFAULTHANDLER": "1",  # one that does not end says where it is
            **environment,
        }
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            signal.signal(signal.SIGHUP, signal.SIG_IGN if deaf else signal.SIG_DFL)
            for number in (signal.SIGINT, signal.SIGQUIT):  # ignored, where the tests run in the background
                signal.signal(number, signal.SIG_DFL)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            command = [program] if program else [sys.executable, "-m", "tui"]
            os.execve(command[0], [*command, *arguments], env)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.status is None:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._fd)

    def type(self, keys: str) -> None:
        """Send keys in one burst."""
        os.write(self._fd, keys.encode())

    @property
    def text(self) -> str:
        """The screen, one line a row."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def wait(self, shows: str | Callable[[str], bool]) -> str:
        """Read until the screen shows something, and return it."""
        seen = shows if callable(shows) else lambda text: shows in text
        end = time.monotonic() + PATIENCE
        while not seen(self.text):
            if not self._read(end):
                raise AssertionError(f"never came: {shows!r}; the screen is\n{self.text}")
        return self.text

    def wait_for_keys(self) -> None:
        """Wait until the program takes each key as it comes; before that ctrl+q is the terminal's own."""
        end = time.monotonic() + PATIENCE
        while self.local_flags() & termios.ICANON:
            assert time.monotonic() < end, "it takes no keys"
            time.sleep(0.01)

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self._pid, number)

    def local_flags(self) -> int:
        """Return the local modes of the terminal: whether it echoes, whether it waits for a whole line."""
        return int(termios.tcgetattr(self._fd)[3])

    def kill(self) -> None:
        """End the program at once, as a crash does."""
        os.kill(self._pid, signal.SIGKILL)
        _, status = os.waitpid(self._pid, 0)
        self.status = os.waitstatus_to_exitcode(status)

    def hang_up(self) -> int:
        """Close the terminal under the program, and return the status with which it ends."""
        os.close(self._fd)
        self._fd = os.open(os.devnull, os.O_RDONLY)
        return self._ended(time.monotonic() + PATIENCE)

    def wait_for_exit(self) -> int:
        """Read until the program ends, and return its status."""
        end = time.monotonic() + PATIENCE
        while self._read(end):
            pass
        return self._ended(end)

    def _ended(self, end: float) -> int:
        """Return the status of a program about to end; one that does not is ended, and says where it was."""
        while True:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                return self.status
            if time.monotonic() > end:
                break
            time.sleep(0.02)
        os.kill(self._pid, signal.SIGABRT)
        while self._read(time.monotonic() + 5):
            pass
        raise AssertionError(f"the program does not end; the screen is\n{self.text}\n{self.raw[-4000:]!r}")

    def _read(self, end: float) -> bool:
        left = end - time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(self._fd, selectors.EVENT_READ)
            if left <= 0 or not selector.select(left):
                return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # the other end is closed
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)
