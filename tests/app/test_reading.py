"""The order of a page, its lists, and its code in four tones."""

from __future__ import annotations

import pytest
from textual.content import Content

from index.rendering.prose import words_around
from index.search.language.highlight import Highlighter
from index.search.language.query import parse
from tests.support.pages import page
from tui.theme.code import highlighted


def tones(lines: list[Content]) -> dict[str, str]:
    """Return the role that each word of code is drawn in."""
    return {
        line.plain[span.start : span.end].strip(): str(span.style)
        for line in lines
        for span in line.spans
        if span.style != "text"
    }


def test_a_short_root_cause_comes_before_the_prevention_and_metadata_last() -> None:
    shown = page(
        "<debugging-solution><metadata><version>1.0</version></metadata><id>DEBUG-1</id><title>T</title>"
        "<problem>The checkout waits for a free connection and fails.</problem>"
        "<root-cause>No timeout at all</root-cause>"
        "<prevention>Every pool has a limit and a timeout, and a test for both.</prevention>"
        "<effort>two hours of work</effort></debugging-solution>"
    )
    order = ["Problem", "Root cause  No timeout at all", "Prevention", "Effort      two hours of work"]
    order += ["ID          DEBUG-1", "Metadata", "· 1.0"]
    assert [shown.index(line) for line in order] == sorted(shown.index(line) for line in order)
    assert shown[-3:] == ["", "Metadata", "· 1.0"]


def test_fields_of_one_name_are_one_list() -> None:
    shown = page(
        "<lesson><title>T</title>"
        "<description>The first thing that was learned.</description>"
        "<description>The second thing that was learned.</description>"
        "<description>third</description>"
        "<case><step>Look at the plan first</step><step>Then at the locks</step><note>well</note></case>"
        "</lesson>"
    )
    at = shown.index("Description")
    assert shown[at + 1 : at + 4] == [
        "· The first thing that was learned.", "· The second thing that was learned.", "· third",
    ]  # fmt: skip
    case = shown.index("Case")
    assert shown[case + 1 : case + 5] == [
        "Step",
        "· Look at the plan first",
        "· Then at the locks",
        "Note        well",
    ]


def test_states_that_say_no_more_are_signs() -> None:
    xml = (
        "<lesson><title>T</title><goals><goal status='completed'>Ship it to all of them</goal>"
        "<goal status='open'>Tell everybody about it</goal><goal status='in progress'>Measure</goal>"
        "</goals></lesson>"
    )
    shown = page(xml)
    at = shown.index("Goals")
    assert shown[at + 1 :] == [
        "✓ Ship it to all of them", "○ Tell everybody about it", "· Measure", "  Status in progress",
    ]  # fmt: skip
    found = page(xml, spans=Highlighter(parse("completed ")).spans)
    assert "  Status completed" in found
    assert "  Status open" not in found


@pytest.mark.parametrize("width", [30, 44, 60, 100])
def test_a_label_is_never_cut(width: int) -> None:
    shown = page(
        "<lesson><title>T</title><infrastructure-dependencies>two of them</infrastructure-dependencies>"
        "<effort>small enough</effort></lesson>",
        width,
    )
    assert not any("…" in line for line in shown)
    assert "Infrastructure dependencies" in " ".join(" ".join(shown).split())
    assert "two of them" in "\n".join(shown)


def test_code_has_the_tones_of_its_language() -> None:
    sql = tones([*highlighted("SELECT id, 'x' FROM orders -- all\nLIMIT 10;")])
    assert (sql["SELECT"], sql["'x'"], sql["-- all"], sql["10"]) == ("strong", "string", "muted", "number")
    python = tones([*highlighted("@once\ndef load(path):\n    return None  # later", "python")])
    assert (python["def"], python["load"], python["# later"]) == ("strong", "name", "muted")
    script = tones([*highlighted("const rows = await sql`\n  SELECT id\n`; // all of them")])
    assert (script["const"], script["// all of them"]) == ("strong", "muted")
    assert tones([*highlighted("- old\n+ new", "diff")]) == {"- old": "err", "+ new": "ok"}


@pytest.mark.parametrize("language", ["", "sql", "python", "no-such-language", "text", "xml"])
@pytest.mark.parametrize("text", ["", "a\n\n  b\n", "x = 'open\n\ty = `also", "\r\n<a", "x" * 30_000])
def test_colouring_loses_nothing(language: str, text: str) -> None:
    drawn = [line.plain for line in highlighted(text, language)]
    assert drawn == text.expandtabs(4).split("\n") or drawn == text.expandtabs(4).replace("\r\n", "\n").split(
        "\n"
    )


def test_a_sentence_before_code_is_no_code() -> None:
    text = "The cursor carries the text.\n\nSELECT 1\nFROM   a;\n\nAND    b;\n\nIt is exact."
    assert words_around(text) == (
        "The cursor carries the text.",
        "SELECT 1\nFROM   a;\n\nAND    b;",
        "It is exact.",
    )
    shown = page(f"<lesson><title>T</title><solution>{text}</solution></lesson>")
    assert "The cursor carries the text." in shown
    assert "  SELECT 1" in shown


def test_an_attribute_names_the_language_of_code() -> None:
    shown = page('<lesson><title>T</title><body language="sql">one line of it\nand another</body></lesson>')
    assert "  one line of it" in shown
    assert "  and another" in shown
