"""The differences between two versions of an entry, field by field, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.model.counts import count_words
from index.model.entry import Entry
from index.model.entry_matching import pair
from index.model.field import FieldChange
from index.model.field_path import field_path, is_heading
from index.model.text.margins import line_ends
from index.model.vocabulary import fold, role, vocabulary

_SHORT = 32
"""Characters of a value that is shown as it was and is; a longer one is said to be reworded."""
_NAMED = 3
"""Items of a list that are named; of more, their number is told."""
_REWRITTEN = 0.3
"""Share of words kept below which a text is not reworded but rewritten."""


def compare(before: Entry | None, after: Entry | None) -> tuple[FieldChange, ...]:
    """Return the fields that differ, in the order of the file; none when only the layout does."""
    old = {field.name: field.text for field in before.fields} if before else {}
    new = {field.name: field.text for field in after.fields} if after else {}
    changes = [
        FieldChange(name, old.get(name), text)
        for name, text in new.items()
        if name not in old or not same_text(old[name], text)
    ]
    return (*changes, *(FieldChange(name, text, None) for name, text in old.items() if name not in new))


class EntryChange(NamedTuple):
    """The change of an entry between two versions of a file."""

    how: str
    """`added`, `edited` or `removed`."""
    entry: Entry
    """As it is after; as it was, when it is removed."""
    before: Entry | None
    changes: tuple[FieldChange, ...]


def compare_entries(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[list[EntryChange], int]:
    """Return the changes of the entries of a file, in its order, and the number of those unchanged.

    Those that are removed come last; empty placeholders do not count.
    """
    found: list[EntryChange] = []
    same = 0
    for old, new in pair(before, after):
        entry = new or old
        changes = compare(old, new)
        if entry is None or all(one is None or one.template for one in (old, new)):
            continue
        if old is not None and new is not None and not changes:
            same += 1
        else:
            how = "added" if old is None else "removed" if new is None else "edited"
            found.append(EntryChange(how, entry, old, changes))
    return found, same


def same_text(one: str, other: str) -> bool:
    """Whether two texts say the same: the depth of their lines may be counted in other units."""
    return one == other or ("\n" in one and "\n" in other and shape_of(one) == shape_of(other))


def shape_of(text: str) -> list[tuple[int, str]]:
    """Return the lines, each with the rank of its indentation among all that occur."""
    if "\n" not in text:
        return [(0, text)]
    lines = [line.rstrip() for line in text.expandtabs(8).split("\n")]
    depths = [len(line) - len(line.lstrip(" ")) for line in lines]
    ranks = {depth: rank for rank, depth in enumerate(sorted(set(depths)))}
    return [(ranks[depth], line.lstrip(" ")) for depth, line in zip(depths, lines, strict=True)]


def only_in_writing(before: str, after: str) -> str:
    """Return in words how two sources differ that say the same; nothing where they are equal."""
    if before == after:
        return ""
    if line_ends(before) == line_ends(after):
        return "only line ends changed"
    if "".join(before.split()) == "".join(after.split()):
        return "only white space changed"
    return "only how it is written changed, not what it says"


def only_in_source(before: str, after: str) -> str:
    """As `only_in_writing`, for the sources of an entry: line ends are for git to convert."""
    return only_in_writing(line_ends(before), line_ends(after))


def describe(changes: Iterable[FieldChange], limit: int | None = None) -> str:
    """Name the changed fields in words, metadata last; at most `limit` fields.

    >>> describe([FieldChange("level", "2", "3"), FieldChange("prevention", None, "Watch the pool")])
    'level 2 → 3; prevention added'
    >>> describe([FieldChange("tags", "pool", "pool, redis"), FieldChange("@status", "open", "done")])
    'tag +redis; status open → done'
    >>> describe([FieldChange("options/option[2]", "Keyset", "Keyset on the time, and on the id after it")])
    'options · option 2 extended'
    >>> describe([FieldChange("root-cause", None, "No timeout"), FieldChange("techStack", "", "Redis")])
    'root cause added; tech stack +Redis'
    """
    words = [words for words, _ in changes_in_words(changes)]
    return "; ".join(
        words if limit is None or len(words) <= limit else [*words[:limit], f"{len(words) - limit} more"]
    )


def changes_in_words(changes: Iterable[FieldChange]) -> list[tuple[str, str]]:
    """Return each change in words, and the name of its field alone; metadata last."""
    about = vocabulary().metadata
    said = sorted(changes, key=lambda change: fold(field_path(change.field).head) in about)
    return [(_in_words(change), _field_words(change.field)) for change in said]


def _field_words(field: str) -> str:
    path = field_path(field)
    said = [f"{_words(step.name)} {step.number or ''}".strip() for step in path.steps]
    return " ".join(filter(None, (" · ".join(said), _words(path.attribute))))


def _in_words(change: FieldChange) -> str:
    name, before, after = change
    label = _field_words(name)
    if before is None or after is None:
        return f"{label} {'added' if before is None else 'removed'}"
    if role(name) in ("tags", "tech") or (_is_list(before) and _is_list(after)):
        return _listed(label, _values(before), _values(after))
    if not before or not after:
        return f"{label} {'filled' if after else 'emptied'}"
    if max(len(before), len(after)) <= _SHORT and "\n" not in before + after:
        return f"{label} {before} → {after}"
    if after.startswith(before):
        return f"{label} extended"
    if before.startswith(after):
        return f"{label} shortened"
    old, new = set(before.lower().split()), set(after.lower().split())
    kept = len(old & new) / max(len(old | new), 1)
    return f"{label} {'reworded' if kept >= _REWRITTEN else 'rewritten'}"


def _words(name: str) -> str:
    return name if is_heading(name) else fold(name).replace("-", " ")


def _is_list(text: str) -> bool:
    return not text or all(line.startswith(("- ", "  ")) for line in text.split("\n"))


def _values(text: str) -> list[str]:
    """Return the items of a list field, or of a comma list."""
    if text and _is_list(text):
        return ("\n" + text).split("\n- ")[1:]
    for sign in "|;\n":
        text = text.replace(sign, ",")
    return [value.strip() for value in text.split(",") if value.strip()]


def _listed(label: str, old: Sequence[str], new: Sequence[str]) -> str:
    come = [value for value in new if value not in old]
    gone = [value for value in old if value not in new]
    one = label.removesuffix("s") if label in ("tags", "keywords", "labels") else label
    if not come and not gone:
        return f"{label} reordered" if sorted(old) == sorted(new) else f"{label} without doubles"
    if len(come) == len(gone) and max(len(come[0]), len(gone[0])) > _SHORT:
        return f"{label}: {count_words(len(come), 'item')} reworded"
    if len(come) + len(gone) > _NAMED or any(len(value) > _SHORT for value in come + gone):
        said = [f"{count_words(len(come), 'item')} added"] if come else []
        return f"{label}: " + ", ".join(
            said + ([f"{count_words(len(gone), 'item')} removed"] if gone else [])
        )
    return " ".join([one, *(f"+{value}" for value in come), *(f"−{value}" for value in gone)])
