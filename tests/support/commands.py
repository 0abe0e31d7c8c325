"""Commands: run in this process, as a process, and by a shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from index.commands.cli import cli

Run = Callable[..., "subprocess.CompletedProcess[str]"]
"""A fixture that runs memarium, or one of its commands, as a process."""


def call(tree: Path, *words: str, data: bytes | None = None, status: int | None = None) -> Result:
    """Run a command on a tree in this process; it must end with `status`, where that is given."""
    done = CliRunner().invoke(cli, [*words, "-t", str(tree)], input=data)
    assert status in (None, done.exit_code), (done.stdout, done.stderr)
    return done


def memarium(
    *words: str,
    status: int | None = 0,
    says: str = "",
    cwd: Path | None = None,
    stderr: int = subprocess.PIPE,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run memarium as a process that reads `says`; it must end with `status`, unless that is None."""
    done = subprocess.run(
        [sys.executable, "-m", "tui", *words],
        cwd=cwd,
        env=_environment() | dict(env or {}),
        input=says.encode("utf-8", "surrogateescape"),
        stdout=subprocess.PIPE,
        stderr=stderr,
        check=False,
    )
    told = subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), (done.stderr or b"").decode()
    )
    assert status in (None, told.returncode), told.stderr
    return told


def shell(tree: Path, line: str, data: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of a shell, beside the tree, in which `$M` is memarium."""
    env = _environment() | {"M": f"{sys.executable} -m tui", "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(
        ["sh", "-c", line], cwd=tree.parent, env=env | more, input=data, capture_output=True, check=False
    )


def printed(done: subprocess.CompletedProcess[str]) -> Any:
    """Return what a process printed as JSON."""
    return json.loads(done.stdout)


def _environment() -> dict[str, str]:
    """Return the environment of the test, without what would change a command."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("MEMARIUM", "PYTHONIO"))
    }
