"""Temporary files that a process has left which was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_NAME = """
from index.storage.files import temporary_name
print(temporary_name())
"""


def name_of_the_dead() -> str:
    """Return the name of a temporary file, as a process gave it that has ended."""
    done = subprocess.run([sys.executable, "-c", _NAME], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def old(path: Path) -> Path:
    """Write a file that nobody has touched for years."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    os.utime(path, (0, 0))
    return path
