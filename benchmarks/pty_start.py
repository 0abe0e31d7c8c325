"""Start a program in a pty and wait for a text on its screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence

ROWS, COLUMNS = 36, 120
PATIENCE = 60.0


def seconds_until(command: Sequence[str], shows: bytes) -> float:
    """Return the seconds from starting `command` until it has written `shows`.

    Raises:
        TimeoutError: it never did.
    """
    started = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        env = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once
        os.execve(command[0], list(command), env)
    seen = b""
    try:
        while shows not in seen:
            left = started + PATIENCE - time.perf_counter()
            if left <= 0 or not select.select([fd], [], [], left)[0]:
                raise TimeoutError(f"{command} never showed {shows!r}")
            seen = seen[-len(shows) :] + os.read(fd, 1 << 16)
        return time.perf_counter() - started
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)
