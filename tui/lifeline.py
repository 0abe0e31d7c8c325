"""Ending with the terminal: a closed one gives an endless end of file, and nobody to tell."""

from __future__ import annotations

import os
import sys
import termios

EVERY = 1.0
"""Seconds between two looks."""
GONE = 129
"""Exit status of a program whose terminal hung up: 128 and the number of SIGHUP."""


def end_without_terminal() -> None:
    """End this process at once when its terminal is gone.

    SIGHUP does that by itself, but a program started under another may never get it. What was saved is
    whole at any moment, so there is nothing to wait for.
    """
    try:
        if sys.__stdin__ is not None:
            termios.tcgetattr(sys.__stdin__.fileno())
    except (termios.error, OSError, ValueError):
        os._exit(GONE)
