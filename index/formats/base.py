"""The seam of the formats: the duties of one, so that everything above it works with its files.

A format is one package in `index/formats/`, registered in `registry.py`. It reads a file's bytes to entries,
and answers every question and every edit of one file; what a change means, whether it may be saved and
what is said about it is decided above, the same for all. Three rules hold for each of them:

- The source text is the only truth: an edit replaces spans of it, and every byte outside of them stays.
- Nothing raises for what a file holds: damage is a `Problem`, and an edit that cannot be made `EditRefused`.
- An edit is not believed: above, the result is read again and compared with what was meant. A format gives
  its best attempt, or several with the best first, and need not foresee each text that misleads its reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from index.formats.field_values import FieldValue
from index.formats.linking import Linking
from index.model.entry import NOWHERE, Entry, EntryRef
from index.model.errors import CannotRepair as CannotRepair  # handed on: a format finds all it needs here
from index.model.errors import EditRefused as EditRefused
from index.model.errors import ReadsElse as ReadsElse
from index.model.file_record import LoadLimit, ToolBlock
from index.model.kind_shape import FieldShape, KindShape
from index.model.merge_outcomes import Choices as Choices
from index.model.merge_outcomes import MergeConflict as MergeConflict
from index.model.merge_outcomes import Merged as Merged
from index.model.merge_outcomes import Sides as Sides
from index.model.problems import Problem, Splice


class Parsed:
    """A file that was read only to be shown: its problems at once, its entries when they are asked for."""

    __slots__ = ("_entries", "_read", "legible", "problems", "rule")

    def __init__(
        self,
        problems: Sequence[Problem],
        read: Callable[[], list[Entry]],
        *,
        legible: bool = True,
        rule: str = "",
    ) -> None:
        self.problems = problems
        self.legible = legible
        """Whether its entries could be read, or there are none: else its content is unknown."""
        self.rule = rule
        """The way in which its entries are found, as `MemoryFile.rule`."""
        self._read = read
        self._entries: list[Entry] | None = None

    @property
    def entries(self) -> list[Entry]:
        """The entries in the order of the file, none of an illegible one; each id is unique.

        Their refs may be `NOWHERE`: who asks for a place in a file opens it.
        """
        if self._entries is None:
            self._entries = self._read()
        return self._entries


class Samples(NamedTuple):
    """Entries that show how one like them is written."""

    document: MemoryFile
    refs: Sequence[EntryRef]
    """The nearest first."""


class FieldForm(NamedTuple):
    """The form of a field that is set, for one that is not there yet, or empty."""

    shape: KindShape
    """The usual fields of such an entry, which show the place and the form of a new one."""
    samples: Samples | None = None
    """Entries that show how a new field is laid out."""
    like: FieldShape | None = None
    """The form of the field where `shape` does not know it."""


class Excerpt(NamedTuple):
    """The source of an entry, to be put somewhere else."""

    text: str
    keeps_space: bool = False
    """Whether the elements around it made its white space text."""
    said: Mapping[str, str] | None = None
    """Its fields where it is written in another form than it had; None: as those of the entry."""


class NewEntry(NamedTuple):
    """An entry that is to be put into a file: its fields, or its source in the file's own format."""

    shape: KindShape
    now: datetime
    """The time for the metadata of a new file."""
    values: tuple[FieldValue, ...] = ()
    excerpt: Excerpt | None = None
    like: bytes | None = None
    """A file of the same format with entries of this kind, the model for a new one."""


class Inserted(NamedTuple):
    """A file with one more entry."""

    document: MemoryFile
    ref: EntryRef
    """Its place in `document`."""
    replaced: EntryRef = NOWHERE
    """The empty placeholder that it took the place of, in the file before."""


class Lone(NamedTuple):
    """An entry that was read from its own source, without a file around it."""

    document: MemoryFile
    entry: Entry
    """It has fields and a ref in `document`; its id, its kind and its time are not known."""
    name: str
    """The name that the source has for an entry like it, where it has one: `solution`."""


class MemoryFile(Protocol):
    """One file, opened. It never changes: an edit returns another one, itself where nothing differs.

    `EntryRef`s count in this reading of it and are ordered as its entries begin. An edit keeps the refs of
    what begins before the place of it, and of the entry that it is about.
    """

    @property
    def path(self) -> str:
        """Its path in the tree."""

    @property
    def source(self) -> str:
        """Its text, as it is written, without a byte order mark."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, by position in `source`."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Those of the level `error`."""

    @property
    def readonly(self) -> bool:
        """Whether it is past a bound, and only a text: `problems[0].message` says which."""

    @property
    def refusal(self) -> str:
        """The reason why its bytes are no text that can be changed, one plain sentence; else empty."""

    @property
    def legible(self) -> bool:
        """As `Parsed.legible`."""

    @property
    def entries(self) -> list[Entry]:
        """As `Parsed.entries`, each with its ref; not to be changed."""

    @property
    def rule(self) -> str:
        """The way in which its entries were found, for `Format.open`; empty where there is only one.

        A detail of it comes behind a colon; where it is left out, the file tells.
        """

    @property
    def codec(self) -> str:
        """Python's name of its encoding: `utf-8`."""

    def to_bytes(self) -> bytes:
        """Return its bytes, to the last one as they were read."""

    def encoded(self, text: str) -> bytes:
        """Return the bytes of a part of `source`."""

    def span(self, ref: EntryRef) -> tuple[int, int]:
        """Return the offsets in `source` where an entry begins and ends, its line's indentation left out."""

    def spliced(self, splices: Iterable[Splice]) -> MemoryFile:
        """Return the file with these spans of its source replaced; raises `UnicodeEncodeError`."""

    # ── fields ────────────────────────────────────────────────────────────────

    def put_field(self, entry: Entry, name: str, text: str, form: FieldForm) -> MemoryFile:
        """Set a field of one of its entries; add it at its usual place where it is not there.

        Args:
            text: its new text; of a list, one item a line or a dash.
            form: how such fields are written, where this one does not show it.

        Raises:
            EditRefused, CannotEdit: this text cannot be there.
        """

    def put_field_back(self, entry: Entry, name: str, then: MemoryFile, was: Entry) -> MemoryFile:
        """Set a field as it is written in another version: at its place there, or gone where it is not there.

        `then` is a file of the same format and `was` one of its entries. Raises `EditRefused`.
        """

    # ── entries ───────────────────────────────────────────────────────────────

    def insertions(self, draft: NewEntry) -> Iterator[Inserted]:
        """Yield the file with a new entry, at each place where it may go, the best first.

        Beside its like, else where the file keeps such entries, else where there is room. A file without a
        text becomes a new one, as `NewEntry.like` is. Raises as `put_field`.
        """

    def doubled(self, entry: Entry) -> Inserted:
        """Put a second one right behind an entry; raises as `put_field`."""

    def without(self, ref: EntryRef) -> MemoryFile:
        """Take an entry out, and the line or the gap that it was in; raises `EditRefused`."""

    def is_whole(self, entry: Entry) -> bool:
        """Whether an entry is the file itself, so that there can be no second one beside it."""

    def holds_only(self, ref: EntryRef) -> bool:
        """Whether nothing but this entry, and layout, is in the file."""

    def excerpt(self, entry: Entry, to: MemoryFile, new: NewEntry) -> Excerpt:
        """Return an entry's source as it may be put into another file of its format, as the new entry there.

        Raises CannotEdit: it is broken and would not be read there.
        """

    def alone(self, entry: Entry) -> Lone:
        """Return an entry in a file of its own that is written as this one, to be changed there.

        Raises CannotEdit: it would read differently by itself.
        """

    def with_parts(self, parts: Mapping[EntryRef, MemoryFile]) -> MemoryFile:
        """Put entries that were taken by `alone` and changed back, all at once; raises `EditRefused`."""

    # ── the source of an entry ────────────────────────────────────────────────

    def check_source(self, ref: EntryRef, text: str) -> tuple[Problem, ...]:
        """Return the problems of a text that is to replace an entry's source, by position in the file.

        Cheap enough to be asked while someone types.
        """

    def with_source(self, ref: EntryRef, text: str) -> MemoryFile:
        """Replace an entry's source by a text without problems; line ends are the file's."""

    def put_back(self, ref: EntryRef, then: MemoryFile, was: EntryRef) -> Iterator[MemoryFile]:
        """Yield the file with an entry as it is written in another version, the best way first."""

    def insert_back(
        self, then: MemoryFile, was: EntryRef, twins: Mapping[EntryRef, EntryRef | None]
    ) -> Iterator[MemoryFile]:
        """Yield the file with an entry that is not in it any more, beside the neighbours that it had.

        `twins` gives the place here of each entry of `then`, None of those that are gone.
        """

    # ── repair ────────────────────────────────────────────────────────────────

    def repaired(self, *, guesses: bool = True) -> MemoryFile:
        """Return the file without its errors; or, without `guesses`, without those that need none.

        Entries keep their refs. Raises `CannotRepair`.
        """


class Format(Protocol):
    """A kind of file that holds memories.

    Some answers are there already, for a format that names it as its base and has nothing better to say.
    """

    @property
    def name(self) -> str:
        """Its name for people: `XML`."""

    @property
    def suffix(self) -> str:
        """The end of the name of a new file, with its dot: `.xml`."""

    @property
    def texts_are_markdown(self) -> bool:
        """Whether the text of a field is Markdown, and shown as it is meant."""
        return False

    @property
    def linking(self) -> Linking | None:
        """Its way with links between files; None where entries name each other by their ids alone."""
        return None

    def matches(self, path: str) -> bool:
        """Whether a file is of this format, by its path in the tree; asked for every file, so quickly."""

    def read(self, data: bytes, path: str = "") -> Parsed:
        """Read a file's bytes to be shown, as `open` does but for refs, and quickly; never raises."""
        file = self.open(data, path)
        return Parsed(file.problems, lambda: file.entries, legible=file.legible)

    def is_broken(self, data: bytes) -> bool:
        """Whether a file has an error in it, found as quickly as may be."""
        return bool(self.open(data).errors)

    def protection(self, data: bytes) -> str:
        """Return the reason why nobody is to change a file, a clause, as it says itself; empty where none."""
        return ""

    def tool_blocks(self, data: bytes) -> tuple[ToolBlock, ...]:
        """Return the parts of a file that a tool keeps by itself."""
        return ()

    def open(self, data: bytes, path: str = "", rule: str = "") -> MemoryFile:
        """Open a file's bytes; never raises. A file that is not there is one without bytes.

        `rule` is that of another version of the file, which is to have its entries alike.
        """

    def takes_more(self, path: str, entries: Sequence[Entry]) -> bool:
        """Whether there may be one more entry in a file with these, as far as its path and they tell."""
        return True

    def blank(self, path: str, shape: KindShape, now: datetime) -> bytes:
        """Return a new file for entries of a kind, with its metadata and no entry; perhaps nothing at all."""
        return b""

    def file_of_its_own(self, path: str, data: bytes, name: str, kind: str = "") -> str:
        """Return the path for a new entry of this name where the file at `path` is one entry; else `path`.

        `kind` is that of the new entry; empty: as of the one at `path`, which is there then.
        """
        return path

    def field_name(self, name: str) -> str:
        """Return a name for a field that has this one in another format; not to be split or numbered."""
        return name

    def plain(self, text: str) -> str:
        """Return a text of a field without marks of another meaning."""
        return text

    def wrapped(self, text: str, *, indent: bool = False) -> str:
        """Return a text as a code block, fenced or indented; itself where a format needs none."""
        return text

    def misleads(self, text: str) -> bool:
        """Whether something in a text would read as more than a text."""
        return False

    def told_by(self, name: str, text: str) -> Mapping[str, str]:
        """Return the fields that a new one of this name and text reads as; mostly itself."""
        return {name: text}

    def text(self, data: bytes) -> str:
        """Return a file's bytes as text, to be compared with another version; never raises."""
        return self.open(data).source

    def merge(self, sides: Sides, path: str, choices: Choices | None = None) -> Merged:
        """Merge two versions of a file that came of one.

        What one side did not touch stays byte for byte. Raises `EditRefused` for a text of `choices` that
        cannot be put into its place.
        """

    def declared(self, data: bytes) -> str:
        """Return the encoding that a file's own text names, empty where it names none."""
        return ""

    def lone(self, text: str) -> Lone | None:
        """Read the source of one entry by itself; None where it is not just one. It may have problems."""

    def may_lose(self, gone: bytes, come: bytes) -> bool:
        """Whether an entry may have gone where the one stretch of bytes gave way to the other."""
        return True

    def is_all(self, data: bytes, start: int, end: int, rule: str) -> bool:
        """Whether the bytes of an entry are one here: not in a comment, nor the start of a longer one."""
        return True

    def load_limit(self, path: str) -> LoadLimit | None:
        """Return the part of a file that its agent reads when it starts; None for all of it."""
        return None
