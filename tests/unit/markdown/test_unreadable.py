"""Bytes that are no Markdown text: the reason is told, and nothing in them is changed."""

from __future__ import annotations

import pytest

from index.formats.markdown.markdown_file import MarkdownFile
from index.model.errors import CannotRepair


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\0" * 300, "The file holds only zeros"),
        (b"# One\n\ntext\n" + b"\0" * 300, "The file ends in zero bytes"),
        ("\ufeff# One".encode("utf-16-be")[:-1], "its last character is only half there"),
        (b"\0\1\0\2" * 9, "The bytes of this file are not text"),
    ],
)
def test_the_reason_is_told(data: bytes, reason: str) -> None:
    file = MarkdownFile.parse(data, "note.md")
    assert reason in file.problems[0].message
    assert file.to_bytes() == data
    with pytest.raises(CannotRepair, match=reason):
        file.repaired()
