"""Changes that need no form of their own: from the key to the review, and to the toast that tells of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from index.model.counts import count_values, count_words, most_first
from index.model.display import shorten
from tui.actions import key
from tui.context import opened
from tui.flows.editing.proposing import propose
from tui.requests import Propose
from tui.screens.base.frame import front
from tui.screens.base.picker import Item, Picker, pick
from tui.screens.editing.file_choice import move_items
from tui.theme.drawing import plain
from tui.theme.labels import kind_label, path_label

if TYPE_CHECKING:
    from textual.screen import Screen

    from index.editing.planner import Planner
    from index.model.draft import Draft
    from index.model.entry import Deleted, Entry
    from index.model.plan import Plan
    from index.workspace import Workspace
    from tui.context import AppContext
    from tui.screens.editing.add import AddScreen
    from tui.screens.editing.bulk import SetFieldScreen
    from tui.screens.sessions.end_session import EndSession


# ── one entry ─────────────────────────────────────────────────────────────────


def add(app: AppContext, near: Entry | None) -> None:
    """Ask for a kind, then for the fields of a new entry; `near` shows likely values."""
    workspace = opened(app)

    def kinds() -> list[Item]:
        count = Counter(entry.kind for entry in workspace.tree.snapshot.entries if not entry.template)
        known = workspace.planner.kinds()
        if near is not None and count[near.kind] > 1:  # else there may be room for one only
            known = [near.kind, *(kind for kind in known if kind != near.kind)]
        return [
            Item(kind, kind_label(kind), note=f"{count[kind]:,}" if count[kind] else "") for kind in known
        ]

    def chosen(kind: str) -> None:
        fill_in(app, kind, near.project if near else "")

    pick(app, Picker(kinds, "Add which kind of entry?", "kinds", free="a new kind", shown=kind_label), chosen)


def fill_in(app: AppContext, kind: str, project: str = "") -> None:
    """Open the form of a new entry; an earlier draft is offered there."""

    def prepare(workspace: Workspace) -> AddScreen:
        from tui.screens.editing.add import AddScreen
        from tui.screens.editing.form import known_values

        blank = workspace.planner.blank(kind, app.now(), project=project)
        return AddScreen(blank, known_values(workspace, kind), workspace.status.drafts.find(kind, "add"))

    _open(app, prepare)


def _open(app: AppContext, prepare: Callable[[Workspace], Screen[None]]) -> None:
    """Open a form; it is prepared in a thread."""
    front(app.screen_stack).look_up("plan", prepare, app.push_screen)


def delete(app: AppContext, entries: Sequence[Entry], warning: str = "") -> None:
    """Show the entry that goes, and delete it."""
    _each(app, entries, lambda planner, entry_id: planner.delete(entry_id), ("Delete", "Deleted"), warning)


def _each(
    app: AppContext,
    entries: Sequence[Entry],
    change: Callable[[Planner, str], Plan],
    verbs: tuple[str, str],
    warning: str,
    *,
    follow: bool = False,
) -> None:
    """Propose the same change of one entry or of all that are marked; see `_propose`."""
    ids = [entry.id for entry in entries]
    make = partial(opened(app).planner.several, ids, change, verbs[0].lower())
    _propose(app, entries, make, verbs, warning, follow=follow)


def _propose(
    app: AppContext,
    entries: Sequence[Entry],
    make: Callable[[], Plan],
    verbs: tuple[str, str],
    warning: str,
    *,
    follow: bool,
) -> None:
    """Propose a change of one entry or of several, with one more warning; then the marks go.

    `verbs` name it before and after; with `follow`, the cursor goes to the first entry that it made.
    """
    title = f"{len(entries):,} entries" if len(entries) > 1 else entries[0].title
    what = title if len(entries) > 1 else plain(shorten(title, 40)).plain

    def warned() -> Plan:
        plan = make()
        return replace(plan, warning=" ".join(filter(None, (plan.warning, warning))))

    def saved(plan: Plan) -> None:
        app.unmark()
        if follow:
            app.follow(plan.entries[0])

    propose(app, Propose(warned, f"{verbs[0]} {title}", what, verbs[1], saved))


def revive(app: AppContext, gone: Sequence[Deleted], warning: str = "") -> None:
    """Bring deleted entries back at their places: one commit."""
    make = partial(opened(app).history.plan_revive, gone)
    _propose(app, [one.entry for one in gone], make, ("Restore", "Restored"), warning, follow=True)


def duplicate(app: AppContext, entries: Sequence[Entry], warning: str = "") -> None:
    """Put a copy of each entry right behind it, with an id and a time of its own."""

    def change(composer: Planner, entry_id: str) -> Plan:
        return composer.duplicate(entry_id, app.now())

    _each(app, entries, change, ("Duplicate", "Duplicated"), warning, follow=True)


def move(app: AppContext, entries: Sequence[Entry], warning: str = "") -> None:
    """Ask for a file, and move entries there: one commit of all files."""
    workspace = opened(app)

    def chosen(file: str) -> None:
        from index.model.kind_shape import project_of

        def change(composer: Planner, entry_id: str) -> Plan:
            return composer.move(entry_id, file, app.now(), project=project_of(file))

        moved = [entry for entry in entries if entry.file != file]
        if moved:
            _each(app, moved, change, ("Move", "Moved"), warning, follow=True)

    others = partial(move_items, workspace, entries)
    pick(app, Picker(others, "Move to which file?", "files", free="a new file"), chosen)


CHANGES = {"delete": delete, "duplicate": duplicate, "move": move}
"""Changes of entries, by the name in a request for one."""


# ── the session ───────────────────────────────────────────────────────────────


def end_session(app: AppContext, project: str = "") -> None:
    """Look for all there is to be settled, and ask for it; an earlier draft is offered there."""

    def prepare(workspace: Workspace) -> EndSession:
        from tui.screens.sessions.end_session import EndSession, draft_key

        found = workspace.session_end.closing(project)
        return EndSession(found, workspace.status.drafts.find(draft_key(found.project), "session"))

    _open(app, prepare)


def go_on(app: AppContext, left: Draft) -> None:
    """Go on with a draft of no single entry: a new one, the end of a session, a merge, a field of several."""
    if left.sort == "merge":
        from tui.flows.sync_flow import sync

        sync(app)
    elif left.sort == "session":
        from tui.screens.sessions.end_session import draft_key

        end_session(app, "" if left.entry == draft_key("") else left.entry)
    elif left.sort == "bulk":
        _set_again(app, left)
    else:
        fill_in(app, left.entry)


# ── many entries ──────────────────────────────────────────────────────────────


def rename_tag(app: AppContext, marked: Sequence[str]) -> None:
    """Ask for a tag and its new name, and rename it in the marked entries, or in all of them.

    A tag that none of the marked entries has is added to each.
    """
    workspace = opened(app)
    only = frozenset(marked) or None

    def tags() -> list[Item]:
        snapshot = workspace.tree.snapshot
        chosen = snapshot.entries if only is None else filter(None, map(snapshot.by_id.get, only))
        count = count_values(tag for entry in chosen for tag in entry.tags)
        return [Item(tag, tag, note=f"{number:,}") for tag, number in most_first(count)]

    take_away = "\0"  # no tag can be called so

    def named(old: str) -> None:
        if marked and all(tag.id != old for tag in first.items):
            add_tag(old)
        else:
            others = [*(tag for tag in first.items if tag.id != old), Item(take_away, "Remove the tag")]
            picker = Picker(others, f"Rename {old} to:", "choices", free="a new tag")
            pick(app, picker, partial(renamed, old))

    def add_tag(tag: str) -> None:
        def change(planner: Planner, entry_id: str) -> Plan:
            return planner.add_tag(entry_id, tag)

        make = partial(workspace.planner.several, marked, change, "tag")
        what = count_words(len(marked), "entry", "entries")
        title = f"Add the tag {tag} to {what}"
        propose(app, Propose(make, title, what, "Tagged", lambda plan: app.unmark()))

    def renamed(old: str, new: str) -> None:
        name = "" if new == take_away else new
        title = f"Rename the tag {old} to {name}" if name else f"Remove the tag {old}"
        done = "Renamed" if name else "Removed"

        def make() -> Plan:
            return workspace.planner.rename_tag(old, name, only)

        propose(app, Propose(make, title, f"tag {old}", done, lambda plan: app.unmark()))

    none = "" if marked else "There are no tags in these entries."
    question, free = "Rename which tag in all entries?", ""
    if marked:
        entries = count_words(len(marked), "entry", "entries")
        question, free = f"Rename or add which tag in {entries}?", "add to all"
    first = Picker(tags, question, "tags", free=free, none=none)
    pick(app, first, named)


def set_field(app: AppContext, ids: Sequence[str]) -> None:
    """Ask for a field, then for its text, and set it in several entries."""
    workspace = opened(app)
    entries = [entry for entry in map(workspace.tree.snapshot.by_id.get, ids) if entry is not None]

    known: dict[str, Sequence[str]] = {}

    def fields() -> list[Item]:
        from tui.screens.editing.form import known_values

        known.update(known_values(workspace, entries[0].kind))
        count = Counter(
            name for entry in entries for name in dict.fromkeys(field.name for field in entry.fields)
        )  # of those that as many have, in the order of the entry
        of = f"of {len(entries):,}"
        return [Item(name, path_label(name), note=f"{k:,} {of}") for name, k in count.most_common()]

    def chosen(name: str) -> None:
        from tui.screens.editing.bulk import SetFieldScreen

        app.push_screen(SetFieldScreen(entries, name, known))

    if entries:
        picker = Picker(fields, "Set which field?", "fields", free="a new field", shown=path_label)
        pick(app, picker, chosen)


def _set_again(app: AppContext, left: Draft) -> None:
    found = map(opened(app).tree.snapshot.by_id.get, left.entry.split("\n"))
    entries = [entry for entry in found if entry is not None]
    if not entries:
        app.refuse(f"None of these entries is in the tree any more: {key('copy')} copies what was typed.")
        return

    def prepare(workspace: Workspace) -> SetFieldScreen:
        from tui.screens.editing.bulk import SetFieldScreen
        from tui.screens.editing.form import known_values

        known = known_values(workspace, entries[0].kind)
        return SetFieldScreen(entries, next(iter(left.fields)), known, left)

    _open(app, prepare)
