"""A Markdown file as the rest of the house sees it: entries, and edits of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from index.formats.base import (
    EditRefused,
    Excerpt,
    FieldForm,
    Inserted,
    Lone,
    MemoryFile,
    NewEntry,
    ReadsElse,
    Samples,
)
from index.formats.conflict_markers import CHOOSE
from index.formats.markdown import entry_splices, field_splices, new_source
from index.formats.markdown.front_matter import read_front_matter
from index.formats.markdown.layouts import is_open
from index.formats.markdown.reading import EntryBlock, MarkdownReading, read_markdown
from index.formats.markdown.reshaping import reshaped
from index.formats.markdown.text_encoding import TextEncoding, decode
from index.formats.markdown.tool_blocks import tool_blocks
from index.model.cached import once
from index.model.entry import NOWHERE, Entry, EntryRef
from index.model.errors import CannotRepair
from index.model.field import Field
from index.model.file_record import ToolBlock
from index.model.plan import CannotEdit
from index.model.problems import MAX_PROBLEMS, GiveUp, Problem, Report, Splice, apply
from index.model.text.item_lists import items_of
from index.model.text.line_index import LineIndex
from index.model.text.margins import within_edges

MAX_LENGTH = 2_000_000
"""Characters past which a file is only a text: none that was seen has a third of it."""

_READ_ONLY = "read_only"
"""Letta's key for a memory that nobody is to change."""
_YES = ("true", "yes", "on")

_ROUNDS = 4
"""Rounds of a repair: a value that is put in quotes may hold bytes that are no text."""


class MarkdownFile:
    """A `MemoryFile` over the text of a Markdown file; its blocks are its refs."""

    def __init__(self, source: str, encoding: TextEncoding, path: str, rule: str = "") -> None:
        self.source = source
        self.path = path
        self.encoding = encoding
        self.codec = encoding.codec
        self.refusal = encoding.refusal
        self._rule = rule
        self._lines = LineIndex(source)

    @classmethod
    def parse(cls, data: bytes, path: str, rule: str = "") -> MarkdownFile:
        """Open a file's bytes; never fails."""
        source, encoding = decode(data)
        return cls(source, encoding, path, rule)

    @once
    def reading(self) -> MarkdownReading:
        """Its entries and their blocks; none of a text past a bound."""
        if self.refusal or len(self.source) > MAX_LENGTH:
            return MarkdownReading([], (), (self._bound(),), None, self._rule)
        try:
            return read_markdown(self.source, self.path, self._rule)
        except GiveUp:
            many = Problem(
                "too-broken", 0, 0, 1, 1, f"There are more than {MAX_PROBLEMS:,} problems in this file."
            )
            return MarkdownReading([], (), (many,), None, self._rule)

    def _bound(self) -> Problem:
        large = f"The file is too large to be edited here ({len(self.source):,} characters)."
        code = "no-text" if self.refusal else "too-large"
        return Problem(code, 0, 0, 1, 1, self.refusal or large)

    @property
    def entries(self) -> list[Entry]:
        return self.reading.entries

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.reading.problems

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")

    @property
    def readonly(self) -> bool:
        return bool(self.refusal) or len(self.source) > MAX_LENGTH

    @property
    def protection(self) -> str:
        """The line `read_only: true` of the front matter, where it has one."""
        front = None if self.readonly else read_front_matter(self.source, Report(self.source))
        held = front and any(one.name == _READ_ONLY and one.text.lower() in _YES for one in front.values)
        return f"its front matter says {_READ_ONLY}: true, so take that line out to change it" if held else ""

    @property
    def tool_blocks(self) -> tuple[ToolBlock, ...]:
        """The parts between comments that a tool writes."""
        return () if self.readonly else tool_blocks(self.source)

    @property
    def legible(self) -> bool:
        return not self.readonly

    def to_bytes(self) -> bytes:
        return self.encoding.encode(self.source)

    def encoded(self, text: str) -> bytes:
        return text.encode(self.codec, self.encoding.errors)

    def span(self, ref: EntryRef) -> tuple[int, int]:
        """Return where an entry begins and ends, without the blank lines behind it."""
        return entry_splices.span_of(self.source, self.reading, ref)

    def spliced(self, splices: Iterable[Splice]) -> MarkdownFile:
        return self._with(apply(self.source, splices))

    def _with(self, source: str) -> MarkdownFile:
        if source == self.source:
            return self
        self.encoding.encode(source)
        return MarkdownFile(source, self.encoding, self.path, self._rule or self.reading.unit)

    # ── fields ────────────────────────────────────────────────────────────────

    def put_field(self, entry: Entry, name: str, text: str, form: FieldForm) -> MarkdownFile:
        """Set a field, or add it in the form that its like have."""
        splices = field_splices.set_field(self.source, self.reading, entry, name, text)
        if splices is not None:
            return self._checked(self.spliced(splices), entry, {name: text})
        like = _sampled(name, form.samples)
        try:
            return self._with_new(entry, name, text, like)
        except ReadsElse:
            if like or "\n" in text:
                raise
            return self._with_new(entry, name, text, "label")  # a section would make the only heading a title

    def _with_new(self, entry: Entry, name: str, text: str, like: str) -> MarkdownFile:
        splices = field_splices.add_field(self.source, self.reading, entry, name, text, like)
        return self._checked(self.spliced(splices), entry, {name: text})

    def _checked(self, edited: MarkdownFile, entry: Entry, texts: Mapping[str, str]) -> MarkdownFile:
        """Return an edited file whose other entries read as before, and these fields as they were given.

        Raises:
            EditRefused: a text reads as something else: a heading, the end of a fence or of the front matter.
        """
        before, after = self.entries, edited.entries
        others = [one.fields for one in before if one.ref != entry.ref]
        if len(before) != len(after) or others != [one.fields for one in after if one.ref != entry.ref]:
            raise ReadsElse("This text would begin or hide another entry: put it in a code block.")
        found = {field.name: field for field in after[entry.ref].fields}
        for name, text in texts.items():
            field = found.get(name)
            if field is None or not _says(field, text):
                raise ReadsElse("This text would read as something else: put it in a code block.")
        if is_open(self.path) and edited.natural_unit != self.natural_unit:
            raise EditRefused("The file would read as other entries then: edit its source, or keep its form.")
        return edited

    @property
    def rule(self) -> str:
        """The unit of its entries, and the level of their headings."""
        return self.reading.rule

    @once
    def natural_unit(self) -> str:
        """The unit that the file has when it is read anew; an edit keeps the one that it had."""
        return (
            MarkdownFile(self.source, self.encoding, self.path).reading.unit
            if self._rule
            else self.reading.unit
        )

    def put_field_back(self, entry: Entry, name: str, then: MemoryFile, was: Entry) -> MarkdownFile:
        there = next((field for field in was.fields if field.name == name), None)
        if there is None:
            edited = self.spliced(field_splices.remove_field(self.source, self.reading, entry, name))
            return self._checked(edited, entry, {})
        here = next((field for field in entry.fields if field.name == name), None)
        old = inner(then)
        part = old.block(was.ref).parts[there.ref]
        if here is not None and self.block(entry.ref).parts[here.ref].form == part.form:
            start, end = self.block(entry.ref).parts[here.ref][2:]
            if start < end:
                return self.spliced([Splice(start, end, old.source[part.start : part.end])])
        splices = field_splices.set_field(self.source, self.reading, entry, name, there.text)
        if splices is None:
            splices = field_splices.add_field(self.source, self.reading, entry, name, there.text, part.form)
        return self.spliced(splices)

    # ── entries ───────────────────────────────────────────────────────────────

    def block(self, ref: EntryRef) -> EntryBlock:
        """Return the block that an entry is."""
        return self.reading.blocks[ref]

    def insertions(self, draft: NewEntry) -> Iterator[Inserted]:
        """Yield the file with a new entry: behind the last of its kind, or on top."""
        if not self.source.strip():
            yield from self._begun(draft)
            return
        if self.reading.unit != "sections":
            return
        model, level = self._place(draft.shape.kind)
        if draft.excerpt:
            text = entry_splices.levelled(draft.excerpt.text, level)
        else:
            only = entry_splices.has_title_only(self.reading)
            like = None if model is None or only else self.block(model)
            text = new_source.compose_section(draft, self.source, like, level)
        behind = None if _newest_first(self.entries) else model
        yield self._inserted(behind, text)
        if behind is None and model is not None:
            yield self._inserted(model, text)

    def _place(self, kind: str) -> tuple[EntryRef | None, int]:
        """Return the last section of a kind, or the last one, and the level of the heading of a new one."""
        headed = [entry for entry in self.entries if self.block(entry.ref).heading]
        same = [entry for entry in headed if entry.kind == kind] or headed
        model = same[-1].ref if same else None
        if model is None or entry_splices.has_title_only(self.reading):
            return model, 2
        return model, entry_splices.level_of(self.block(model))

    def _begun(self, draft: NewEntry) -> Iterator[Inserted]:
        """Yield a new file with its first entry."""
        if new_source.is_collection(self.path):
            text = new_source.compose_collection(draft, self.path)
        elif draft.excerpt:
            text = entry_splices.levelled(draft.excerpt.text, 1)
        else:
            like = MarkdownFile.parse(draft.like, self.path) if draft.like else None
            text = new_source.compose_file(draft, self.path, (like.source, like.reading) if like else None)
        made = MarkdownFile(text if text.endswith("\n") else text + "\n", self.encoding, self.path)
        if made.entries:
            yield Inserted(made, made.entries[-1].ref)

    def _inserted(self, behind: EntryRef | None, text: str) -> Inserted:
        """Put a text behind an entry, None for in front of all."""
        splice = entry_splices.insertion(self.source, self.reading, behind, text)
        edited = self.spliced([splice])
        blocks = edited.reading.blocks
        begun = (ref for ref, one in enumerate(blocks) if one.heading and one.start >= splice.start)
        ref = next(begun, len(blocks))
        return Inserted(edited, ref, ref if ref == behind else NOWHERE)  # a title alone is no entry then

    def doubled(self, entry: Entry) -> Inserted:
        if self.is_whole(entry):
            raise EditRefused("It is all of its file: there is no second one in it.")
        start, end = self.span(entry.ref)
        text = self.source[start:end]
        if field_splices.is_title(self.reading, entry.ref):  # above the others: its copy is one of them
            levels = [block.heading.level for block in self.reading.blocks if block.heading]
            text = entry_splices.levelled(text, max(levels))
        return self._inserted(entry.ref, text)

    def without(self, ref: EntryRef) -> MarkdownFile:
        """Take an entry out, with the gap that it leaves."""
        return self.spliced([entry_splices.removal(self.source, self.reading, ref)])

    def is_whole(self, entry: Entry) -> bool:
        """Whether an entry is all of the file, or the text before the others."""
        return self.reading.unit != "sections" or self.block(entry.ref).heading is None

    def holds_only(self, ref: EntryRef) -> bool:
        start, end = self.span(ref)
        return not (self.source[:start] + self.source[end:]).strip("-\r\n \t")

    def excerpt(self, entry: Entry, to: MemoryFile, new: NewEntry) -> Excerpt:
        """Return an entry's source, as a section or a file of its own as the other file needs it."""
        there, (start, end) = inner(to), self.span(entry.ref)
        unit = there.reading.unit if there.source.strip() else ""
        section = unit == "sections" or (not unit and new_source.is_collection(to.path))
        level = there._place(new.shape.kind)[1] if section else 0
        return reshaped(self.source[start:end], entry, self.reading.unit, to.path, new, level)

    def alone(self, entry: Entry) -> Lone:
        start, end = self.span(entry.ref)
        own = MarkdownFile(self.source[start:end], self.encoding, self.path, self.reading.rule)
        if len(own.entries) != 1 or own.entries[0].fields != entry.fields:
            raise CannotEdit(f"{entry.id} would read differently by itself.")
        return Lone(own, own.entries[0], entry.kind)

    def with_parts(self, parts: Mapping[EntryRef, MemoryFile]) -> MarkdownFile:
        return self.spliced(
            [Splice(*self.span(ref), part.source.rstrip("\r\n")) for ref, part in parts.items()]
        )

    # ── the source of an entry ────────────────────────────────────────────────

    def check_source(self, ref: EntryRef, text: str) -> tuple[Problem, ...]:
        """Return the problems of a text that is to replace an entry: that it is no longer one, for one."""
        edited = self.with_source(ref, text)
        start = self.span(ref)[0]
        if len(edited.entries) != len(self.entries):
            more = len(edited.entries) > len(self.entries)
            why = "a heading of its level begins another one" if more else "it has to begin with its heading"
            words = f"This text does not read as one entry: {why}."
            return (Problem("not-one", start, start, *self._lines.locate(start), words),)
        before = {problem.message for problem in self.problems}
        return tuple(problem for problem in edited.problems if problem.message not in before)

    def with_source(self, ref: EntryRef, text: str) -> MarkdownFile:
        newline = field_splices.newline_of(self.source)
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").replace("\n", newline)
        return self.spliced([Splice(*self.span(ref), text)])

    def put_back(self, ref: EntryRef, then: MemoryFile, was: EntryRef) -> Iterator[MarkdownFile]:
        start, end = then.span(was)
        text = then.source[start:end]
        for source in dict.fromkeys([entry_splices.as_here(text, self.reading, inner(then).reading), text]):
            yield self.spliced([Splice(*self.span(ref), source)])

    def insert_back(
        self, then: MemoryFile, was: EntryRef, twins: Mapping[EntryRef, EntryRef | None]
    ) -> Iterator[MarkdownFile]:
        if not self.source.strip():
            yield MarkdownFile(then.source, self.encoding, self.path)
            return
        places = list(entry_splices.neighbours(was, len(then.entries), twins))
        there = inner(then).reading
        if (raw := entry_splices.removed(inner(then).source, there, was)) is not None:
            for twin, is_before in places:
                at = self._gap(twin, is_before=is_before)
                text = entry_splices.new_as_here(raw, self.reading, there)
                yield self.spliced([Splice(at, at, entry_splices.gapped(text, self.source, at))])
        start, end = then.span(was)
        text = entry_splices.new_as_here(then.source[start:end], self.reading, there)
        for twin, is_before in places:
            behind = twin if is_before or not twin else twin - 1
            if behind is not None and self.block(behind).heading is None and twin is None:
                behind = None
            yield self.spliced([entry_splices.insertion(self.source, self.reading, behind, text)])

    def _gap(self, twin: EntryRef | None, *, is_before: bool) -> int:
        """Return the offset right behind an entry, or in front of it."""
        if twin is None:
            return len(self.source)
        block = self.block(twin)
        return block.end if is_before else block.start

    # ── repair ────────────────────────────────────────────────────────────────

    def repaired(self, *, guesses: bool = True) -> MarkdownFile:
        if self.encoding.refusal:
            raise CannotRepair(self.encoding.refusal)
        if any(problem.code == "conflict" for problem in self.errors):
            raise CannotRepair(CHOOSE)
        for problem in self.errors:
            if problem.code == "unknown-bytes":
                raise CannotRepair(problem.message)
        file = self
        for _ in range(_ROUNDS):
            splices = [s for p in file.errors if guesses or not p.guesses for s in p.splices]
            if not splices:
                break
            file = file.spliced(splices)
        return file


def inner(file: MemoryFile) -> MarkdownFile:
    """Return an opened Markdown file; one of another format is read anew, as the text it is."""
    return file if isinstance(file, MarkdownFile) else MarkdownFile.parse(file.to_bytes(), file.path)


def _sampled(name: str, samples: Samples | None) -> str:
    """Return the form that a field of this name has in entries like it."""
    if samples is None or not isinstance(samples.document, MarkdownFile):
        return ""
    blocks = (samples.document.block(ref) for ref in samples.refs)
    return next((part.form for block in blocks for part in block.parts if part.name == name), "")


def _says(field: Field, text: str) -> bool:
    """Whether a field reads as a text that was typed for it."""
    items = bool(field.items) and items_of(text, commas="\n" not in text) == [*field.items]
    return items or within_edges(field.text) == within_edges(text)


def _newest_first(entries: list[Entry]) -> bool:
    """Whether the times of entries fall from the first to the last."""
    times = [entry.when for entry in entries if entry.when is not None]
    return len(times) > 1 and times[0] > times[-1]
