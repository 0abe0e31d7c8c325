"""The fields and the place of an entry of a kind: learned from the tree's own entries, else as documented."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources
from itertools import combinations

from index.editing.store_shapes import documented_kinds, first_id, store_shape
from index.formats.entry_making import key_of
from index.formats.registry import format_of, with_known_suffix
from index.model.counts import plural
from index.model.days import written
from index.model.entry import Entry
from index.model.field_path import field_path
from index.model.kind_shape import KNOWLEDGE, FieldShape, KindShape, item_name, project_of
from index.model.known_entries import KnownEntries
from index.model.path_spelling import shown
from index.model.plan import CannotEdit
from index.model.store_places import start_of_store
from index.model.timestamps import has_clock
from index.model.vocabulary import fold, is_about, players, role, singular, vocabulary

_DOCUMENTED_FIELD = re.compile(r"([^\[\]]+)(?:\[(.+)\])?")
_NUMBERED_ID = re.compile(r"(.*?)(\d+)\Z", re.DOTALL)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|(?<!\d)20\d{6}(?!\d)")
_INDEX = "index"
"""The kind of a list of other files, to which they add themselves."""
_USUAL = 0.5
"""A field that this share of a kind's entries has is asked for."""
_LONG = 60
"""Characters; a field whose texts are longer than this, or go over several lines, wants a text area."""
_LONG_ROLES = {"problem", "solution", "text"}
_GENERIC = "timestamp project title description status tags[tag]"
_MODELS = 500
"""Newest entries of a kind that show how it is written where none of the file do."""


def kinds_of(tree: KnownEntries, places: Sequence[str] = ()) -> list[str]:
    """Return the kinds that can be added: those of the tree, the most used first, then the documented.

    `places` are the stores of the tree: what their keepers document goes before the kinds of XML.
    """
    count = tree.kinds()
    found = [kind for kind, _ in count.most_common() if kind != _INDEX and not _is_empty_list(kind, tree)]
    documented = dict.fromkeys([*documented_kinds(places), *_documented()])
    return found + [kind for kind in documented if kind not in count]


def _is_empty_list(kind: str, tree: KnownEntries) -> bool:
    """Whether a kind is only the root of files that hold nothing yet: `lessons`, where a lesson goes."""
    if kind in _documented() or singular(kind) == kind:
        return False
    return all(entry.template for entry in tree.newest(kind, 1))


def shape_of(kind: str, tree: KnownEntries, file: str = "") -> KindShape:
    """Return the shape of entries of `kind`.

    Learned from those in `file` if there are any, for files differ in how they write the same thing;
    else from its empty template, else from the newest in the rest of the tree, else from the documented
    shape.
    """
    own = [entry for entry in tree.in_file(file) if entry.kind == kind]

    @cache
    def same() -> Sequence[Entry]:
        return tree.newest(kind, _MODELS)

    kept = store_shape(kind, file)
    if kept is not None and not (any(entry.own_id for entry in own) if kept.id else same()):
        return kept  # what is there tells of the file

    pool = _filled(own) or own or _filled(same()) or same()
    if pool:
        learned = _learned(kind, pool, same)
        if not all(is_about(field.name) for field in learned.fields):
            return _named_for(file, learned, pool[0].file)
    known = _documented().get(kind)
    return _named_for(file, known if known is not None else _made(kind, _GENERIC))


def _named_for(file: str, shape: KindShape, model: str = "") -> KindShape:
    """Return a shape whose names a file can hold, also where its model is of another format."""
    form = format_of(file) if file else None
    if form is None or (form is format_of(model) if model else not form.texts_are_markdown):
        return shape
    fields = (
        field._replace(name=form.field_name(field.name), item="" if form.texts_are_markdown else field.item)
        for field in shape.fields
    )
    own, time = (form.field_name(name) if name else "" for name in (shape.id, shape.time))
    return replace(shape, fields=tuple(fields), id=own, time=time)


def file_for(
    kind: str, tree: KnownEntries, project: str = "", start: str = "", places: Sequence[str] = ()
) -> str:
    """Return the file where a new entry of `kind` belongs: with the most of its kind, or as documented.

    A kind whose entries live with their projects goes to the file of `project`, which may be a new one.
    `start` is how the paths of new files begin where no entry tells, `places` are the stores of the tree.
    """
    files = [file for file, _ in tree.files(kind).most_common()]
    if not files and (home := documented_kinds(places).get(kind)):
        return home
    start = start_of_store(files[0]) if files else start
    known = _paths().get(kind)
    documented = start + known if known else with_known_suffix(start + plural(kind), tree.in_file)
    path = files[0] if files else documented
    inside = path.removeprefix(start)
    if not project or not inside.startswith(f"{KNOWLEDGE}/"):
        return path.replace("{project}", project or "general")
    for file in files:
        if project_of(file) == project:
            return file
    single = with_known_suffix(f"{start}{KNOWLEDGE}/{project}", tree.in_file)
    if tree.in_file(single):
        return single
    if "{project}" in path or inside.count("/") < 2:
        return documented.replace("{project}", project)
    return f"{start}{KNOWLEDGE}/{project}/{inside.split('/', 2)[2]}"


def kind_meant(name: str, kinds: Sequence[str], *, new: bool) -> str:
    """Return the kind that `name` means: itself, or the only one of `kinds` that ends so; with `new`, any.

    Raises CannotEdit: there is none, or several.
    """
    if name in kinds:
        return name
    folded = vocabulary().kinds.get(fold(name), fold(name))
    if folded in kinds:
        return folded
    ends = [kind for kind in kinds if kind.endswith(f"-{folded}")] if folded else []
    if not ends:
        if new:
            return name
        from difflib import get_close_matches

        near = get_close_matches(name, kinds, 3, 0.6)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise CannotEdit(f"No kind is called {shown(name)[:60]}.{hint} A new one needs --file FILE.")
    if len(ends) > 1:
        raise CannotEdit(f"{name} may be {', '.join(ends[:-1])} or {ends[-1]}: name one of them.")
    return ends[0]


def next_id(kind: str, tree: KnownEntries, now: datetime, *, file: str = "", title: str = "") -> str:
    """Return an id that no entry has, made like those of `kind`: `DEBUG-023` after `DEBUG-022`.

    Ids that end in a number go on counting, with today's date where they name one; others are made of the
    title. Those in `file` are the model when there are any.
    """
    model = (tree.own_ids_of(kind, file) if file else []) or tree.own_ids_of(kind)
    known = first_id(kind, file) or _ids().get(kind, "")
    count = Counter(found[1] for own in model if (found := _NUMBERED_ID.match(own)))
    if (model and not count) or (not model and not known):
        key = key_of(title.lower()) or kind
        return _unique(key, _taken(tree, key))
    prefix = count.most_common(1)[0][0] if count else known.rstrip("0123456789")
    numbers = [own.removeprefix(prefix) for own in _taken(tree, prefix)]
    numbers = [number for number in numbers if number.isascii() and number.isdigit()]
    widths = Counter(map(len, numbers)) or Counter([len(known) - len(known.rstrip("0123456789"))])
    today = written(now)
    dated = _DATE.sub(lambda found: today if "-" in found[0] else today.replace("-", ""), prefix)
    last = max(map(int, numbers), default=0) if dated == prefix else 0
    taken = _taken(tree, dated)
    while (made := f"{dated}{last + 1:0{widths.most_common(1)[0][0]}}") in taken:
        last += 1
    return made


def _taken(tree: KnownEntries, start: str) -> set[str]:
    return {own for own, _ in tree.own_ids(start)}


# ── learning ──────────────────────────────────────────────────────────────────


def _filled(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if not entry.template]


def _learned(kind: str, pool: Sequence[Entry], same: Callable[[], Sequence[Entry]]) -> KindShape:
    """Return the shape that these entries share; lists empty in all of them are learned elsewhere."""
    lists = _lists(pool)
    lists |= _lists_elsewhere(kind, pool, same, lists)
    rows = [_names(entry, lists) for entry in pool]
    names = _without_rivals(_in_order(rows), rows)
    count = Counter(name for row in rows for name in row)
    long = {_bare(f.name) for e in pool for f in e.fields if "\n" in f.text or len(f.text) > _LONG}
    likely = _likely_lists(names, pool, same)
    fields = tuple(
        FieldShape(
            name,
            lists.get(name, ""),
            count[name] >= _USUAL * len(pool),
            name in long and name not in lists,
            "" if name in lists else likely.get(name, ""),
        )
        for name in names
    )
    time = _player("time", names)
    stamps = [f.text for entry in pool for f in entry.fields if f.name == time and f.text]
    day = bool(stamps) and not any(has_clock(text) for text in stamps if any(map(str.isdigit, text)))
    day = day and any(map(str.isdigit, "".join(stamps)))
    known = _documented().get(kind)
    return KindShape(
        kind,
        fields,
        _player("id", names),
        time,
        day,
        learned=True,
        called=known.called if known else "",
        within=known.within if known else (),
    )


def _lists(pool: Sequence[Entry]) -> dict[str, str]:
    """Return the fields that are lists, with the name of their items' element as far as fields tell it."""
    found: dict[str, str] = {}
    lists: Counter[str] = Counter()
    for entry in pool:
        for field in entry.fields:
            name, path = _bare(field.name), field.path
            if field.text:
                lists[name] += 1 if field.items else -1
            if field.items:
                found.setdefault(name, item_name(name))
            if not path.is_nested or path.attribute:
                continue
            one, own = singular(fold(path.above.last)), fold(path.last)
            if path.number or own == one or one.endswith(f"-{own}"):
                found[str(path.above.bare)] = path.last
    # What is inside the items of a "list" makes it one of records, not of texts.
    paths = [field_path(name) for name in {_bare(field.name) for entry in pool for field in entry.fields}]
    items = {name: field_path(f"{name}/{item}") for name, item in found.items() if lists[name] >= 0}
    return {name: found[name] for name, item in items.items() if not any(p.is_inside(item) for p in paths)}


def _lists_elsewhere(
    kind: str, pool: Sequence[Entry], same: Callable[[], Sequence[Entry]], known: Mapping[str, str]
) -> dict[str, str]:
    """Return those of the fields that are always empty which are lists in other files, else as documented."""
    held = {(field.name, bool(field.text)) for entry in pool for field in entry.fields}
    empty = {name for name, filled in held if not filled and (name, True) not in held} - known.keys()
    if not empty:
        return {}
    seen: Counter[str] = Counter()
    for entry in same():
        for field in entry.fields:
            if field.text and field.name in empty:
                seen[field.name] += 1 if field.items else -1
    documented = _documented().get(kind)
    told = {field.name: field.item for field in documented.fields} if documented else {}
    return {
        name: told.get(name) or item_name(name)
        for name in empty
        if seen[name] > 0 or (not seen[name] and told.get(name))
    }


def _likely_lists(
    names: Iterable[str], pool: Sequence[Entry], same: Callable[[], Sequence[Entry]]
) -> dict[str, str]:
    """Return the fields with the name of a list that say nothing in any entry, with that of their items."""
    told = _speaking(pool)
    items = {name: item_name(name) for name in names if name not in told and not field_path(name).attribute}
    likely = {name: item for name, item in items.items() if item != "item"}
    told = _speaking(same()) if likely else told
    return {name: item for name, item in likely.items() if name not in told}


def _speaking(entries: Iterable[Entry]) -> set[str]:
    return {_bare(field.name) for entry in entries for field in entry.fields if field.text}


@lru_cache(maxsize=4096)
def _bare(name: str) -> str:
    """Return the name of a field as that of a shape."""
    return str(field_path(name).bare)


def _names(entry: Entry, lists: dict[str, str]) -> tuple[str, ...]:
    """Return the names of an entry's fields as those of a shape: no numbers, a list as one."""
    names: dict[str, None] = {}
    for field in entry.fields:
        path = field_path(_bare(field.name))
        above = str(path.above)
        if above in lists and path.owner.last == lists[above]:
            if not path.attribute:
                names[above] = None
            continue
        names[_bare(field.name)] = None
    return tuple(names)


def _in_order(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Put the names of all rows in one order: the commonest row's, each other where the fewest disagree."""
    count = Counter(rows)
    ahead: Counter[tuple[str, str]] = Counter()
    for row, times in count.items():
        for pair in combinations(row, 2):
            ahead[pair] += times
    order: list[str] = []
    for name in dict.fromkeys(name for row, _ in count.most_common() for name in row):
        wrong = [sum(ahead[other, name] for other in order)]
        for other in order:
            wrong.append(wrong[-1] - ahead[other, name] + ahead[name, other])
        order.insert(wrong.index(min(wrong)), name)
    return order


def _without_rivals(names: Sequence[str], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Leave out the rarer of two names that mean the same and never occur together: `@id` and `id`."""
    count = Counter(name for row in rows for name in row)
    kept: list[str] = []
    for name in sorted(names, key=lambda name: (-count[name], names.index(name))):
        part = role(name)
        rivals = [other for other in kept if part and role(other) == part]
        if not any(all(not (name in row and other in row) for row in rows) for other in rivals):
            kept.append(name)
    return [name for name in names if name in kept]


def _player(part: str, names: Sequence[str]) -> str:
    """Return the name that plays a role best, or an empty string."""
    places = players(part, names)
    return names[places[0]] if places else ""


# ── the documented kinds ──────────────────────────────────────────────────────


@cache
def _table() -> dict[str, dict[str, str | list[str]]]:
    text = resources.files(__package__).joinpath("shapes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _documented() -> dict[str, KindShape]:
    return {
        kind: _made(kind, str(row["fields"]), str(row["element"]), tuple(row["within"]))
        for kind, row in _table().items()
    }


def _paths() -> dict[str, str]:
    return {kind: str(row["file"]) for kind, row in _table().items()}


def _ids() -> dict[str, str]:
    return {kind: str(row["id"]) for kind, row in _table().items() if "id" in row}


def _made(kind: str, fields: str, element: str = "", within: tuple[str, ...] = ()) -> KindShape:
    """Return the shape that a row of `shapes.toml` describes."""
    found = [match for part in fields.split() if (match := _DOCUMENTED_FIELD.fullmatch(part))]
    shapes = tuple(
        FieldShape(match[1], match[2] or "", True, not match[2] and role(match[1]) in _LONG_ROLES)
        for match in found
    )
    names = [field.name for field in shapes]
    return KindShape(
        kind, shapes, _player("id", names), _player("time", names), called=element, within=within
    )


def _unique(key: str, taken: set[str]) -> str:
    number, made = 1, key
    while made in taken:
        number += 1
        made = f"{key}-{number}"
    return made
