"""Commands for edits on disk that no commit holds: status, commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from index.commands.base import (
    SavingWay,
    apply,
    change_options,
    deleted_option,
    json_option,
    open_tree,
    tree_option,
)
from index.commands.completing import complete_changed_file
from index.commands.exit_status import NOTHING, command, note_done
from index.commands.streams import CannotPrint, drop_results
from index.model.days import stamp
from index.model.errors import Emptied, HistoryError, Refused, TreeError
from index.model.path_spelling import as_typed, shown
from index.model.store_places import is_beside
from index.model.timestamps import reword
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import (
    draft_shape,
    half_shape,
    pending_shape,
    saved_shape,
    tree_shape,
    versions_shape,
)
from index.rendering.text import safe, write
from index.storage.scan import inside
from index.workspace import Workspace

if TYPE_CHECKING:
    from index.history.uncommitted import UncommittedFile
    from index.model.draft import Draft
    from index.model.plan import Saved

_SIGN = {"added": "+", "edited": "±", "deleted": "−", "new": "+", "changed": "±"}


@click.command()
@click.option("--finish", "end", flag_value="finish", help="Finish an interrupted change, and commit it.")
@click.option("--take-back", "end", flag_value="back", help="Undo the written part of an interrupted change.")
@json_option
@tree_option
@command
def status(tree: str | None, end: str | None, as_json: bool) -> int:
    """List uncommitted changes, by entry, and unsaved drafts.

    A change of several files, or a sync, that was interrupted is listed first, as one: --finish and
    --take-back end it.
    """
    if end:
        with open_tree(tree, tell=False) as workspace:
            return _end(workspace, back=end == "back", as_json=as_json)
    with open_tree(tree, tell=False) as workspace:
        left = workspace.interrupted.left()
        items = workspace.status.uncommitted()
        drafts = workspace.status.drafts.left()
        others = [other.words for other in workspace.interrupted.elsewhere()]
        if as_json:
            told = tree_shape(workspace.tree) | {
                "versions": versions_shape(workspace.tree),
                "interrupted": [half_shape(half) for half in left],
                "uncommitted": [pending_shape(item) for item in items],
                "drafts": [draft_shape(draft) for draft in drafts],
                "left_out": workspace.status.not_judged(),
                "note": " ".join(filter(None, [_note(workspace, some=bool(items or left)), *others])),
            }
            click.echo(to_json(told))
        else:
            if workspace.interrupted.told:
                click.echo(safe(workspace.interrupted.told), err=True)
            for words in others:
                click.echo(safe(words), err=True)
            for half in left:
                write(f"! {half.words}")
            if left:
                click.echo("--finish does the rest, --take-back undoes the written part.", err=True)
            for item in items:
                repository = workspace.tree.versioning(item.path).repository
                # Where memarium keeps the versions, a file gets its first one once a change is made.
                unkept = "in no version yet" if repository and repository.kept and item.how == "new" else ""
                write(f"{_SIGN[item.how]} {shown(item.path)}  {unkept or item.summary}".rstrip())
                for change in item.entries:
                    words = unkept or reword(change.words, stamp)
                    about = f"{_SIGN[change.how]} {change.entry.title}: {words}"
                    write(f"    {about}  {shown(change.entry.id)}")
            for draft in drafts:
                names = ", ".join(_typed_names(draft)) or "the commit message"
                write(f"! {draft.title}: unsaved draft of {names}  {shown(draft.entry)}")
            if not items and not left:
                click.echo(safe(workspace.status.all_done()), err=True)
            elif but := workspace.status.left_out():
                click.echo(safe(f"Left out: {but}."), err=True)
            if kept := workspace.status.kept_words():
                click.echo(safe(f"{' '.join(kept)}."), err=True)
    return 0


def _note(workspace: Workspace, *, some: bool) -> str:
    return workspace.interrupted.told if some else workspace.status.all_done()


def _typed_names(draft: Draft) -> list[str]:
    """Return the names of a draft's fields; of a session's end without the part that each is in."""
    if draft.sort == "session":
        return [name.partition(":")[2] or name for name in draft.fields]
    return [name or "its source" for name in draft.fields]


def _end(workspace: Workspace, *, back: bool, as_json: bool) -> int:
    """Finish or take back all that was interrupted, the newest first; one that fails keeps no other.

    Last come the trees in which changes of files of this one were interrupted: those are theirs to end.
    """
    interrupted = workspace.interrupted
    ended, failures = _ended(workspace, back=back)
    for home in dict.fromkeys(other.home for other in interrupted.elsewhere()):
        try:
            with open_tree(str(home), tell=False) as other:
                more = _ended(other, back=back)
        except TreeError as error:
            failures.append(error)
        else:
            ended, failures = ended + more[0], failures + more[1]
    if ended and not failures:
        note_done()
    if as_json:
        done = [saved_shape(saved) for saved in ended]
        click.echo(to_json(tree_shape(workspace.tree) | {"ended": done}))
    else:
        for saved in ended:
            click.echo(safe(saved.note), err=True)
        if not ended and not failures:
            click.echo(safe(interrupted.told or "Nothing was interrupted."), err=True)
    if failures:
        raise failures[0]
    return 0 if ended or interrupted.told else NOTHING


def _ended(workspace: Workspace, *, back: bool) -> tuple[list[Saved], list[Exception]]:
    """End each interrupted change of one tree; return the outcomes and the failures."""
    interrupted = workspace.interrupted
    ended: list[Saved] = []
    failures: list[Exception] = []
    for half in interrupted.left():
        try:
            ended.append(interrupted.take_back(half) if back else interrupted.finish(half))
        except (HistoryError, TreeError) as error:
            failures.append(error)
    return ended, failures


@click.command()
@click.argument("files", metavar="FILE…", nargs=-1, shell_complete=complete_changed_file)
@click.option("--all", "every", is_flag=True, help="Every uncommitted file.")
@click.option("--each", is_flag=True, help="One commit for each file, not one for all.")
@deleted_option
@change_options
@command
def commit(
    tree: str | None,
    files: tuple[str, ...],
    every: bool,
    each: bool,
    way: SavingWay,
) -> int:
    """Commit FILEs of the tree as they are on disk. `memarium status` lists them."""
    if bool(files) == every:
        raise click.UsageError("Name the files to commit, or --all of them.")
    if each and way.as_json:
        raise click.UsageError("--each makes several commits: it has no --json.")
    with open_tree(tree) as workspace:
        items = workspace.status.uncommitted()
        wanted = items if every else _items_at(workspace, files, items)
        if not workspace.tree.repositories:
            raise Refused(f"There is nothing to commit to. {workspace.tree.unversioned}")
        if not wanted:
            note = workspace.status.all_done()
            if way.as_json:
                click.echo(to_json({"files": [], "written": False, "revision": None, "note": note}))
            else:
                click.echo(safe(note), err=True)
            return NOTHING
        if every and "deleted" not in workspace.tree.allowed and (words := workspace.status.emptied(wanted)):
            raise Emptied(f"{words[0].upper()}{words[1:]}: nothing was committed.")
        unprinted: Exception | None = None
        for some in [[item] for item in wanted] if each else [wanted] if way.as_json else _by_place(wanted):
            try:
                apply(workspace, workspace.status.plan(some), way)
            except (BrokenPipeError, CannotPrint) as error:  # it stops the account, not the commits
                drop_results()
                unprinted = error
        if unprinted is not None:
            raise unprinted
    return 0


def _by_place(items: Sequence[UncommittedFile]) -> list[list[UncommittedFile]]:
    """Return the items apart by their repositories: a commit is in one of them."""
    parts = [[item for item in items if is_beside(item.path) == beside] for beside in (False, True)]
    return [part for part in parts if part]


def _items_at(
    workspace: Workspace, files: Sequence[str], items: Sequence[UncommittedFile]
) -> list[UncommittedFile]:
    """Return the items that are called so, from the tree or from the current folder.

    Raises Refused: one of them is committed already, or no file of the tree.
    """
    by_path = {item.path: item for item in items}
    found: dict[str, UncommittedFile] = {}
    for file in files:
        names = (
            as_typed(file, by_path),
            inside(workspace.tree.place, file),
            workspace.tree.named(as_typed(file)),
        )
        item = next((by_path[name] for name in names if name in by_path), None)
        if item is None:
            workspace.interrupted.check_apart(names)
            raise Refused(f"{shown(file)} has nothing to commit: memarium status lists what has.")
        found[item.path] = item
    return list(found.values())
