"""Notices: what is worth a look in files that read well."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.formats.markdown.index_lines import file_links
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, make_repository
from tests.support.markdown import CLAUDE, INDEX, make_stores

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LESSON = "<lesson><id>{}</id><title>{}</title><text>{}</text></lesson>"


def write(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def lessons(*told: tuple[str, str]) -> str:
    inside = "".join(LESSON.format(own, f"Lesson {own}", text) for own, text in told)
    return f"<lessons>{inside}</lessons>"


def found(root: Path) -> list[tuple[str, str, int, int]]:
    workspace = Workspace.open(root)
    try:
        return [(one.code, one.file, one.line, one.column) for one in workspace.notices.found(NOW)]
    finally:
        workspace.close()


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("[a](b.md) and [c](<d e.md> \"t\") and ![f](g%20h.png)", ["b.md", "d e.md", "g h.png"]),
        ("[a](b.md#part) [[c#part]] [[d|shown]] [[e f]]", ["b.md", "c", "d", "e f"]),
        ("`mem:topic/name` @docs/x.md", ["topic/name", "docs/x.md"]),
        ("[1]: ../d.md\n[^1]: note", ["../d.md"]),
        ("[a](http://b.md) [c](#d) [e](/f.md) me@x.md [g](mailto:h) [i](~/j.md) [k](*.md)", []),
        ("`[a](b.md)` ``[[c]] ` ``\n<!-- [[d]] -->", []),
        ("sed 's/[[:space:]]*//'", []),
        ("```\n[a](b.md) `mem:c`\n```\nif [[ -f x ]]", []),
        ("[a](b_(c).md)", ["b_(c).md"]),
        ("![[c]] ![[d.md]] ![[e v1.2|f]] ![[g.canvas|300]] ![[h.pdf#page=2]]", ["c", "d.md", "e v1.2"]),
        (r"| [[d\|shown]] | [[e ]] |", ["d", "e"]),
    ],
)  # fmt: skip
def test_a_link_is_found_where_it_is_one(text: str, targets: list[str]) -> None:
    links = list(file_links(text))
    assert [link.target for link in links] == targets
    assert all(text[link.start : link.end].replace("%20", " ") == link.target for link in links)


@pytest.mark.parametrize("text", ["[[" * 50_000, "](a " * 50_000, "](<" * 50_000, "`a``b" * 50_000])
def test_marks_without_an_end_are_no_work(text: str) -> None:
    assert list(file_links(text)) == []


def test_an_index_and_its_files(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "MEMORY.md": INDEX,
            "feedback_review_shape.md": CLAUDE,
            "notes/stray.md": "Nothing leads here.\n",
            "led_to.md": "See [the shape](feedback_review_shape.md#why) and [a gone one](gone.md).\n",
            "also.md": "See [[Led to]], `mem:notes/none` and [outside](../elsewhere.md).\n",
        },
    )
    assert found(root) == [
        ("dead-line", "MEMORY.md", 5, 18),  # project_retry_budget.md
        ("unlinked", "also.md", 0, 0),
        ("dead-link", "also.md", 1, 22),
        ("dead-link", "feedback_review_shape.md", 19, 7),  # [[retry-budget]]
        ("dead-link", "led_to.md", 1, 64),
        ("unlinked", "notes/stray.md", 0, 0),
    ]


def test_a_memory_is_called_by_its_name_title_file_or_path(tmp_path: Path) -> None:
    links = (
        "[[retry-budget]] [[Retry_Budget]] [[a/project_x]] [[project_x.md]] [[Budget of retries]] [[img.png]]"
    )
    named = "---\nname: retry-budget\ntitle: Budget of retries\n---\n\nThree.\n"
    assert not found(write(tmp_path, {"a/project_x.md": named, "b.md": f"{links}\n", "img.png": ""}))


@pytest.mark.parametrize("aliases", ["[Retries, The budget]", "\n  - Retries\n  - The budget", "Retries"])
def test_a_memory_is_called_by_each_of_its_aliases(tmp_path: Path, aliases: str) -> None:
    links = "[[Retries]] [[the-budget]]" if "budget" in aliases else "[[retries]]"
    assert not found(
        write(tmp_path, {"x.md": f"---\naliases: {aliases}\n---\n\nThree.\n", "b.md": f"{links}\n"})
    )


def test_a_copy_that_a_sync_tool_made_wants_no_line_in_the_index(tmp_path: Path) -> None:
    one = "# One\n\nText of the first note.\n"
    names = ("one.md", "one (conflicted copy 2026-11-30).md", "one.sync-conflict-20261130-101010-ABCDEFG.md")
    assert not found(write(tmp_path, {"MEMORY.md": "- [One](one.md)\n", **dict.fromkeys(names, one)}))


def test_without_an_index_no_file_is_stray(tmp_path: Path) -> None:
    assert not found(write(tmp_path, {"one.md": "# One\n\nText.\n", "two.md": "# Two\n\nText.\n"}))


def test_an_index_past_what_is_read_of_it(tmp_path: Path) -> None:
    items = [f"- [Note {n}](n{n}.md) — one line\n" for n in range(201)]
    files = {f"n{n}.md": f"Note {n} says {n}.\n" for n in range(201)}
    root = write(tmp_path, {**files, "MEMORY.md": "".join(items), "a/MEMORY.md": "".join(items[:181])})
    told = [one for one in found(root) if one[0] in ("over-limit", "near-limit")]
    assert told == [("over-limit", "MEMORY.md", 201, 1), ("near-limit", "a/MEMORY.md", 1, 1)]
    (root / "a/MEMORY.md").write_text("- [ä](x.md) " + "ä" * 13_000, "utf-8")
    assert ("over-limit", "a/MEMORY.md", 1) in {one[:3] for one in found(root)}


@pytest.mark.parametrize(("letters", "told"), [(99_981, []), (99_982, [("too-long", "one.md", 1, 1)])])
def test_an_entry_that_is_searched_in_part(tmp_path: Path, letters: int, told: list[object]) -> None:
    filler = "word " * 20_000
    root = write(tmp_path, {"one.md": f"# One\n\n{filler[:letters]} needle haystack\n"})
    assert found(root) == told
    workspace = Workspace.open(root)
    assert workspace.search.find("needle").total == 1
    assert workspace.search.find("haystack", wait=False).total == (not told)
    workspace.close()


def test_an_id_in_the_form_of_the_trees_own_that_no_entry_has(tmp_path: Path) -> None:
    said = [("DEBUG-001", "As DEBUG-002 says"), ("DEBUG-002", "See DEBUG-009, UTF-8 and x/DEBUG-007.txt")]
    root = write(tmp_path, {"a.xml": lessons(*said)})
    assert not found(root)  # two ids are no habit
    write(root, {"b.xml": lessons(("DEBUG-003", "DEBUG-1234 is no id of this form, DEBUG-001b neither"))})
    assert [one[:2] for one in found(root)] == [("dead-id", "a.xml")]


def test_an_id_in_a_heading_or_in_the_name_of_a_file_is_one(tmp_path: Path) -> None:
    named = {f"adr/adr-00{n}-text.md": f"# ADR-00{n} Text {n}\n\nIt says {n}.\n" for n in range(1, 4)}
    more = {
        "adr/adr-004-pool.md": "# Pool\n\nAs ADR-001 says.\n",
        "adr/old.md": "## ADR-005 Clock\n\nSee ADR-004, ADR-005 and ADR-006.\n\n## More\n\nText.\n",
    }
    root = write(tmp_path, {**named, **more})
    assert [one[:3] for one in found(root)] == [("dead-id", "adr/old.md", 3)]


def test_a_dead_link_tells_where_the_file_is(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "See [b](b.md).\n", "x/b.md": "See [a](a.md) and [c](c.md).\n"})
    workspace = Workspace.open(tmp_path)
    told = [one.message for one in workspace.notices.found(NOW)]
    workspace.close()
    assert told == [
        "Dead link to b.md, which is at x/b.md: correct it.",
        "Dead link to a.md, which is at ../a.md: correct it.",
        "Dead link to c.md: correct it, or restore the file.",
    ]


def test_a_link_to_a_name_in_the_other_form_of_its_accents_leads_there(tmp_path: Path) -> None:
    one, other = (unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))
    text = "[it]({0}.md) [[{0}]] ![]({0}.png)\n"
    root = write(
        tmp_path,
        {f"a/{one}.md": "One.\n", f"b/{other}.md": "Two.\n", f"a/{one}.png": "", f"b/{other}.png": ""}
        | {"a/c.md": text.format(other), "b/c.md": text.format(one)},
    )
    assert not [one for one in found(root) if one[0] == "dead-link"]
    workspace = Workspace.open(root)
    try:
        workspace.tree.load()
        [entry] = [one for one in workspace.tree.snapshot.entries if one.file == "a/c.md"]
        assert f"{other}.md" in workspace.tree.destinations.of(entry)
    finally:
        workspace.close()


def test_a_link_by_name_to_a_file_that_is_no_memory_leads_there_wherever_it_lies(tmp_path: Path) -> None:
    files = {"plans/sub/a.md": "[[plan.pdf]] [[gone.pdf]]\n", "kept/plan.pdf": "", ".x/gone.pdf": ""}
    assert [(code, line, column) for code, _, line, column in found(write(tmp_path, files))] == [
        ("dead-link", 1, 16)
    ]


def test_twins_are_told_but_for_copies_of_a_file(tmp_path: Path) -> None:
    text = "The pool is per worker and not per host, so count both."
    same = lessons(("L-1", text)).replace("Lesson L-1", "Pool")
    root = write(
        tmp_path, {"a.xml": same, "b.xml": same.replace("L-1", "L-2"), "a (conflicted copy).xml": same}
    )
    assert [one[:2] for one in found(root)] == [("twin", "b.xml")]


def test_entries_that_wait_and_entries_that_name_files_which_are_gone(tmp_path: Path) -> None:
    project = write(tmp_path, {".git/HEAD": "", "src/there.py": "", "memories/a.xml": lessons(
        ("L-1", "See src/there.py, ./src/gone.py:12, lib/no.py, http://h/src/x.py and src/a/b.ts"),
    ), "memories/b.xml": (
        "<decisions><decision><id>D-1</id><status>pending</status><date>2026-01-01</date><title>Q</title>"
        "</decision><decision><id>D-2</id><status>pending</status><date>2026-10-01</date><title>R</title>"
        "</decision><decision><id>D-3</id><status>decided</status><date>2026-01-01</date><title>S</title>"
        "</decision></decisions>"
    )})  # fmt: skip
    told = found(project / "memories")
    assert [one[:2] for one in told] == [("names-gone-file", "a.xml"), ("waits-long", "b.xml")]
    workspace = Workspace.open(project / "memories")
    gone, waiting = workspace.notices.found(NOW)
    workspace.close()
    assert waiting.message.startswith("This has waited for ")
    assert gone.message.startswith("This names src/gone.py, src/a/b.ts, which are not in the project")


def test_what_is_about_the_present_grows_old(tmp_path: Path) -> None:
    text = "# Progress\n\n## What works\n\nAll.\n\n## What is left\n\nNothing.\n"
    write(tmp_path, {"memory-bank/progress.md": text, "memory-bank/techContext.md": text})
    make_repository(tmp_path)
    commit_all(tmp_path)
    workspace = Workspace.open(tmp_path / "memory-bank")
    [commit] = workspace.tree.repositories[0].log(limit=1)
    for days, codes in ((89, []), (100, ["out-of-date"])):
        told = workspace.notices.found(commit.when + timedelta(days))
        assert [one.code for one in told] == codes
    assert told[0].message == "It is about the present, but 3 months old: bring it up to date."
    workspace.close()


def test_what_a_rewrite_dropped_is_told_until_it_is_read(tmp_path: Path) -> None:
    text = "# Log\n\n## First thing\n\nOne.\n\n## Second thing\n\nTwo.\n\n## Third thing\n\nThree.\n"
    root = write(tmp_path, {"memory-bank/progress.md": text}) / "memory-bank"
    workspace = Workspace.open(root)
    workspace.tree.ready()
    assert not workspace.notices.found(NOW)  # nobody has looked yet
    workspace.tree.seen.news()
    (root / "progress.md").write_text("# Log\n\n## Third thing\n\nThree.\n", "utf-8")
    workspace.tree.refresh()
    [gone] = workspace.notices.found(NOW)
    told = "2 entries are gone since you last looked: first-thing and second-thing."
    assert gone.message == f"{told} Restore what should have stayed."
    workspace.tree.seen.see_all()
    assert not workspace.notices.found(NOW)
    workspace.close()


def test_check_prints_notices_gauges_and_no_other_status(tmp_path: Path) -> None:
    root = make_stores(tmp_path) / ".claude/memory"
    done = call(root, "check", status=0)
    assert "MEMORY.md:5:18: note: Dead link in the index to project_retry_budget.md" in done.stdout
    told = json.loads(call(root, "check", "--json", status=0).stdout)
    assert [told["errors"], told["notes"]] == [0, len(told["problems"])]
    assert told["gauges"] == [
        {"file": ".claude/memory/MEMORY.md", "lines": 5, "size": len(INDEX.encode()), "limit": {
            "reader": "Claude Code", "lines": 200, "size": 25_600}}
    ]  # fmt: skip
