"""Commands that change entries: add, edit, delete, duplicate, move, rename a tag."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from index.commands.base import SavingWay, apply, change_options, fields_of, open_tree, set_option, typed_file
from index.commands.completing import (
    complete_file,
    complete_id,
    complete_new_kind,
    complete_project,
    complete_tag,
)
from index.commands.exit_status import NOTHING, command, keeping
from index.commands.text_input import has_editor, read_input, write_in_editor
from index.formats.registry import WRITTEN, format_of
from index.model.path_spelling import shown
from index.model.plan import CannotEdit, Doubtful
from index.workspace import Workspace

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.model.plan import Plan

NO_EDITOR = "Give the fields with --set FIELD=VALUE{more}: without a terminal no editor is opened."

fence_option = click.option(
    "--fence", is_flag=True, help="Put a text that would read as a heading into a code block."
)


@click.command()
@click.argument("kind", shell_complete=complete_new_kind)
@click.argument("source", metavar="[-]", required=False)
@set_option
@click.option(
    "--file",
    metavar="FILE",
    default="",
    shell_complete=complete_file,
    help="The file of the tree; by default where its kind lives.",
)
@fence_option
@change_options
@command
def add(
    tree: str | None,
    kind: str,
    source: str | None,
    values: tuple[str, ...],
    file: str,
    fence: bool,
    way: SavingWay,
) -> int:
    """Add an entry and print its id.

    KIND is one that the tree knows, or a documented one. The fields come from --set; without one, $EDITOR
    opens a form. With - they are read from standard input: XML, JSON or Markdown, one entry or several, all
    in one commit; KIND may be left out where the input names it. An id and a time are made where the entry
    has none.
    """
    piped = "-" in (kind, source)
    if source not in (None, "-"):
        raise click.UsageError(f"After KIND comes - or nothing, not {source!r}: use --set FIELD=VALUE.")
    if piped and values:
        raise click.UsageError("Fields come from --set or from standard input, not from both.")
    if not piped and not values and not has_editor():
        raise click.UsageError(NO_EDITOR.format(more=", or - to read them from standard input"))
    typed = piped and sys.stdin.isatty()
    given = read_input() if piped and not typed else b""  # before a tree is looked for: it may be lost
    with _kept(given, dry_run=way.dry_run), open_tree(tree) as workspace:
        file = typed_file(workspace, file)

        def save(data: bytes, wanted: str = "" if kind == "-" else kind) -> int:
            if not piped and not data.strip():
                return _nothing("added")
            records = workspace.importer.read(data, wanted, file)
            if not piped and not any(record.markup or any(record.texts.values()) for record in records):
                return _nothing("added")
            plan = workspace.planner.add_records(records, datetime.now(UTC), file=file, fence=fence)
            return apply(workspace, plan, way, new=True)

        if given:
            return save(given)
        if typed:
            given = read_input()
            with _kept(given):
                return save(given)
        if values:
            fields = fields_of(values)
            with _kept(_as_text(fields), dry_run=way.dry_run):
                place = file or workspace.planner.file_for(kind)

                def make(texts: Mapping[str, str]) -> Plan:
                    return workspace.planner.add(kind, texts, datetime.now(UTC), file=file)

                plan = _planned(workspace, make, place, fields, fence=fence)
                return apply(workspace, plan, way, new=True)
        done = write_in_editor(kind, workspace.importer.form(kind, file), ".md", save)
        return _nothing("added") if done is None else done


@click.command()
@click.argument("entry_ids", metavar="ID…", nargs=-1, required=True, shell_complete=complete_id)
@set_option
@fence_option
@change_options
@command
def edit(
    tree: str | None,
    entry_ids: tuple[str, ...],
    values: tuple[str, ...],
    fence: bool,
    way: SavingWay,
) -> int:
    """Edit an entry and commit the change, or set one field of several.

    --set sets fields, and adds those that an entry lacks; without it, $EDITOR opens the source of the entry.
    Only the bytes of an edited field change; a new name of a memory goes into the links to it too.
    """
    if len(entry_ids) > 1 and len(values) != 1:
        raise click.UsageError("Several entries take one field at a time: --set FIELD=VALUE.")
    if not values and not has_editor():
        raise click.UsageError(NO_EDITOR.format(more=""))
    if fence and not values:
        raise click.UsageError("--fence is for --set: in the source, put the lines between two lines of ```.")
    with open_tree(tree) as workspace:
        if not values:
            return _edit_markup(workspace, entry_ids[0], way)
        fields = fields_of(values)
        entries = [workspace.tree.entry(entry_id) for entry_id in dict.fromkeys(entry_ids)]
        if Doubtful.way not in workspace.tree.allowed:
            _check_new(entries, fields)
        if len(entries) == 1:
            fields = {_called(entries[0], name): text for name, text in fields.items()}
        with _kept(_as_text(fields), dry_run=way.dry_run):

            def make(texts: Mapping[str, str]) -> Plan:
                return workspace.planner.edit(entries[0].id, texts, add=True)

            if len(entries) > 1:
                plan = _set_in(workspace, [entry.id for entry in entries], *fields.popitem(), fence=fence)
            else:
                plan = _planned(workspace, make, entries[0].file, fields, fence=fence)
            return apply(workspace, plan, way)


def _check_new(entries: Sequence[Entry], names: Iterable[str]) -> None:
    """Check that no name of a field is a slip of one that the entries have.

    Raises CannotEdit: one is, and none of them has a field of that name.
    """
    from index.model.field_path import field_path
    from index.model.vocabulary import fold

    held = {fold(field_path(field.name).last): field.name for entry in entries for field in entry.fields}
    for name in names:
        own = fold(field_path(name).last)
        near = [] if own in held else get_close_matches(own, held, 1, 0.75)
        if near:
            raise CannotEdit(
                f"There is no field {name}. Did you mean {held[near[0]]}? With --force it is added."
            )


def _called(entry: Entry, name: str) -> str:
    """Return the name of a field as an entry has it: its `title` may be its `name`, as in `add`."""
    from index.model.field_path import name_among
    from index.model.vocabulary import role

    names = [field.name for field in entry.fields]
    if name == "title" and name not in names:
        return next((one for one in names if role(one) == name), name)
    return name_among(names, name)


def _set_in(workspace: Workspace, ids: Sequence[str], name: str, text: str, *, fence: bool) -> Plan:
    """Plan setting a field of several entries, as `_planned` does."""
    from index.model.plan import Misread

    try:
        return workspace.planner.set_field(ids, name, text)
    except Misread:
        if not fence:
            raise
        return workspace.planner.set_field(ids, name, text, indent=False)


def _planned(
    workspace: Workspace,
    make: Callable[[Mapping[str, str]], Plan],
    file: str,
    texts: Mapping[str, str],
    *,
    fence: bool,
) -> Plan:
    """Plan with texts as they are, or with `fence`, where one would read as a heading, as code blocks."""
    from index.model.plan import Misread

    try:
        return make(texts)
    except Misread:
        if not fence:
            raise
        return make(workspace.planner.wrapped(file, texts))


def _kept(given: bytes, *, dry_run: bool = False) -> AbstractContextManager[None]:
    """Keep a text that is refused, unless it was only to be looked at."""
    return keeping(given, _suffix(given)) if given and not dry_run else nullcontext()


def _suffix(given: bytes) -> str:
    """Return how the name of a file ends that holds an input: XML, JSON or else Markdown."""
    start = given.lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + b"\0 \t\r\n")[:1]
    return {b"<": WRITTEN.suffix, b"{": ".json", b"[": ".json"}.get(start, ".md")


def _as_text(fields: dict[str, str]) -> bytes:
    """Return fields as `memarium add -` reads them."""
    return json.dumps(fields, indent=2).encode()


def _edit_markup(workspace: Workspace, entry_id: str, way: SavingWay) -> int:
    from index.model.plan import BrokenMarkup, CannotEdit

    entry = workspace.tree.entry(entry_id)
    workspace.planner.check(entry.file)
    opened = workspace.planner.markup(entry.id)

    def save(data: bytes) -> int:
        text = data.decode("utf-8", "surrogateescape")
        if not text.strip():
            return _nothing("changed; memarium delete takes an entry away")
        try:
            plan = workspace.planner.edit_markup(entry.id, text, opened.data)
        except BrokenMarkup as error:  # it tells where in the file; the editor shows the entry alone
            first = error.problems[0]
            line = first.line - opened.line + 1 + text[: len(text) - len(text.lstrip())].count("\n")
            raise CannotEdit(f"Line {line}, column {first.column}: {first.message}") from error
        return apply(workspace, plan, way)

    done = write_in_editor(entry.kind, opened.text, format_of(entry.file).suffix, save)
    return _nothing("changed") if done is None else done


def _nothing(what: str) -> int:
    click.echo(f"Nothing was written, so nothing was {what}.", err=True)
    return NOTHING


@click.command()
@click.argument("entry_id", metavar="ID", shell_complete=complete_id)
@change_options
@command
def delete(tree: str | None, entry_id: str, way: SavingWay) -> int:
    """Delete an entry. `memarium restore` brings it back."""
    with open_tree(tree) as workspace:
        plan = workspace.planner.delete(entry_id)
        return apply(workspace, plan, way)


@click.command()
@click.argument("entry_id", metavar="ID", shell_complete=complete_id)
@change_options
@command
def duplicate(tree: str | None, entry_id: str, way: SavingWay) -> int:
    """Duplicate an entry, with a new id and time."""
    with open_tree(tree) as workspace:
        plan = workspace.planner.duplicate(entry_id, datetime.now(UTC))
        return apply(workspace, plan, way)


@click.command()
@click.argument("entry_id", metavar="ID", shell_complete=complete_id)
@click.argument("file", shell_complete=complete_file)
@click.option(
    "--project", default="", metavar="P", shell_complete=complete_project, help="Set the entry's project too."
)
@click.option("--new", is_flag=True, help="Create FILE if the tree has none of that name.")
@change_options
@command
def move(
    tree: str | None,
    entry_id: str,
    file: str,
    project: str,
    new: bool,
    way: SavingWay,
) -> int:
    """Move an entry to another FILE of the tree. One commit holds both files."""
    with open_tree(tree) as workspace:
        file = workspace.planner.target(workspace.tree.entry(entry_id), typed_file(workspace, file))
        if workspace.tree.data(file) is None and not new:
            near = get_close_matches(file, {entry.file for entry in workspace.tree.entries()}, 1, 0.6)
            hint = f" Did you mean {shown(near[0])}?" if near else ""
            raise CannotEdit(f"{shown(file)} does not exist in this tree.{hint} --new creates it.")
        plan = workspace.planner.move(entry_id, file, datetime.now(UTC), project=project)
        return apply(workspace, plan, way)


@click.command("rename-tag")
@click.argument("old", shell_complete=complete_tag)
@click.argument("new", shell_complete=complete_tag)
@change_options
@command
def rename_tag(tree: str | None, old: str, new: str, way: SavingWay) -> int:
    """Rename a tag in every entry that has it. An empty NEW removes it; one commit holds all."""
    with open_tree(tree) as workspace:
        plan = workspace.planner.rename_tag(old, new)
        return apply(workspace, plan, way)
