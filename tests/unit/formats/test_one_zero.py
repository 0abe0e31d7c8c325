"""One zero byte in a text hides nothing of it, however short the text is, and stays where it is."""

from __future__ import annotations

import pytest

from index.formats.registry import open_file, read_file

TEXTS = {
    "a.md": b"# A\n",
    "memory-bank/progress.md": b"# Progress\n\n## One\n\ntext\n\n## Two\n\nmore\n",
    ".claude/memory/a.md": b"---\nname: a\n---\n\nText.\n",
    "a.xml": b"<a><b>c</b></a>",
    "memories/fixes.xml": b"<fixes>\n  <fix><title>One</title></fix>\n  <fix><day>2</day></fix>\n</fixes>\n",
}


@pytest.mark.parametrize("file", TEXTS)
def test_one_zero_byte_anywhere(file: str) -> None:
    text = TEXTS[file]
    for at in range(len(text) + 1):
        data = text[:at] + b"\0" + text[at:]
        found = open_file(data, file)
        assert found.to_bytes() == data
        assert not found.refusal
        assert not found.readonly
        assert found.legible
        assert found.entries
        assert read_file(data, file).legible


@pytest.mark.parametrize("file", ["a.md", "a.xml"])
@pytest.mark.parametrize("data", [b"\0", b"\0" * 40, b"\0\1\0\2\0\3", b"# A\n" + b"\0" * 4096])
def test_many_zeros_or_nothing_else_are_no_text(file: str, data: bytes) -> None:
    found = open_file(data, file)
    assert found.to_bytes() == data
    assert found.problems
    assert not found.entries
