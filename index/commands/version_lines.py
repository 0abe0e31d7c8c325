"""Versions as lines, for the commands that look back; and the file that a name means."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

import click

from index.commands.exit_status import NOTHING
from index.formats.registry import is_memory
from index.model.commits import SHALLOW
from index.model.days import stamp
from index.model.errors import UnknownEntry
from index.model.path_spelling import shown
from index.model.timestamps import reword
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import change_shape, file_version_shape
from index.rendering.styled_lines import COMMIT, write_diff, write_parts
from index.rendering.text import diff_text, safe, write
from index.workspace import Workspace

if TYPE_CHECKING:
    from index.history.file_log import FileVersion
    from index.history.versions import Version

UNCOMMITTED = "Not committed yet."
SAME = "Nothing differs."


def file_named(workspace: Workspace, name: str) -> str:
    """Return the file that a name means, empty when it means an entry.

    What looks like a path is one where there is such a file; else an entry goes before a file of the same
    name. A `#` is an id's, but for a file that has it in its own name.
    """
    if "#" in name:
        is_path = is_memory(name) and all(one.id != name for one in workspace.tree.entries())
        return workspace.history.file(name) if is_path else ""
    if "/" in name or is_memory(name):
        return workspace.history.file(name)
    try:
        workspace.tree.entry(name)
    except UnknownEntry:
        return workspace.history.file(name)
    return ""


def file_history(workspace: Workspace, file: str, limit: int | None, *, as_json: bool) -> int:
    """Print the versions of a file."""
    versions = islice(workspace.history.file_versions(file), limit)
    if as_json:
        found = [file_version_shape(version) for version in versions]
        click.echo(to_json({"file": file, "versions": found}))
        return 0 if found else NOTHING
    return write_versions(versions)


def tell_gaps(workspace: Workspace, *, ends: bool) -> None:
    """Tell on standard error the gaps in the history of a whole tree; `ends`: it was read to its end."""
    if gaps := workspace.history.gaps(ends=ends):
        click.echo(safe(gaps), err=True)


def write_versions(versions: Iterable[Version | FileVersion]) -> int:
    """Print versions, and why there are no older ones where a shallow clone begins; return the status."""
    version = None
    for version in versions:
        _write_version(version)
    if version is not None and version.cut:
        click.echo(SHALLOW, err=True)
    return NOTHING if version is None else 0


def _write_version(version: Version | FileVersion) -> None:
    """Print a version: when, which commit, who and why; below it the changes."""
    date = stamp(version.when) if version.when else "not committed"
    said = version.message.partition("\n")[0]
    told = {"date": date, "rev": (version.rev or "").ljust(7), "author": version.author}
    write_parts(*((form.format(**told), style) for form, style in COMMIT), (said, ""))
    write(f"    {reword(version.summary, stamp)}{'  (the file was broken)' if version.broken else ''}")


def file_diff(workspace: Workspace, file: str, old: str | None, new: str | None, *, as_json: bool) -> int:
    """Print the changes of the entries of a file, and its lines."""
    from index.rendering.differences import compare_files

    entry_history = workspace.history
    before, after = _sides(workspace, file, old, new)
    if after is not None and after.cut and before is None:
        click.echo(SHALLOW, err=True)
        before = after
    uncommitted = after is not None and after.rev is None
    found = compare_files(entry_history.file_text(before, file), entry_history.file_text(after, file), file)
    lines = found.lines
    if uncommitted and lines:
        click.echo(UNCOMMITTED, err=True)
    if as_json:
        told = {
            "file": file,
            "before": before.rev if before else None,
            "after": after.rev if after else None,
            "committed": not uncommitted,
            "same": found.same,
            "entries": [change_shape(change) for change in found.entries],
            "diff": diff_text(lines).split("\n") if lines else [],
        }
        click.echo(to_json(told))
    elif lines:
        for change in found.entries:
            write(f"{change.how}  {change.entry.title}  {shown(change.entry.id)}")
        write_diff(("\n" if found.entries else "") + diff_text(lines))
    else:
        click.echo(SAME, err=True)
    return 0 if lines else NOTHING


def _sides(
    workspace: Workspace, file: str, old: str | None, new: str | None
) -> tuple[FileVersion | None, FileVersion | None]:
    """Return the two versions to compare; None for before there was one."""
    entry_history = workspace.history
    if old is None:
        last = [*islice(entry_history.file_versions(file), 2)]
        return (last[1] if len(last) > 1 else None), (last[0] if last else None)
    after = (
        entry_history.file_at(file, new) if new is not None else next(entry_history.file_versions(file), None)
    )
    return entry_history.file_at(file, old), after
