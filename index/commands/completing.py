"""Shell completion: from the catalogue and the names of files, so that a key press never waits."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class, split_arg_string

from index.model.counts import count_values
from index.model.entry import Entry
from index.model.field_path import field_path
from index.model.known_entries import EntryList
from index.storage.memory_stores import TreeLocation
from index.storage.scan import discover, open_at, scan
from index.workspace import Workspace

Offer = tuple[str, str]
"""A text to complete to, and a few words on it."""
_VERSIONS = 20
"""Versions of an entry that are offered; each costs a look into git."""

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


@add_completion_class
class _Bash(BashComplete):
    """Completion for Bash, which takes `kind:so` for three words and wants the last one replaced."""

    source_template = """\
%(complete_func)s() {
    local IFS=$'\\n' line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]} before="" type value
    if [[ $word != [\\"\\']* ]]; then
        before=${line##*[[:space:]]}
        [[ $word == [:=] ]] || before=${before%%"$word"}
    fi
    COMPREPLY=()
    while IFS=, read -r type value; do
        [[ $type == plain ]] && COMPREPLY+=("${value#"$before"}")
        [[ $type == file || $type == dir ]] && compopt -o default
        [[ $value == *[:=] ]] && compopt -o nospace
    done < <(env COMP_LINE="$line" %(complete_var)s=bash_complete "$1")
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor, and the one at it, as the shell would pass them on."""
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)
        begun = words.pop() if words and not line[-1:].isspace() else ""
        return words[1:], begun


def _completes(
    values: Callable[[click.Context, str], Iterable[str | Offer]], *, begins: bool = True
) -> Complete:
    """Return a completion that offers those of the values that begin as it was typed, each once.

    Without `begins` it offers all that there are: `{{t` is written `{{ title }}`.

    One that fails offers nothing: the shell would print its error among what is typed.
    """

    def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        found: dict[str, CompletionItem] = {}
        with suppress(Exception):
            for value in values(context, incomplete):
                text, note = (value, "") if isinstance(value, str) else value
                if (text.startswith(incomplete) or not begins) and text.isprintable():
                    note = note[:60] if note.isprintable() else ""
                    found.setdefault(text, CompletionItem(text, help=note or None))
        return [*found.values()]

    return complete


def _new_kinds(context: click.Context, _: str) -> Iterable[str]:
    from index.editing.templates import kinds_of

    return kinds_of(EntryList([*_entries(context)]))


def _kinds(context: click.Context, _: str) -> Iterable[str]:
    return _by_number(entry.kind for entry in _entries(context))


def _ids(context: click.Context, incomplete: str) -> Iterator[Offer]:
    whole = "/" in incomplete or "#" in incomplete
    for entry in _entries(context):
        yield entry.id if whole else entry.key, entry.title


def _files(context: click.Context, _: str) -> Iterable[str]:
    place = _place(context)
    return sorted(file.path for file in scan(*place)[0]) if place is not None else ()


def _ids_and_files(context: click.Context, incomplete: str) -> Iterator[str | Offer]:
    yield from _ids(context, incomplete)
    yield from _files(context, incomplete)


def _broken_files(context: click.Context, _: str) -> list[str]:
    with closing(_open(context)) as workspace:
        return [problem.file for problem in workspace.tree.problems() if problem.repairable]


def _changed_files(context: click.Context, _: str) -> list[str]:
    with closing(_open(context)) as workspace:
        return [item.path for item in workspace.status.uncommitted()]


def _tags(context: click.Context, _: str) -> Iterable[str]:
    return _tags_of(_entries(context))


def _tags_of(entries: Iterable[Entry]) -> list[str]:
    count = count_values(tag for entry in entries for tag in entry.tags)
    return [tag for tag, _ in count.most_common()]


def _projects(context: click.Context, _: str) -> Iterable[str]:
    return _by_number(entry.project for entry in _entries(context) if entry.project)


def _stores(context: click.Context, _: str) -> Iterable[str]:
    return _by_number(entry.store for entry in _entries(context) if entry.store)


def _fields(context: click.Context, _: str) -> Iterator[Offer]:
    """Yield the fields of the entry that is named, or of all entries of the kind, the most used first."""
    params = context.params
    entries = [*_entries(context)]
    if name := params.get("entry_id"):
        entries = [entry for entry in entries if name in (entry.id, entry.key)]
    elif kind := params.get("kind"):
        entries = [entry for entry in entries if kind in (entry.kind, entry.group)]
    given = {value.partition("=")[0] for value in params.get("values") or ()}
    for field in _by_number(field.name for entry in entries for field in entry.fields):
        if field not in given and field_path(field).steps:
            yield f"{field}=", ""


def _field_names(context: click.Context, _: str) -> Iterator[str]:
    name = context.params.get("name") or next(iter(context.args), "")  # not read yet behind `--field`
    for entry in _entries(context):
        if name in (entry.id, entry.key):
            yield from (field.name for field in entry.fields)


def _decisions(context: click.Context, _: str) -> Iterator[Offer]:
    with closing(_open(context)) as workspace:
        for entry in workspace.session_end.closing(_project(context)).pending:
            yield f"{entry.key}=", entry.title


def _state_fields(context: click.Context, _: str) -> list[str]:
    with closing(_open(context)) as workspace:
        return [f"{one.name}=" for one in workspace.session_end.closing(_project(context)).asked]


def _project(context: click.Context) -> str:
    return next((above.params["project"] for above in _chain(context) if above.params.get("project")), "")


def _revisions(context: click.Context, _: str) -> list[Offer]:
    from index.model.days import stamp

    with closing(_open(context)) as workspace:
        versions = islice(workspace.history.versions(context.params["name"]), _VERSIONS)
        return [
            (one.rev[:7], f"{stamp(one.when)} {one.message.splitlines()[0] if one.message else ''}")
            for one in versions
            if one.rev and one.when
        ]


def _templates(context: click.Context, incomplete: str) -> Iterator[str]:
    """Yield the template with each name, or form, that the last place in it may go on with."""
    from index.rendering.entry_template import FORMS, NAMES

    before, opened, begun = incomplete.rpartition("{{")
    if not opened or "}}" in begun:
        before, begun = incomplete, ""
    name, bar, form = begun.partition("|")
    if bar:
        yield from (f"{before}{{{{{name}| {one} }}}}" for one in FORMS if one.startswith(form.strip()))
        return
    fields = _by_number(field.name for entry in _entries(context) for field in entry.fields)
    for one in dict.fromkeys((*NAMES, *fields)):
        if one.startswith(name.strip()):
            yield f"{before}{{{{ {one} }}}}"


def _queries(context: click.Context, incomplete: str) -> Iterator[Offer]:
    from index.search.language.completions import completions

    if incomplete.startswith("@"):
        with closing(_open(context)) as workspace:
            yield from ((f"@{name}", query) for name, query in workspace.tree.bookmarks.searches().items())
        return
    entries = [*_entries(context)] if ":" in incomplete else []
    values = {
        "kind": _by_number(name for entry in entries for name in (entry.group, entry.kind) if name),
        "project": _by_number(entry.project for entry in entries if entry.project),
        "store": _by_number(entry.store for entry in entries if entry.store),
        "tag": _tags_of(entries),
        "tech": _by_number(tech for entry in entries for tech in entry.tech),
        "file": _by_number(entry.file for entry in entries),
    }
    for one in completions(incomplete, len(incomplete), values) if incomplete else ():
        yield incomplete[: one.start] + one.text, one.note


def _by_number(values: Iterable[str]) -> list[str]:
    return [value for value, _ in Counter(values).most_common()]


complete_new_kind = _completes(_new_kinds)
"""The kinds that can be added."""
complete_kind = _completes(_kinds)
"""The kinds of the tree's entries."""
complete_id = _completes(_ids)
"""The keys of the entries, or whole ids once a path is typed."""
complete_file = _completes(_files)
complete_id_or_file = _completes(_ids_and_files)
complete_broken_file = _completes(_broken_files)
complete_changed_file = _completes(_changed_files)
complete_store = _completes(_stores)
complete_tag = _completes(_tags)
complete_project = _completes(_projects)
complete_field = _completes(_fields)
"""`FIELD=` for each field."""
complete_field_name = _completes(_field_names)
complete_decision = _completes(_decisions)
"""`ID=` for each decision that waits."""
complete_state_field = _completes(_state_fields)
"""`FIELD=` for each field of the session state."""
complete_revision = _completes(_revisions)
complete_query = _completes(_queries)
complete_template = _completes(_templates, begins=False)
"""A template with its last place filled in."""


def complete_folder(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Leave a folder to the shell."""
    return [CompletionItem(incomplete, type="dir")]


def _place(context: click.Context) -> TreeLocation | None:
    tree = next((above.params["tree"] for above in _chain(context) if above.params.get("tree")), None)
    return open_at(Path(tree)) if tree else discover(Path.cwd())


def _chain(context: click.Context | None) -> Iterator[click.Context]:
    while context is not None:
        yield context
        context = context.parent


def _open(context: click.Context) -> Workspace:
    """Open the tree. Raises FileNotFoundError: there is none."""
    place = _place(context)
    if place is None:
        raise FileNotFoundError
    return Workspace.open(place)


def _entries(context: click.Context) -> Iterator[Entry]:
    with closing(_open(context)) as workspace:
        yield from workspace.tree.reader.remembered()
