"""The parts that all commands share: the tree, the exit status, the options, showing and saving a change."""

from __future__ import annotations

import os
import posixpath
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec

import click

from index.commands.arguments import PlainUsage
from index.commands.bars import draw_bar
from index.commands.completing import complete_field, complete_folder
from index.commands.exit_status import half_way, note_begun, note_done, nothing_left
from index.model.counts import count_words, listed
from index.model.days import day_of
from index.model.errors import HistoryError, UnknownEntry
from index.model.path_spelling import as_typed, shown, spelled
from index.model.plan import Saved
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import plan_shape
from index.rendering.styled_lines import write_diff
from index.rendering.text import diff_text, safe, write
from index.storage.scan import VARIABLE, discover, inside
from index.storage.user_folders import has_intents, intents_of_all
from index.workspace import Workspace

NO_TREE = (
    f"No memories found: name a tree with -t PATH or ${VARIABLE}, go to a project that has some, "
    "or try: memarium demo"
)
if TYPE_CHECKING:
    from index.model.plan import Plan

P = ParamSpec("P")


class NoTree(PlainUsage):
    """There is no tree to open."""

    def __init__(self) -> None:
        # Only asked of git where there is nothing to open.
        with suppress(OSError):  # the current folder is gone
            if hidden := Workspace.left_out(Path.cwd()):
                super().__init__(f"No memories found. {hidden}")
                return
        super().__init__(NO_TREE)


@contextmanager
def open_tree(tree: str | None, *, tell: bool = True) -> Iterator[Workspace]:
    """Open the tree that `-t`, the environment or the current folder names.

    With `tell`, what was interrupted in it is told in one line. An id that no entry has any more is refused
    with the way back to it. Raises NoTree: none of them does.
    """
    place = Path(tree) if tree else discover()
    if place is None:
        raise NoTree
    workspace = Workspace.open(place)
    context = click.get_current_context(silent=True)
    workspace.tree.allowed.update(context.meta.get(_ALLOWED, ()) if context else ())
    workspace.tree.tell_waiting = _once(lambda words: click.echo(words, err=True))
    workspace.tree.reader.progress = draw_bar("reading")
    try:
        if tell and (words := _interrupted(workspace)):
            click.echo(f"memarium: {safe(words)}", err=True)
        yield workspace
    except UnknownEntry as error:
        raise UnknownEntry((error.entry_id and _way_back(workspace, error.entry_id)) or str(error)) from None
    finally:
        workspace.close()


_LOOK_BACK = 0.5
"""Seconds in which an id that no entry has is looked for among the deleted: a long history takes minutes."""


def _way_back(workspace: Workspace, entry_id: str) -> str:
    """Say where an entry is that was deleted, or lost on disk, and how it comes back; empty for neither."""
    with suppress(HistoryError):
        history = workspace.history
        if history.is_lost(entry_id):
            return (
                f"The file on disk has no entry {shown(entry_id)}, but the last commit has: "
                f"memarium history {shown(entry_id)} lists its versions."
            )
        history.read_deleted(_LOOK_BACK)
        gone = (one for one in history.gone(wait=False)[0] if entry_id in (one.entry.id, one.entry.key))
        if (last := next(gone, None)) is not None:
            return (
                f"{shown(entry_id)} was deleted on {day_of(last.when)}: "
                f"memarium restore {shown(entry_id)} brings it back."
            )
    return ""


def _interrupted(workspace: Workspace) -> str:
    """Tell of an interrupted change, and how to end it; empty for nothing."""
    if not any(True for _ in intents_of_all()):
        return ""
    others = [other.words for other in workspace.interrupted.elsewhere()]
    return " ".join(filter(None, [_interrupted_here(workspace), *others]))


def _interrupted_here(workspace: Workspace) -> str:
    if not has_intents(workspace.tree.home):
        return ""
    left = workspace.interrupted.left()
    if not left:
        return workspace.interrupted.told
    words = left[0].words if len(left) == 1 else f"{len(left)} changes were interrupted half-way."
    end = "finishes it" if len(left) == 1 else "lists them, with --finish it finishes them"
    status = "memarium status --finish" if len(left) == 1 else "memarium status"
    return f"{words} {status} {end}, --take-back undoes what was written."


def _once(tell: Callable[[str], None]) -> Callable[[str], None]:
    """Tell each sentence once."""
    told: set[str] = set()

    def tell_new(words: str) -> None:
        if words not in told:
            told.add(words)
            tell(words)

    return tell_new


tree_option = click.option(
    "-t", "--tree", metavar="PATH", help="The tree of memories.", shell_complete=complete_folder
)
json_option = click.option("--json", "as_json", is_flag=True, is_eager=True, help="Print JSON.")
dry_option = click.option("--dry-run", is_flag=True, help="Show the diff and write nothing.")
set_option = click.option(
    "--set",
    "values",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A field and its text.",
    shell_complete=complete_field,
)
_ALLOWED = "memarium.allowed"
_WAYS = {
    "force": "Write even what looks like a mistake: a wrong value, an entry that exists already.",
    "detached": "Commit even if HEAD is on no branch.",
    "unversioned": "Save without git if its repository cannot be read.",
}


def _allow(context: click.Context, option: click.Parameter, value: bool) -> None:
    """Note the refusals that the user overrules; `open_tree` hands it to the tree."""
    if value:
        context.meta.setdefault(_ALLOWED, set()).add(option.name)


deleted_option = click.option(
    "--deleted",
    is_flag=True,
    expose_value=False,
    callback=_allow,
    help="Go on even if all or most memory files or entries would be gone.",
)


class SavingWay(NamedTuple):
    """The way in which the user wants a change saved and told."""

    message: str | None
    dry_run: bool
    as_json: bool


def change_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of all that change a tree: its `way`, and the `tree`."""

    @wraps(function)
    def change(*, message: str | None, dry_run: bool, as_json: bool, **given: Any) -> None:
        function(way=SavingWay(message, dry_run, as_json), **given)

    command: Callable[..., Any] = change
    for option in (tree_option, json_option, dry_option, message_option):
        command = option(command)
    return command


def allowing_options(function: Callable[P, int | None]) -> Callable[P, int | None]:
    """Add the options that let a change go on which would be refused."""
    for way, words in _WAYS.items():
        option = click.option(f"--{way}", is_flag=True, expose_value=False, callback=_allow, help=words)
        function = option(function)
    return function


def message_option(function: Callable[P, int | None]) -> Callable[P, int | None]:
    """Add the options of every command that saves: the message, and the refusals that may be overruled."""
    message = click.option("-m", "--message", help="The commit message.", callback=_checked_message)
    return message(allowing_options(function))


def _checked_message(ctx: click.Context, param: click.Parameter, message: str | None) -> str | None:
    """Return the message as it is; one that git could not keep whole is refused before anything is done."""
    try:
        (message or "").encode("utf-8")
    except UnicodeEncodeError:
        raise click.BadParameter("It is not in UTF-8. Write it in UTF-8, or leave -m out.") from None
    return message


def apply(workspace: Workspace, plan: Plan, way: SavingWay, *, ids: bool = False, new: bool = False) -> int:
    """Show the diff of a plan, save it unless it is only to be shown, and tell the outcome.

    With `ids`, what was written is told by its ids alone. So it is with `new` entries, which are compared
    with those there are.
    """
    from index.rendering.review_facts import going_along

    note_begun()
    plan = _weighed(workspace, workspace.committer.check(plan), dry_run=way.dry_run, new=new)
    plan = replace(plan, warning=f"{plan.warning} {going_along(workspace, plan)}".strip())
    tell_hooks(workspace)
    saved = _NOTHING if way.dry_run else _commit(workspace, plan, way.message)
    if not way.dry_run:
        note_done()
    plan = saved.anew or plan
    written = not way.dry_run and plan.changed
    return _tell(plan, saved, way, written=written, ids=(ids or new) and written)


def _commit(workspace: Workspace, plan: Plan, message: str | None) -> Saved:
    with half_way():
        try:
            return workspace.committer.commit(plan, message)
        except KeyboardInterrupt:
            disk = [workspace.tree.data(change.file) for change in plan.changes]
            if disk == [change.before for change in plan.changes]:
                nothing_left()
            raise


def _weighed(workspace: Workspace, plan: Plan, *, dry_run: bool, new: bool) -> Plan:
    """Return the plan with a warning of all that looks wrong in it.

    Raises:
        Doubtful: a value is like none of the tree, or an entry is there already, and neither --force nor
            --dry-run is given.
    """
    from index.editing.doubts import doubts, weighed
    from index.model.plan import Doubtful

    found = doubts(plan, workspace.tree.known())
    if new:
        from index.editing.doubts import duplicates

        found += duplicates(plan, workspace.search.alike)
    return weighed(plan, found, allowed=dry_run or Doubtful.way in workspace.tree.allowed)


def check_losses(workspace: Workspace, plan: Plan) -> None:
    """Check that a plan that is to take nothing away leaves its files most of their entries.

    Raises Emptied: it does not, and --deleted is not given.
    """
    from index.formats.registry import read_file
    from index.git.saving.bulk_deletion import looks_emptied
    from index.model.errors import Emptied

    def count(file: str, data: bytes | None) -> int:
        return sum(not one.template for one in read_file(data, file).entries) if data else 0

    held = sum(count(change.file, change.before) for change in plan.changes)
    left = sum(count(change.file, change.after) for change in plan.changes)
    if Emptied.way not in workspace.tree.allowed and looks_emptied(
        range(held), range(max(0, held - left)), ()
    ):
        raise Emptied(f"{left:,} of {held:,} entries would be left: nothing was written.")


def tell_step(line: str) -> None:
    """Say on a terminal what is waited for, in the place of the line before; nothing takes it away."""
    if sys.stderr.isatty():
        said = f"{safe(line)[:60]}  (ctrl+c stops it)" if line else ""
        click.echo(f"\r\x1b[K{said}", nl=False, err=True)


def tell_hooks(workspace: Workspace) -> None:
    """Say on standard error which hook is waited for, and where somebody can see it, its last line."""
    told: set[str] = set()

    def tell(line: str) -> None:
        hook = line.partition(":")[0].removesuffix(" …")
        if sys.stderr.isatty():
            tell_step(line)
        elif line and hook not in told:
            told.add(hook)
            click.echo(f"Waiting for the {safe(hook)}: ctrl+c stops it.", err=True)

    for repository in workspace.tree.repositories:
        repository.watcher.tell = tell


def show_plan(plan: Plan) -> None:
    """Print the diff of a plan that is still to be agreed to."""
    _write_diffs(_diffs(plan))


def _diffs(plan: Plan) -> list[tuple[str, str]]:
    from index.rendering.differences import file_lines

    return [(one.file, diff_text(file_lines(one.before, one.after, one.file))) for one in plan.changes]


def _write_diffs(diffs: Sequence[tuple[str, str]]) -> None:
    for file, diff in diffs:
        if diff:
            if len(diffs) > 1:
                write(shown(file))
            write_diff(diff)


_NOTHING = Saved("", None, "Nothing was written.")


def _tell(plan: Plan, saved: Saved, way: SavingWay, *, written: bool, ids: bool) -> int:
    diffs = _diffs(plan)
    if way.as_json:
        done = plan_shape(plan, saved, way.message or plan.message, diffs, written=written)
        click.echo(to_json(done))
        return 0
    for entry in plan.entries if ids else ():
        write(shown(entry))
    if not ids:
        _write_diffs(diffs)
    if plan.warning:
        click.echo(safe(plan.warning), err=True)
    click.echo(safe(saved.note), err=True)
    return 0


def typed_file(workspace: Workspace, file: str) -> str:
    """Return a file of the tree that somebody named, there or not yet, as the tree spells it.

    It is a path in the tree, of a link its end; one that begins with `./`, `../` or `/`, or whose folder is
    in the current one and not in the tree, is a path on the disk.
    """
    if spelled(file) != file:
        return as_typed(file, {entry.file for entry in workspace.tree.entries()})
    place, path = workspace.tree.place, posixpath.normpath(file) if file else ""
    if os.path.islink(place.disk(path)):
        file = str(place.disk(path))
    folders = place.disk(path).parent, Path(path).parent
    from_here = file.startswith(("./", "../", "/")) or [*map(os.path.isdir, folders)] == [False, True]
    return (inside(place, file) if from_here else "") or path


def fields_of(values: Sequence[str], form: str = "--set FIELD=VALUE") -> dict[str, str]:
    """Read options of a form; one that comes again is another line. Raises UsageError: one has no `=`."""
    fields: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"{form.replace(' ', ' takes ')}, not {value!r}.")
        fields[name] = f"{fields[name]}\n{text}" if name in fields else text
    return fields


def tell_unread(workspace: Workspace) -> None:
    """Say on standard error which files or folders could not be read: their entries are missing."""
    files = [shown(p.file) for p in workspace.tree.problems() if p.code == "unreadable"]
    if files:
        click.echo(safe(f"{listed(files)} could not be read: see memarium check."), err=True)


def tell_copies(workspace: Workspace, files: Collection[str] | None = None) -> None:
    """Say on standard error that some of the printed entries are in copies, among these files or in all."""
    made = workspace.tree.snapshot.copies
    number = len(made if files is None else made.keys() & files)
    if number:
        told = count_words(number, "file here is a copy", "files here are copies")
        click.echo(f"{told} of another one, made by a sync tool or an editor: see memarium check.", err=True)
