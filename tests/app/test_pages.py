"""What a page of an entry says, and the parts it is drawn from."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import cast

import pytest
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content

from index.library.snapshot import Snapshot
from index.model.entry import Entry
from index.model.field import Field
from index.rendering.prose import Block, blocks, looks_like_code
from index.search.language.highlight import Highlighter
from index.search.language.query import parse
from index.workspace import Workspace
from tests.support.pages import NOW, entry_of, page
from tui.data.entry_text import as_text
from tui.data.tree_workers import Progress, Reporter, TreeRead
from tui.runtime import clipboard
from tui.theme import dates
from tui.theme.code import highlight
from tui.theme.drawing import bar, chips, code_lines, cut, is_heading, meter, place, plain, progress, t, wrap
from tui.theme.sanitize import Ascii, Sanitize
from tui.theme.themes import DEFAULT, SIXTEEN, THEMES, choose
from tui.widgets.browse.entry_page import about_rows, lines
from tui.widgets.browse.page_facts import Page
from tui.widgets.browse.value_rows import FOLD


def test_fields_stand_in_reading_order_short_values_in_a_column() -> None:
    shown = page(
        "<api-pattern><name>Paginated listing</name><status>stable</status>"
        "<use-case>Large dataset retrieval with consistent results</use-case>"
        "<tags>cursor, pagination</tags><owner>shop-agent</owner></api-pattern>"
    )
    assert shown[0] == "◇ API pattern"
    assert shown[2] == "Paginated listing"
    use = shown.index("Use case")
    assert shown[use + 1] == "Large dataset retrieval with consistent results"
    assert shown[use + 3 :] == [
        "Status      stable",
        "Tags         cursor   pagination",
        "Owner       shop-agent",
    ]


def test_nothing_is_hidden() -> None:
    xml = (
        "<debugging-solution><title>T</title><odd-name>odd value</odd-name>"
        '<nested><a x="1">one</a><b><c>deep</c></b></nested><list><i>first item</i><i>second item</i></list>'
        "</debugging-solution>"
    )
    shown = "\n".join(page(xml))
    for text in ("Odd name", "odd value", "one", "1", "deep", "· first item", "· second item"):
        assert text in shown


def test_records_inside_an_entry_are_a_list() -> None:
    shown = page(
        "<phase-status><title>Phases</title><phases>"
        "<phase><name>Export</name><status>done</status>"
        "<notes>All of it went well enough to go on with it.</notes></phase>"
        "<phase><name>Import</name><status>open</status></phase></phases></phase-status>"
    )
    at = shown.index("Phases", 3)
    assert shown[at + 1 : at + 4] == [
        "✓ Export",
        "  Notes",
        "    All of it went well enough to go on with it.",
    ]
    assert shown[at + 4 :] == ["○ Import"]


def test_a_time_inside_an_entry_reads_as_any_other() -> None:
    text = (
        "<phase-status><title>Phases</title><api-version>2025-06-20</api-version>"
        "<last-checked>2025-11-20T10:20:00Z</last-checked><phases>"
        "<phase><name>Export</name><status>done</status><completed>2025-11-20T17:10:00Z</completed></phase>"
        "<phase><name>Import</name><completed>2025-11-20T25:10:00Z</completed></phase></phases></phase-status>"
    )
    shown = "\n".join(page(text))
    assert "Completed 20 Nov 2025, 17:10" in shown
    assert "Completed 2025-11-20T25:10:00Z" in shown
    assert ["Last", "checked", "20", "Nov", "2025,", "10:20"] in [line.split() for line in page(text)]
    assert "2025-06-20" in shown


def test_a_long_value_folds_and_unfolds() -> None:
    text = "\n".join(f"line {n}" for n in range(30))
    xml = f"<lesson><title>Long</title><finding>{text}</finding></lesson>"
    folded = page(xml)
    assert folded[-1] == "↓ 18 more lines"
    assert f"line {FOLD - 1}" in folded
    assert f"line {FOLD}" not in folded
    assert "line 29" in page(xml, unfolded=frozenset({"finding"}))


def test_a_value_with_its_only_match_below_the_fold_is_whole() -> None:
    text = "\n".join(f"line {n}" for n in range(30))
    spans = Highlighter(parse("line 29x")).spans
    xml = f"<lesson><title>Long</title><finding>{text}\nneedle</finding></lesson>"
    assert "needle" not in page(xml, spans=spans)
    assert "needle" in page(xml, spans=Highlighter(parse("needle ")).spans)


def test_markup_in_a_memory_is_text() -> None:
    shown = page(
        "<lesson><title>[/foo] [b]x</title><finding>[red]not red[/red] and some more</finding></lesson>"
    )
    assert "[/foo] [b]x" in shown
    assert "[red]not red[/red] and some more" in shown


def test_lines_are_never_wider_than_the_pane() -> None:
    xml = (
        "<lesson><title>日本語の長いタイトル" + "語" * 80 + "</title>"
        "<finding>"
        + "x" * 300
        + "</finding><code><![CDATA[if (a) {\n"
        + "y" * 200
        + ";\n}]]></code></lesson>"
    )
    for width in (20, 40, 58, 120):
        for line in lines(Page(entry_of(xml), NOW), width):
            assert line.cell_length <= width


@pytest.mark.parametrize(
    ("value", "markdown"),
    [
        ("The whole of the connection pool ran out.", False),
        ("- The whole of a connection pool ran out.", False),
        ("The whole of the connection pool ran out.", True),
    ],
    ids=["prose", "item", "Markdown"],
)
def test_words_found_together_are_lit_where_a_line_ends_between_them(value: str, markdown: bool) -> None:
    spans = Highlighter(parse('"connection pool"')).spans
    entry = entry_of(f"<lesson><title>T</title><finding>{value}</finding></lesson>")
    drawn = list(lines(Page(entry, NOW, markdown=markdown, spans=spans), 34))
    lit = [line.plain[span.start : span.end] for line in drawn for span in line.spans if span.style == "lit"]
    assert "connection pool" not in "\n".join(line.plain for line in drawn)
    assert [words.strip() for words in lit] == ["connection", "pool"]


def test_a_huge_entry_is_laid_out_only_as_far_as_it_is_looked_at() -> None:
    fields = "".join(f"<note-{n}>This is a note of some length, number {n}.</note-{n}>" for n in range(3000))
    drawn = lines(Page(entry_of(f"<lesson><title>T</title>{fields}</lesson>"), NOW), 60)
    first = [next(drawn).plain for _ in range(10)]
    assert "  Note 0" in first


def test_headings_are_known() -> None:
    assert is_heading(t("  ", ("Problem", "head")))
    assert not is_heading(t(("Tags", "head"), "  x"))


def test_prose_is_told_from_lists_and_code() -> None:
    text = "Intro:\n\n1. first\n2. second\n   goes on\n- dot\n  - deeper\n\n```js\nlet a = 1\n```\nend"
    assert list(blocks(text)) == [
        Block("text", "Intro:"),
        Block("text", ""),
        Block("item", "first", "1."),
        Block("item", "second goes on", "2."),
        Block("item", "dot"),
        Block("item", "deeper", "", 1),
        Block("text", ""),
        Block("code", "let a = 1", "js"),
        Block("text", "end"),
    ]


def test_lines_wrapped_by_hand_are_one_paragraph_and_short_lines_stay() -> None:
    long = "a line that someone wrapped by hand near the eightieth column,"
    assert [b.text for b in blocks(f"{long}\n{long}\nend")] == [f"{long} {long} end"]
    assert [b.text for b in blocks("one\ntwo")] == ["one", "two"]


def test_indented_lines_after_a_gap_are_code() -> None:
    assert list(blocks("Run:\n    make\n    make test"))[1] == Block("code", "make\nmake test")


PLAN = """EXPLAIN (ANALYZE, BUFFERS) SELECT ... WHERE merchant_id = 4182
ORDER BY created_at LIMIT 1000 OFFSET 1100000;

 Limit  (actual time=31877.912..31906.440 rows=1000 loops=1)
   ->  Gather Merge  (actual rows=1101000)
         ->  Sort  (external merge  Disk: 418232kB)"""
TABLE = "name        p50     p95\nlist        14 ms   80 ms\nexport      1.2 s   9 s"
FRAME = "┌────┐\n│ db │\n└────┘"
FOLDERS = "src/\n  api/\n    orders.py\n    users.py\n  jobs/"
PIPES = "| key | meaning |\n|-----|---------|\n| a   | first   |"
PYTHON = "if found:\n    for one in found:\n        keep(one)\nelse:\n    stop()"


@pytest.mark.parametrize("text", [PLAN, TABLE, FRAME, FOLDERS, PIPES, PYTHON])
def test_preformatted_lines_stay_as_they_are(text: str) -> None:
    parts = [block for block in blocks(text) if block.text]
    assert {block.kind for block in parts} == {"code"}
    shown = [line for block in parts for line in block.text.split("\n")]
    assert [line.split() for line in shown] == [line.split() for line in text.split("\n") if line.strip()]
    margins = [[len(line) - len(line.lstrip()) for line in block.text.split("\n")] for block in parts]
    wanted = [
        [len(line) - len(line.lstrip()) for line in paragraph.split("\n")] for paragraph in text.split("\n\n")
    ]
    assert margins == [[margin - min(rows) for margin in rows] for rows in wanted]


@pytest.mark.parametrize("text", [
    "One sentence.  Two spaces after it.\nAnd one more.  As typewriters had it.",
    "A paragraph that hangs\n  on its second line\n  and on its third.",
    "short\nlines\nof prose",
    "Ask and you shall be told:\nthe answer stands below.",
])  # fmt: skip
def test_prose_is_not_taken_for_preformatted(text: str) -> None:
    assert {block.kind for block in blocks(text)} == {"text"}


def test_a_fold_never_hides_a_single_line() -> None:
    for count, told in ((FOLD, 0), (FOLD + 1, 0), (FOLD + 2, 1), (FOLD + 30, 1)):
        text = "\n".join(f"line {n}" for n in range(count))
        drawn = list(lines(Page(entry_of(f"<lesson><title>T</title><note>{text}</note></lesson>"), NOW), 60))
        more = [line.plain.strip() for line in drawn if "more line" in line.plain]
        assert more == ([f"↓ {count - FOLD} more lines"] if told else [])


def test_code_is_coloured_without_knowing_the_language() -> None:
    roles = {
        line.plain[s.start : s.end]: s.style
        for line in [highlight('const a = 20; // "why"')]
        for s in line.spans
    }
    assert (roles["const"], roles["20"], roles['// "why"']) == ("strong", "number", "muted")
    tag = highlight('<a href="x">text</a>', markup=True)
    assert {tag.plain[s.start : s.end] for s in tag.spans if s.style == "strong"} == {"<a", ">", "</a"}


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("implementation", "a = 1;\nb = 2;\nc();", True),
        ("code-example", "SELECT 1;\nfrom here to there", True),
        ("solution", "First do this.\nThen do that.", False),
        ("code", "one line", False),
    ],
)
def test_code_is_told_from_prose(name: str, text: str, code: bool) -> None:
    assert looks_like_code(name, text) is code


def test_long_code_goes_on_below_and_loses_nothing() -> None:
    source = "    call(" + ", ".join(f"argument_{n}" for n in range(12)) + ")"
    for ansi in (False, True):
        drawn = [line.plain.rstrip() for line in code_lines(highlight(source), 40, ansi)]
        assert all(len(line) <= 40 for line in drawn)
        joined = "".join(line[2:].strip() + " " for line in drawn)
        assert joined.replace(" ", "") == source.replace(" ", "")


@pytest.mark.parametrize("width", range(10, 24))
def test_code_with_a_margin_comes_to_an_end_at_any_width(width: int) -> None:
    words = ("a,<&,bb<& &{行> ;", "b;,(<{ (>>a{b &&b,aa{行{(; >&b(&b&a;;<行行行,行<&行(b&", "行" * 20)
    for source in (" " * 25 + words[0], " " * 19 + words[1], " " * 30 + words[2]):
        drawn = [line.plain for line in islice(code_lines(plain(source), width, False), 100)]
        assert "".join("".join(drawn).split()) == "".join(source.split())


@pytest.mark.parametrize(
    ("before", "clock", "said"),
    [
        (timedelta(seconds=20), True, "just now"),
        (timedelta(minutes=1), True, "1 minute ago"),
        (timedelta(hours=3), True, "3 hours ago"),
        (timedelta(hours=3), False, "today"),
        (timedelta(days=1), True, "yesterday"),
        (timedelta(days=13), True, "13 days ago"),
        (timedelta(days=51), True, "7 weeks ago"),
        (timedelta(days=120), True, "3 months ago"),
        (timedelta(days=800), True, "2 years ago"),
        (timedelta(days=-3), False, "in 3 days"),
    ],
)
def test_how_long_ago(before: timedelta, clock: bool, said: str) -> None:
    assert dates.ago(NOW - before, NOW, clock=clock) == said


def test_a_line_about_an_entry_is_broken_between_its_parts() -> None:
    whole = "custom skills · 3 Oct 2025, 14:30 · 7 weeks ago"
    when = datetime(2025, 10, 3, 14, 30, tzinfo=UTC)
    entry = Entry("a#b", "note", "other", "T", "a.xml", 1, (), when=when, project="custom skills")
    told = {width: [row.plain for row in about_rows(entry, NOW, width)] for width in (50, 40, 12)}
    assert told[50] == [whole]
    assert told[40] == ["custom skills · 3 Oct 2025, 14:30", "7 weeks ago"]
    assert told[12] == ["custom", "skills", "3 Oct 2025,", "14:30", "7 weeks ago"]


def test_days_of_long_ago_show_their_year() -> None:
    when = datetime(2025, 10, 3, 14, 30, tzinfo=UTC)
    assert dates.short(when, NOW) == "3 Oct"
    assert dates.short(when.replace(year=2023), NOW) == "3 Oct 23"
    assert dates.full(when, clock=True) == "3 Oct 2025, 14:30"
    assert dates.full(when, clock=False) == "3 Oct 2025"


def test_parts_fit_their_width() -> None:
    assert meter(3).plain == "L3 ■■■□□□□"
    assert meter(9).plain == "L9 ■■■■■■■"
    assert progress(1, 4, 8).plain == "━━──────"
    assert bar(10, t("left side"), t("right")).plain == "lef… right"
    assert cut(t("語語語"), 5).cell_length == 5
    assert place("folder/file.xml", ":12", 14).plain == "…/file.xml:12"
    assert [line.plain for line in wrap("a\tb", 20)] == ["a   b"]
    assert [line.plain for line in chips([Content("one"), Content("two"), Content("three")], 12, False)] == [
        " one   two ",
        " three ",
    ]
    assert chips([Content("one"), Content("two")], 30, True)[0].plain == "one · two"


def test_no_control_character_gets_through_and_ours_stay() -> None:
    evil = "a\x1b]0;owned\x07b\x9b31mc\x7f\u202ed\u2066e\x85f"
    control = Segment("\x1b[1m", Style(), [(ControlType.BELL,)])
    clean = Sanitize().apply([Segment(evil), Segment("plain"), control], Color(0, 0, 0))
    assert "".join(part.text for part in clean[:2]) == "a]0;ownedb31mcdefplain"
    assert clean[2] is control


def test_ascii_keeps_every_width() -> None:
    (drawn,) = Ascii().apply([Segment("◆ L3 ■■□ ━━┬ ▌ … 語")], Color(0, 0, 0))
    assert drawn.text == "* L3 ##- ==+ > ~ 語"


def test_what_is_copied_is_plain_text() -> None:
    text = as_text(
        entry_of("<lesson><title>T</title><finding>one\ntwo</finding><tags>a, b</tags></lesson>", "k/l.xml")
    )
    assert text.startswith("T\nLesson\n")
    assert "Finding:\none\ntwo" in text
    assert text.endswith("k/l.xml:1\n")


def test_copying_asks_the_terminal_and_a_program_that_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sent: list[str] = []
    taken = tmp_path / "taken"
    programs = [("no-such-program-here",), ("false",), ("tee", str(taken))]
    monkeypatch.setattr(clipboard, "_commands", lambda: programs)
    clipboard.copy("text", sent.append)
    assert (sent, taken.read_text("utf-8")) == (["text"], "text")


def test_the_theme_suits_the_terminal() -> None:
    themes = {theme.name: theme for theme in THEMES}
    assert choose("memarium-light", themes, colours="truecolor", no_color=False) == "memarium-light"
    assert choose("gone", themes, colours="256", no_color=False) == DEFAULT
    assert choose("memarium-light", themes, colours="standard", no_color=False) == SIXTEEN
    assert choose(SIXTEEN, themes, colours="truecolor", no_color=True) == DEFAULT


class Reading:
    """A workspace whose tree is being read for the first time."""

    def __init__(self) -> None:
        self.tree = self
        self.snapshot = Snapshot()


def test_progress_is_told_now_and_then_and_rows_when_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    clock = iter([0.0, 0.01, 0.2, 0.25, 0.4])
    monkeypatch.setattr("tui.data.tree_workers.time.monotonic", lambda: next(clock))
    workspace = Reading()
    report = Reporter(cast(Workspace, workspace), told.append, "reading", threading.Event())
    for done in (1, 2, 3, 4):
        report(done, 9)
        workspace.snapshot = Snapshot() if done == 2 else workspace.snapshot
    assert [type(m).__name__ for m in told] == ["Progress", "Progress", "TreeRead"]
    assert [m.done for m in told if isinstance(m, Progress)] == [2, 4]
    assert not any(m.complete for m in told if isinstance(m, TreeRead))


def test_who_last_changed_it_is_beside_each_field_inside_an_element() -> None:
    inside = "state/now state/next step@name step@status step[2]@name goal goal[2] story"
    names = [f"work/{name}" for name in inside.split()]
    texts = dict.fromkeys(names, "Short") | {"work/story": "A long story " * 8}
    entry = Entry("a.xml#t", "note", "other", "T", "a.xml", 1, tuple(Field(*one) for one in texts.items()))
    origins = {name: f"{number + 1} Oct · Ana" for number, name in enumerate(names)}
    said = [line.plain.rstrip() for line in lines(Page(entry, NOW, origins=origins), 60)]
    assert [row[-11:].strip() for row in said if row.endswith("Ana")] == [*origins.values()]
    assert all(len(row) <= 60 for row in said)
