"""What a brief tells, in what order, and how much of it fits."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.model.entry import Entry, EntryFilter
from index.model.file_record import FileProblem
from index.model.news import NOTHING, News
from index.rendering.brief_markdown import LEAST, Fitted, age, fit, inline
from index.sessions.brief import Brief, BriefLine, Section, make_brief
from index.sessions.state import SessionState
from index.workspace import Workspace

SAMPLE = Path(__file__).parents[3] / "sample_memories"
NOW = datetime(2025, 11, 23, 10, 0, tzinfo=UTC)
HOSTILE = (
    "# one\n## two\r\n- [x](javascript:1) <b>bold</b> `code` *em* ~~s~~ &#35; \x1b[31m\x9b\u202e\u2028> q\x00"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "shop" / "memories")
    return tmp_path / "shop" / "memories"


def brief(tree: Path, project: str = "") -> Brief:
    """Ask as a command does that has just been started."""
    workspace = Workspace.open(tree)
    try:
        return workspace.brief(project, NOW)
    finally:
        workspace.close()


def section_of(found: Brief, name: str) -> Section | None:
    return next((section for section in found.sections if section.name == name), None)


def keys(found: Brief, name: str) -> list[str]:
    section = section_of(found, name)
    return [line.id.rpartition("#")[2] for line in section.lines] if section else []


def test_what_the_demo_tells(tree: Path) -> None:
    found = brief(tree)
    assert found.project == "shop-api"
    assert found.state.next_step.startswith("Build the export index")
    assert [section.name for section in found.sections] == [
        "blockers", "decisions", "uncertainties", "handoffs", "gates",
        "solutions", "patterns", "architecture", "problems",
    ]  # fmt: skip
    assert keys(found, "decisions") == ["DEC-007", "DEC-011", "DEC-013"], "the oldest first"
    assert keys(found, "uncertainties") == ["UNC-005"]
    assert keys(found, "handoffs") == ["HO-005"]
    assert keys(found, "gates") == ["QG-004"]
    assert keys(found, "solutions")[:2] == ["DEBUG-021", "DEBUG-020"]
    assert keys(found, "architecture")[0] == "ARC-004"
    gates = section_of(found, "gates")
    assert gates is not None
    assert gates.lines[0].detail == "blocked: staging replica lags by 40 minutes"


def test_a_memory_bank_in_any_language(tmp_path: Path) -> None:
    bank = tmp_path / "memory-bank"
    bank.mkdir()
    (bank / "projectbrief.md").write_text("# 概要\n\nレジを作る。\n", "utf-8")
    (bank / "activeContext.md").write_text("# 現在\n\n## 焦点\n\n在庫を直す。\n\n## 次\n\n試す。\n", "utf-8")
    (bank / "progress.md").write_text("# 進捗\n\n## 残り\n\n帳票。\n", "utf-8")
    section = section_of(brief(bank), "current")
    assert section is not None
    assert [(line.text, line.detail) for line in section.lines][-3:] == [
        ("焦点", "在庫を直す。"), ("次", "試す。"), ("残り", "帳票。"),
    ]  # fmt: skip


def test_another_project(tree: Path) -> None:
    found = brief(tree, "billing")
    assert found.project == "billing"
    assert not found.state, "the state is of another project"
    assert keys(found, "solutions")
    assert set(keys(found, "solutions")).isdisjoint(keys(brief(tree), "solutions"))
    assert not brief(tree, "nowhere").state
    assert [s.name for s in brief(tree, "nowhere").sections] == ["problems"]


def test_the_quick_look_tells_what_reading_everything_tells(tree: Path) -> None:
    workspace = Workspace.open(tree)
    workspace.tree.load()
    workspace.tree.seen.news()
    workspace.close()
    agent = tree / "development-patterns" / "debugging-solutions.xml"
    text = agent.read_text("utf-8")
    agent.write_text(text.replace("Cursor skips orders", "Cursor SKIPS orders"), "utf-8")
    (tree / "project-knowledge" / "billing" / "lessons.xml").unlink()
    (tree / "new.xml").write_text(
        "<solutions><debugging-solution><project>shop-api</project><title>Brand new</title>"
        "<problem>x</problem><date>2025-11-22</date></debugging-solution></solutions>"
    )
    quick = brief(tree)
    workspace = Workspace.open(tree)
    workspace.tree.load()
    whole = workspace.brief("", NOW)
    workspace.close()
    assert quick == whole
    solutions, news = section_of(quick, "solutions"), section_of(quick, "news")
    assert solutions is not None
    assert [line.text for line in solutions.lines][:2] == [
        "Brand new", "Cursor SKIPS orders created in the same millisecond",
    ]  # fmt: skip
    assert news is not None
    assert [line.change for line in news.lines[:2]] == ["added", "changed"]
    assert news.total == 2 + sum(line.change == "removed" for line in news.lines)
    again = brief(tree)
    assert again == whole, "asking is not looking"


def test_the_quick_look_reads_no_file_that_is_known(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brief(tree)

    def refuse(path: Path) -> bytes:
        raise AssertionError(path)

    monkeypatch.setattr("index.library.file_reader.read_bytes", refuse)
    assert brief(tree).project == "shop-api"


def test_many_files_changed_at_once_are_counted_only(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace.open(tree)
    workspace.tree.load()
    workspace.tree.seen.news()
    workspace.close()
    for path in sorted(tree.glob("project-knowledge/*/lessons.xml")):
        path.write_text(path.read_text("utf-8").replace("</lesson>", "<by>x</by></lesson>"), "utf-8")
    workspace = Workspace.open(tree)
    workspace.tree.load()
    workspace.close()
    monkeypatch.setattr("index.library.partial_view.MOST_STALE", 1)
    news = section_of(brief(tree), "news")
    assert news is not None
    assert [line.text for line in news.lines] == ["Entries in 2 files"]


def test_an_empty_tree(tmp_path: Path, tree: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert not brief(empty)


# ── Markdown ──────────────────────────────────────────────────────────────────


class Held:
    """Entries by hand."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries

    def pick(self, asked: EntryFilter, limit: int, *, oldest: bool = False) -> tuple[list[Entry], int]:
        found = [entry for entry in self.entries if asked.holds(entry)]
        return found[:limit], len(found)

    def projects(self) -> set[str]:
        return {entry.project for entry in self.entries}

    def errors(self, limit: int) -> tuple[list[FileProblem], int]:
        return [], 0

    def entry(self, entry_id: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.id == entry_id), None)


def made(text: str, detail: str = "", *, lines: int = 1) -> Brief:
    """Return a brief in which every text that comes from a file is the same."""
    state = SessionState(
        title=text, project=text, phase=text, status=text, task=text, next_step=text, last_action=text,
        feature=text, blockers=(text,), entry="a.xml#state",
    )  # fmt: skip
    held = tuple(BriefLine(text, detail, f"a.xml#{text}", "solution", NOW) for _ in range(lines))
    sections = tuple(Section(name, f"Part {name}", held, lines + 3) for name in "abc")
    return Brief(text, state, NOW, sections)


def shown(markdown: str) -> tuple[list[str], list[str]]:
    """Return headings and items as a Markdown reader shows them; fail on anything else in the text."""
    headings: list[str] = []
    items: list[str] = []
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    for place, token in enumerate(tokens):
        assert token.type in {
            "heading_open", "heading_close", "inline", "bullet_list_open", "bullet_list_close",
            "list_item_open", "list_item_close", "paragraph_open", "paragraph_close",
        }  # fmt: skip
        if token.type == "inline":
            assert token.children is not None
            assert all(child.type in {"text", "text_special", "code_inline"} for child in token.children), (
                token
            )
            text = "".join(child.content for child in token.children)
            (headings if tokens[place - 1].type == "heading_open" else items).append(text)
        assert token.level <= 4
    return headings, items


@given(st.text(max_size=60), st.text("ab1 _*`~[]()<>#-+.!&\\|\n", max_size=30))
@example("a", "__0__")
@settings(max_examples=150)
def test_no_text_breaks_out_of_its_place(text: str, detail: str) -> None:
    headings, items = shown(fit(made(text, detail), 20_000, text).text)
    assert len(headings) == 4
    plain = made("x", "y" if " ".join(detail.split()) else "")
    assert len(items) <= len(shown(fit(plain, 20_000, "x").text)[1])


def test_hostile_text_is_shown_as_it_is() -> None:
    markdown = fit(made(HOSTILE, HOSTILE), 20_000, "tree").text
    headings, items = shown(markdown)
    said = "# one ## two - [x](javascript:1) <b>bold</b> `code` *em* ~~s~~ &#35; [31m > q"
    assert headings[0] == f"Brief: {said}"
    assert f"Phase: {said}" in items
    assert not set(markdown) & {"\x1b", "\x9b", "\u202e", "\u2028", "\x00", "\r"}


@pytest.mark.parametrize(
    "text", ["1. one", "12) two", "- dash", "+ plus", "> quote", "#5", "a_b _c_", "\\", "2025-10-03"]
)
def test_what_would_begin_something_is_text(text: str) -> None:
    assert shown(f"- {inline(text, 99)}\n")[1] == [text]


@given(st.integers(LEAST, 3000), st.integers(1, 40), st.text("ab # \n", max_size=90))
def test_it_keeps_to_its_budget_and_names_what_is_left_out(limit: int, lines: int, text: str) -> None:
    found = made(text or "x", text, lines=lines)
    fitted = fit(found, limit, "tree")
    assert len(fitted.text) <= limit
    for section, whole in zip(fitted.sections, found.sections, strict=True):
        assert section.total == whole.total
        assert section.lines == whole.lines[: len(section.lines)]
        told = f"part {section.name} {section.total - len(section.lines)}"
        assert told in fitted.text or fitted.text.endswith("…\n")


def test_every_section_gets_a_line_before_any_gets_all() -> None:
    fitted: Fitted = fit(made("text", "more", lines=20), 900, "tree")
    counts = [len(section.lines) for section in fitted.sections]
    assert min(counts) >= 1
    assert counts == sorted(counts, reverse=True), "the most useful have most"


def test_ages() -> None:
    at = datetime(2025, 11, 22, 23, 0, tzinfo=UTC)
    assert [age(at.replace(day=d), NOW) for d in (23, 22, 1, 24, 30)] == [
        "today", "yesterday", "22 days ago", "tomorrow", "in 7 days",
    ]  # fmt: skip


# ── what is open ──────────────────────────────────────────────────────────────


def record(kind: str, status: str, **fields: str) -> Entry:
    from tests.support.entries import entry

    return entry(f"{kind} {status}", kind=kind, group="other", status=status, project="", **fields)


@pytest.mark.parametrize(
    ("section", "kind", "status", "fields", "is_open"),
    [
        ("uncertainties", "uncertainty-event", "open", {}, True),
        ("uncertainties", "uncertainty-event", "Resolved, one case missed", {}, False),
        ("uncertainties", "uncertainty-event", "", {}, True),
        ("uncertainties", "uncertainty-event", "", {"resolution": "yes"}, False),
        ("handoffs", "handoff", "accepted by shop-agent", {}, True),
        ("handoffs", "handoff", "", {}, True),
        ("handoffs", "handoff", "✅ both closed", {}, False),
        ("handoffs", "handoff", "Completed 29 October", {}, False),
        ("gates", "quality-gate", "", {"overall_status": "PASSED with one waiver"}, False),
        ("gates", "quality-gate", "passed", {"overall_status": "blocked: no"}, True),
        ("gates", "quality-gate", "", {}, True),
    ],
)
def test_what_is_still_open(
    section: str, kind: str, status: str, fields: dict[str, str], is_open: bool
) -> None:
    found = make_brief(Held([record(kind, status, **fields)]), NOTHING, "", NOW)
    assert bool(section_of(found, section)) == is_open


def test_questions_that_the_state_asks_and_no_entry_holds() -> None:
    from tests.support.entries import entry

    state = entry(
        "now", kind="session-context", group="session", project="shop", open_decisions="Ship on Friday?"
    )
    found = make_brief(Held([state]), News(removed=("a.xml#gone",)), "", NOW)
    decisions, news = section_of(found, "decisions"), section_of(found, "news")
    assert decisions is not None
    assert [line.text for line in decisions.lines] == ["Ship on Friday?"]
    assert news is not None
    assert (news.lines[0].text, news.lines[0].change) == ("a.xml#gone", "removed")
