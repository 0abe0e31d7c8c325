"""A toy format: one entry a line, `lesson: L-1 | title: Pool runs dry | tags: a, b`, in `.memo` files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from index.formats import base
from index.formats.base import Inserted, MemoryFile, Merged
from index.formats.entry_making import Record, make_entries, shared_values
from index.formats.opened import field_of
from index.model.entry import Entry
from index.model.field import Field, FieldColumns
from index.model.kind_shape import KindShape
from index.model.problems import Problem, Splice, apply
from index.model.text.text_merge import merge_lines


def pairs_of(line: str) -> list[tuple[str, str]]:
    parts = [pair.partition(":") for pair in line.split("|")]
    return [(name.strip(), text.strip()) for name, sign, text in parts if sign]


@dataclass(frozen=True)
class MemoFile:
    source: str
    path: str = ""
    problems: tuple[Problem, ...] = ()
    errors = problems
    readonly, refusal, legible, codec, rule = False, "", True, "utf-8", ""

    @cached_property
    def lines(self) -> list[str]:
        return self.source.split("\n")

    @cached_property
    def entries(self) -> list[Entry]:
        told = [(ref, pairs) for ref, line in enumerate(self.lines) if (pairs := pairs_of(line))]
        records = [
            Record(
                FieldColumns.of([Field("id", own), *(Field(*pair) for pair in pairs)]),
                kind,
                ("",),
                ref + 1,
                ref,
            )
            for ref, ((kind, own), *pairs) in told
        ]
        return make_entries(records, self.path, shared_values([], [], self.path))

    def to_bytes(self) -> bytes:
        return self.encoded(self.source)

    def encoded(self, text: str) -> bytes:
        return text.encode("utf-8", "surrogateescape")

    def span(self, ref: int) -> tuple[int, int]:
        start = sum(len(line) + 1 for line in self.lines[:ref])
        return start, start + len(self.lines[ref])

    def spliced(self, splices: Iterable[Splice]) -> MemoFile:
        return replace(self, source=apply(self.source, splices))

    def _line(self, ref: int, *lines: str) -> MemoFile:
        source = "\n".join([*self.lines[:ref], *lines, *self.lines[ref + 1 :]])
        return self if source == self.source else replace(self, source=source)

    def put_field(self, entry: Entry, name: str, text: str, form: base.FieldForm) -> MemoFile:
        if "|" in text or "\n" in text:
            raise base.EditRefused("a line holds no | and no line end.")
        (kind, own), *pairs = pairs_of(self.lines[entry.ref])
        texts = {"id": own} | dict(pairs) | {name: text}
        said = [f"{kind}: {texts.pop('id')}", *(f"{key}: {value}" for key, value in texts.items())]
        return self._line(entry.ref, " | ".join(said))

    def put_field_back(self, entry: Entry, name: str, then: MemoryFile, was: Entry) -> MemoFile:
        old = field_of(was, name)
        form = base.FieldForm(KindShape(entry.kind, ()))
        if old:
            return self.put_field(entry, name, old.text, form)
        pairs = [pair for pair in pairs_of(self.lines[entry.ref]) if pair[0] != name]
        return self._line(entry.ref, " | ".join(map(": ".join, pairs)))

    def insertions(self, new: base.NewEntry) -> Iterator[Inserted]:
        texts = {value.name.lstrip("@"): value.text for value in new.values}
        said = [f"{new.shape.kind}: {texts.pop('id', '')}", *map(": ".join, texts.items())]
        at = len(self.lines) - 1
        yield Inserted(self._line(at, new.excerpt.text if new.excerpt else " | ".join(said), ""), at)

    def doubled(self, entry: Entry) -> Inserted:
        return Inserted(self._line(entry.ref, *[self.lines[entry.ref]] * 2), entry.ref + 1)

    def without(self, ref: int) -> MemoFile:
        return self._line(ref)

    def is_whole(self, entry: Entry) -> bool:
        return False

    def holds_only(self, ref: int) -> bool:
        return self.source.strip() == self.lines[ref].strip()

    def excerpt(self, entry: Entry, to: MemoryFile, new: base.NewEntry) -> base.Excerpt:
        return base.Excerpt(self.lines[entry.ref])

    def alone(self, entry: Entry) -> base.Lone:
        return base.Lone(MemoFile(self.lines[entry.ref], self.path), replace(entry, ref=0), entry.kind)

    def with_parts(self, parts: Mapping[int, MemoryFile]) -> MemoFile:
        said = [parts[ref].source if ref in parts else line for ref, line in enumerate(self.lines)]
        return replace(self, source="\n".join(said))

    def check_source(self, ref: int, text: str) -> tuple[Problem, ...]:
        broken = Problem("no-pair", self.span(ref)[0], 0, ref + 1, 1, "An entry is one line of pairs.")
        return () if pairs_of(text) and "\n" not in text.strip() else (broken,)

    def with_source(self, ref: int, text: str) -> MemoFile:
        return self._line(ref, text.strip())

    def put_back(self, ref: int, then: MemoryFile, was: int) -> Iterator[MemoFile]:
        yield self._line(ref, then.source[slice(*then.span(was))])

    def insert_back(self, then: MemoryFile, was: int, twins: Mapping[int, int | None]) -> Iterator[MemoFile]:
        at = min(was, len(self.lines) - 1)
        yield self._line(at, then.source[slice(*then.span(was))], self.lines[at])

    def repaired(self, *, guesses: bool = True) -> MemoFile:
        return self


class MemoFormat(base.Format):
    name, suffix = "memo", ".memo"

    def matches(self, path: str) -> bool:
        return path.endswith(self.suffix)

    def open(self, data: bytes, path: str = "", rule: str = "") -> MemoFile:
        return MemoFile(data.decode("utf-8", "surrogateescape"), path)

    def lone(self, text: str) -> base.Lone | None:
        return next((MemoFile(text).alone(entry) for entry in MemoFile(text).entries), None)

    def merge(self, sides: base.Sides, path: str, choices: base.Choices | None = None) -> Merged:
        texts = [self.text(data or b"") for data in sides]
        choice = (choices or {}).get((path, ""), "")
        text = {"base": texts[0], "ours": texts[1], "theirs": texts[2]}.get(choice, choice)
        text = text or merge_lines(*texts) or ""
        if not text and any(texts):
            return Merged(None, (base.MergeConflict(path, "", *texts),))
        return Merged(text.encode("utf-8", "surrogateescape"))
