"""Text that somebody writes: in their editor, kept in a file until it is saved, or on standard input."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import click

from index.commands.base import FAILURES
from index.editor import EditorError, drop_copy, editor_command, named_editor, private_copy
from index.edits import CannotEdit
from index.output import safe


class NoInput(click.UsageError):
    """Standard input holds nothing to add."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the one line that says so."""
        click.echo(f"memarium: {self.message}", err=True)


def read_input(limit: int) -> bytes:
    """Return what stands on standard input, at most one byte more than `limit`."""
    if sys.stdin.isatty():
        click.echo("Reading from the terminal: ctrl+d on an empty line ends it.", err=True)
    try:
        given = sys.stdin.buffer.read(limit + 1)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise NoInput(f"Standard input cannot be read: {why}.") from error
    if not given.strip():
        raise NoInput("There is nothing to add: standard input is empty.")
    return given


def has_editor() -> bool:
    """Whether an editor can be opened: one is named, or somebody sits at a terminal."""
    return named_editor() or has_terminal()


def has_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def write_in_editor(name: str, text: str, suffix: str, save: Callable[[bytes], int]) -> int | None:
    """Let the user write, hand it to `save`, and offer the editor again when that refuses.

    Until `save` has taken the text it stays in a file, which is named when anything goes wrong.

    Args:
        name: of what is written, for the name of that file.
        text: what the editor shows at first.
        suffix: of the file, such as `.md`.
        save: takes what was written and returns the exit status.

    Returns:
        What `save` returned; None when nothing was written.

    Raises:
        CannotEdit: the editor failed, or the text was refused; says where it is kept.
    """
    before = text.encode("utf-8", "surrogateescape")
    copy = private_copy(name, before, suffix)
    kept = f"Your text is kept in {copy}."
    try:
        while True:
            _open(copy)
            after = copy.read_bytes()
            if after == before:
                drop_copy(copy)
                return None
            try:
                status = save(after)
            except CannotEdit as error:
                if not has_terminal():
                    raise
                click.echo(f"memarium: {safe(str(error))}", err=True)
                if not click.confirm("Open the editor again?", default=True, err=True):
                    raise CannotEdit(kept) from error
            else:
                drop_copy(copy)
                return status
    except (*FAILURES, EditorError, OSError) as error:
        if _is(copy, before):
            drop_copy(copy)
            raise CannotEdit(str(error)) from error
        raise CannotEdit(str(error) if kept in str(error) else f"{error} {kept}") from error
    except (click.Abort, KeyboardInterrupt):
        click.echo(kept, err=True)
        raise


def _open(copy: Path) -> None:
    """Run the editor until it is closed; it draws on the terminal, even where results go elsewhere."""
    aside = sys.stderr if sys.stderr.isatty() and not sys.stdout.isatty() else None
    status = subprocess.run(editor_command(copy, 1), stdout=aside, check=False).returncode
    if status:
        raise CannotEdit(f"The editor ended with status {status}, so nothing was saved.")


def _is(copy: Path, data: bytes) -> bool:
    try:
        return copy.read_bytes() == data
    except OSError:
        return True
