"""Text that somebody writes: in their editor, kept in a file until it is saved, or on standard input."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click

from index.commands.arguments import PlainUsage
from index.commands.exit_status import keep
from index.model.errors import EditorError
from index.model.plan import CannotEdit
from index.rendering.text import safe
from index.storage.external_editor import (
    drop_copy,
    edited,
    editor_command,
    keep_copy,
    keyboard_for_others,
    named_editor,
    private_copy,
)

_MOST = 64 << 20
"""Bytes of standard input that are read, as of a file: what writes without end is stopped."""


class NoInput(PlainUsage):
    """Standard input holds nothing that could be added."""


def read_input() -> bytes:
    """Return standard input, all of it: where it is refused, all of it is kept."""
    if sys.stdin.isatty():
        click.echo("Reading from the terminal: ctrl+d on an empty line ends it.", err=True)
    try:
        given = sys.stdin.buffer.read(_MOST + 1)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise NoInput(f"Standard input cannot be read: {why}.") from error
    if len(given) > _MOST:
        raise NoInput(f"The input is larger than {_MOST >> 20} MiB, so none of it is read or kept.")
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

    Until `save` has taken the text it stays in a file; when anything goes wrong, it is kept and named.

    Args:
        name: of what is written, for the name of that file.
        suffix: of the file, such as `.md`.
        save: takes what was written and returns the exit status.

    Returns:
        What `save` returned; None when nothing was written.

    Raises:
        CannotEdit: the editor failed, or the text was refused; it is kept then, see `keep`.
    """
    before = text.encode("utf-8", "surrogateescape")
    copy = private_copy(name, before, suffix)
    try:
        status = _until_taken(copy, before, save)
    except BaseException as error:
        if edited(copy, before) == before or not keep(error, lambda: keep_copy(copy)):
            drop_copy(copy)
        raise
    drop_copy(copy)
    return status


def _until_taken(copy: Path, before: bytes, save: Callable[[bytes], int]) -> int | None:
    """Open the editor until `save` takes its text; None when that is the text from before."""
    while True:
        _open(copy)
        after = edited(copy, before)
        if after == before:
            return None
        try:
            return save(after)
        except CannotEdit as error:
            if not has_terminal():
                raise
            click.echo(f"memarium: {safe(str(error))}", err=True)
            if not click.confirm("Open the editor again?", default=True, err=True):
                raise CannotEdit("Nothing was saved.") from error


def _open(copy: Path) -> None:
    """Run the editor until it is closed; it draws on the terminal, even where results go elsewhere."""
    aside = sys.stderr if sys.stderr.isatty() and not sys.stdout.isatty() else None
    try:
        with keyboard_for_others():
            status = subprocess.run(editor_command(copy, 1), stdout=aside, check=False).returncode
    except (EditorError, OSError) as error:
        raise CannotEdit(str(error)) from error
    if status:
        raise CannotEdit(f"The editor ended with status {status}, so nothing was saved.")
