"""Three-way merge of one memory file: by entry, then by field, so that unlike changes never meet.

Parts that the other side did not touch stay byte for byte. The result is read again and compared with
what was meant; where that fails, or a file cannot be read by element, its lines are merged instead.
"""

from __future__ import annotations

from index.formats.base import Choices, Merged, Sides
from index.formats.xml.document import Document
from index.formats.xml.merging.merge_elements import CannotMerge, Merger
from index.formats.xml.merging.merge_nodes import MergeNode, namespaces, read_nodes
from index.formats.xml.writing.markup_writing import require_legal
from index.model.merge_outcomes import turned
from index.model.text.text_merge import merge_lines


def merge_file(sides: Sides, path: str, choices: Choices) -> Merged | None:
    """Merge two versions of a file; None where one is to be taken whole. See `Format.merge`.

    Layout counts too: when only one side laid the file out anew, that layout is kept.
    """
    for text in choices.values():
        require_legal(text)
    base, ours, theirs = sides
    if ours is None or theirs is None:
        return None
    documents = [Document.parse(data, path) for data in (base or b"", ours, theirs)]
    if base is None:
        documents[0] = Document.parse(b"<none/>", path)
    if any(document.encoding.refusal for document in documents):
        return None  # no lines, nor entries, to be merged
    if _legible(documents):
        try:
            return _by_entry(documents, path, choices, made=base is None)
        except CannotMerge:
            pass
    return _by_line(base, ours, theirs, path, choices)


# ── by entry ──────────────────────────────────────────────────────────────────


def _legible(documents: list[Document]) -> bool:
    """Whether the elements of all are sure: at most something in them is to be escaped."""
    if any(document.readonly for document in documents):
        return False
    if any(problem.guesses or not problem.repairable for d in documents for problem in d.errors):
        return False
    return len({namespaces(document) for document in documents if document.source != "<none/>"}) == 1


def _by_entry(documents: list[Document], path: str, choices: Choices, *, made: bool) -> Merged:
    base, ours, theirs = (read_nodes(document, path) for document in documents)
    swapped = not made and _laid_out_anew(base, theirs) and not _laid_out_anew(base, ours)
    stem, other = (theirs, ours) if swapped else (ours, theirs)
    merger = Merger(None if made else base, stem, other, path, turned(choices) if swapped else choices)
    text = merger.run()
    if merger.conflicts:
        return Merged(None, tuple(one.turned() if swapped else one for one in merger.conflicts))
    data = _encoded(stem.document, text)
    _check(data, merger, documents, path)
    if merger.counted:
        # A count of entries is known once they are merged: they are, so say how many came.
        merger = merger.again(_entries(read_nodes(Document.parse(data, path), path)))
        data = _encoded(stem.document, merger.run())
        _check(data, merger, documents, path)
    return Merged(data)


def _encoded(document: Document, text: str) -> bytes:
    try:
        return document.encoding.encode(text)
    except UnicodeEncodeError as error:
        raise CannotMerge from error


def _check(data: bytes, merger: Merger, documents: list[Document], path: str) -> None:
    """Raise CannotMerge unless the file reads as it was meant to."""
    result = Document.parse(data, path)
    allowed = len(documents[1].errors) + len(documents[2].errors)
    if len(result.errors) > allowed or any(problem.guesses for problem in result.errors):
        raise CannotMerge
    if read_nodes(result, path).value != merger.value:
        raise CannotMerge


def _entries(file: MergeNode) -> int:
    return sum(1 for node in file.walk() if node.entry)


def _laid_out_anew(base: MergeNode, side: MergeNode) -> bool:
    """Whether most lines with the same text as before are indented, or ended, in another way."""
    before: dict[object, set[str]] = {}
    for node in base.walk():
        for gap, child in zip(node.gaps()[0], node.children, strict=True):
            before.setdefault(child.value, set()).add(gap + child.markup)
    same = changed = 0
    for node in side.walk():
        for gap, child in zip(node.gaps()[0], node.children, strict=True):
            if known := before.get(child.value):
                same += gap + child.markup in known
                changed += gap + child.markup not in known
    return changed > same


# ── by line ───────────────────────────────────────────────────────────────────


def _by_line(base: bytes | None, ours: bytes, theirs: bytes, path: str, choices: Choices) -> Merged | None:
    """Merge the lines, each byte a character; None for a result with more problems than both sides."""
    if base is None or (path, "") in choices:
        return None
    text = merge_lines(*(data.decode("latin-1") for data in (base, ours, theirs)))
    data = (text or "").encode("latin-1")
    worst = max(len(Document.parse(side, path).errors) for side in (ours, theirs))
    return Merged(data) if text is not None and len(Document.parse(data, path).errors) <= worst else None
