"""The tones of Markdown source, line by line."""

from __future__ import annotations

import pytest

from tests.support.markdown import FILES
from tui.theme.markdown_source import markdown_tones


def toned(text: str) -> list[list[tuple[str, str]]]:
    lines = text.split("\n")
    return [
        [(line[tone.start : tone.end], tone.role) for tone in tones]
        for line, tones in zip(lines, markdown_tones(text), strict=True)
    ]


@pytest.mark.parametrize(
    ("line", "tones"),
    [
        ("## Title", [("## Title", "strong")]),
        ("#tag is no title", []),
        ("- **Status**: open", [("- ", "muted"), ("**Status**", "strong")]),
        ("1. [x] see [a](b.md)", [("1. [x] ", "muted"), ("](b.md)", "name")]),
        ("use `a ** b` and [[name]]", [("`a ** b`", "string"), ("[[name]]", "name")]),
        ("``a ` b`` c", [("``a ` b``", "string")]),
        ("> quoted https://a.org/b", [("> ", "muted"), ("https://a.org/b", "name")]),
        ("a <!-- hidden --> b", [("<!-- hidden -->", "muted")]),
        ("", []),
    ],
)
def test_a_line_is_toned_by_its_signs(line: str, tones: list[tuple[str, str]]) -> None:
    assert toned(line) == [tones]
    assert toned(f"text\n{line}") == [[], tones]


def test_a_front_matter_is_toned_by_its_keys() -> None:
    text = "---\nname: a # b\nmetadata:\n  type: x\n# note\n- item\n---\nname: no key"
    rule, note = [("---", "muted")], [("# note", "muted")]
    assert toned(text) == [
        *(rule, [("name:", "strong")], [("metadata:", "strong")], [("  type:", "strong")]),
        *(note, [], rule, []),
    ]
    assert toned("---\nname: a") == [[("---", "muted")], []]


def test_a_code_block_and_a_comment_go_on_to_their_end() -> None:
    text = "```py\n# no title\n~~~\n```\n# title\n<!-- a\n# no title\n-->\n**b**"
    roles = [tones[0][1] for tones in toned(text)]
    assert roles == ["string"] * 4 + ["strong"] + ["muted"] * 3 + ["strong"]


@pytest.mark.parametrize("path", FILES)
def test_every_line_has_its_tones_inside_of_it(path: str) -> None:
    text = FILES[path]
    for line, tones in zip(text.split("\n"), markdown_tones(text), strict=True):
        assert all(0 <= tone.start < tone.end <= len(line) for tone in tones)
