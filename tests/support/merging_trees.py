"""Trees of a few files, merged from three versions without git, in each format."""

from __future__ import annotations

from dataclasses import dataclass

from index.formats.base import Choices, MergeConflict
from index.history.file_versions import FileVersions
from index.history.merge_files import merge_files
from index.history.moved_entries import follow_moves

Tree = dict[str, str]
"""Path → text of each file of a side."""


def merged(
    base: Tree, ours: Tree, theirs: Tree, choices: Choices | None = None
) -> tuple[Tree, tuple[MergeConflict, ...]]:
    """Merge three trees; return the files that come of it, and the conflicts."""
    trees = (base, ours, theirs)
    files = []
    for name in {**base, **ours, **theirs}:
        texts = [tree.get(name) for tree in trees]
        changed = frozenset(side for side in (1, 2) if texts[side] != texts[0])
        datas = [None if text is None else text.encode() for text in texts]
        names = ["" if text is None else name for text in texts]
        files.append(FileVersions(names, datas.__getitem__, changed))
    conflicts = follow_moves(files, choices or {})
    out = {name: tree[name] for tree in (base, ours, theirs) for name in tree}
    out = {name: (ours if ours.get(name) != base.get(name) else theirs).get(name, "") for name in out}
    for file in merge_files(files, choices or {}):
        conflicts += file.merged.conflicts
        out[file.name] = (file.merged.data or b"").decode()
    return {name: text for name, text in out.items() if text}, conflicts


@dataclass(frozen=True)
class Form:
    """Files of one format, and how an entry is written in them."""

    a: str
    b: str
    c: str
    start: str
    end: str
    entry: str
    others: Form | None = None
    """That of all files but the first one, where they are of another format."""

    def of(self, name: str) -> Form:
        """Return the form of a file."""
        return self.others if self.others and name != self.a else self

    def file(self, *entries: str) -> str:
        return f"{self.start}{''.join(entries)}{self.end}"

    def one(self, key: int, *, title: str = "", fix: str = "wait", note: str = "none") -> str:
        return self.entry.format(key=key, title=title or f"Title of {key}", fix=fix, note=note)

    def base(self) -> Tree:
        """Return two files of three and two entries."""
        return {self.a: self.file(*map(self.one, (1, 2, 3))), self.b: self.file(*map(self.one, (4, 5)))}


XML = Form(
    *("a.xml", "b.xml", "c.xml", "<lessons>\n", "</lessons>\n"),
    '  <lesson id="L-{key}">\n    <title>{title}</title>\n    <fix>{fix}</fix>\n    <note>{note}</note>\n'
    "  </lesson>\n",
)
MARKDOWN = Form(
    *(".learnings/LEARNINGS.md", ".learnings/ERRORS.md", ".learnings/FEATURE_REQUESTS.md"),
    *("# Learnings\n\n---\n", ""),
    "\n## [LRN-20260501-00{key}] correction\n\n**Status**: {fix}\n**Area**: {note}\n\n"
    "### Summary\n{title}\n\n---\n",
)
_FILES = ("a.xml", ".learnings/LEARNINGS.md", ".learnings/ERRORS.md")
MIXED = Form(
    *_FILES, XML.start, XML.end, XML.entry.replace("L-", "DEBUG-"),
    Form(*_FILES, "# Notes\n", "", "\n## [DEBUG-{key}] {title}\n\n**fix**: {fix}\n**note**: {note}\n"),
)  # fmt: skip
