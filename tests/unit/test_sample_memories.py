"""The tree a user sees first: what is in it, which files are broken on purpose, that it hangs together."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from lxml import etree

from index.formats.xml.document import Document
from index.formats.xml.writing.repair import repair_document
from index.model.entry import Entry
from tests.support.sample import FILES, REFERENCE, TREE, entries_of

FRAGMENTS = "development-patterns/api-patterns.xml"
BARE = "project-knowledge/billing/lessons.xml"
TRUNCATED = "agent-coordination/context-packages.xml"
TEMPLATES = {"development-patterns/integration-patterns.xml", "project-knowledge/billing/architecture.xml"}

QUOTED = (
    """<debugging-solution>
  <timestamp>2025-10-03T14:30:00Z</timestamp>
  <problem>Database connection pool exhaustion under load</problem>
  <level>3</level>
  <solution>Implemented connection pool size tuning and query timeout optimization</solution>
  <tech-stack>PostgreSQL, Node.js, pg-pool</tech-stack>
  <prevention>Added connection pool monitoring and alerting</prevention>
</debugging-solution>
""",
    """<api-pattern>
  <name>Paginated Resource Listing</name>
  <pattern>cursor-based-pagination</pattern>
  <use-case>Large dataset retrieval with consistent results</use-case>
  <implementation>Base64 encoded cursor with limit/next parameters</implementation>
  <benefits>Consistent pagination, handles concurrent updates</benefits>
</api-pattern>
""",
)


def document(file: str) -> Document:
    return Document.parse((TREE / file).read_bytes(), file)


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [entry for file in FILES for entry in entries_of((TREE / file).read_bytes(), file)]


def well_formed(data: bytes) -> bool:
    try:
        etree.fromstring(data)
    except etree.XMLSyntaxError:
        return False
    return True


def test_it_has_six_folders_and_no_large_file() -> None:
    assert len(FILES) == 26
    assert {file.split("/")[0] for file in FILES} == {
        "session-context",
        "development-patterns",
        "project-knowledge",
        "protocol-compliance",
        "agent-coordination",
        "client-context",
    }
    assert max((TREE / file).stat().st_size for file in FILES) < 50_000


def test_exactly_two_files_are_broken_and_one_is_a_fragment() -> None:
    assert {file for file in FILES if not well_formed((TREE / file).read_bytes())} == {
        FRAGMENTS,
        BARE,
        TRUNCATED,
    }
    assert well_formed(b"<memory>" + (TREE / FRAGMENTS).read_bytes() + b"</memory>")
    assert {file for file in FILES if document(file).errors} == {BARE, TRUNCATED}
    assert {problem.code for problem in document(BARE).errors} == {"bare-amp", "stray-lt"}
    assert {problem.code for problem in document(TRUNCATED).errors} == {"missing-end"}


@pytest.mark.parametrize("file", [BARE, TRUNCATED])
def test_a_broken_file_can_be_repaired_and_keeps_its_entries(file: str) -> None:
    repaired = repair_document(document(file)).to_bytes()
    assert well_formed(repaired)
    before, after = (entries_of(data, file) for data in ((TREE / file).read_bytes(), repaired))
    assert [entry.id for entry in after] == [entry.id for entry in before]


@pytest.mark.parametrize("record", QUOTED)
def test_the_documented_records_stand_in_it_word_for_word(record: str) -> None:
    files = {"<debugging-solution>": "debugging-solutions.xml", "<api-pattern>": "api-patterns.xml"}
    file = files[record.split("\n", maxsplit=1)[0]]
    assert record in (TREE / "development-patterns" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "element", "count"),
    [
        ("development-patterns/debugging-solutions.xml", "debugging-solution", 22),
        (FRAGMENTS, "api-pattern", 9),
        ("development-patterns/security-patterns.xml", "pattern", 5),
        ("development-patterns/test-strategies.xml", "strategy", 6),
        ("development-patterns/task-templates.xml", "template", 4),
        ("session-context/pending-decisions.xml", "decision", 13),
        ("session-context/active-project.xml", "active-project", 1),
        ("session-context/phase-status.xml", "protocol-status", 1),
        ("project-knowledge/shop-api/architecture.xml", "component", 4),
        ("project-knowledge/shop-api/tech-debt.xml", "debt-item", 5),
        ("project-knowledge/shop-api/lessons.xml", "lesson", 4),
        (BARE, "lesson", 6),
        ("project-knowledge/billing/security-audit.xml", "finding", 4),
        ("project-knowledge/gateway.xml", "component", 3),
        ("project-knowledge/gateway.xml", "lesson", 2),
        ("project-knowledge/gateway.xml", "debt-item", 1),
        ("protocol-compliance/uncertainty-log.xml", "event", 5),
        ("protocol-compliance/spec-adherence.xml", "checkpoint", 4),
        ("protocol-compliance/protocol-status.xml", "protocol-status", 1),
        ("protocol-compliance/efficiency-metrics.xml", "efficiency-metric", 4),
        ("agent-coordination/handoff-log.xml", "handoff", 5),
        (TRUNCATED, "context-package", 3),
        ("agent-coordination/quality-gates.xml", "gate", 4),
        ("client-context/preferences.xml", "client-preferences", 1),
        ("client-context/communication-log.xml", "communication", 5),
        ("client-context/approval-history.xml", "approval", 3),
    ],
)
def test_every_kind_is_there(file: str, element: str, count: int, entries: list[Entry]) -> None:
    parsed = document(file)
    found = [e for e in entries if e.file == file and parsed.names[e.ref] == element]
    assert len(found) == count


def test_its_entries_are_many_and_fill_ten_weeks_of_autumn(entries: list[Entry]) -> None:
    assert sum(not entry.template for entry in entries) == 125
    dated = [entry.when for entry in entries if entry.when]
    assert min(dated) >= datetime(2025, 9, 15, tzinfo=UTC)
    assert max(dated) < datetime(2025, 11, 22, tzinfo=UTC)
    weeks = {when.isocalendar().week for when in dated}
    assert weeks == set(range(38, 48))
    date_only = [entry for entry in entries if entry.when and ":" not in entry.timestamp]
    assert 3 <= len(date_only) <= 12


def test_only_two_files_are_empty_templates(entries: list[Entry]) -> None:
    assert {entry.file for entry in entries if entry.template} == TEMPLATES
    assert {entry.file for entry in entries if not entry.template}.isdisjoint(TEMPLATES)


def test_every_entry_has_a_title_of_one_line_and_a_stable_id(entries: list[Entry]) -> None:
    assert all(0 < len(entry.title) <= 80 and "\n" not in entry.title for entry in entries)
    assert len({entry.id for entry in entries}) == len(entries)
    solid = [entry for entry in entries if not entry.template]
    assert len({entry.title for entry in solid}) == len(solid)


def test_facets_have_something_to_show(entries: list[Entry]) -> None:
    solid = [entry for entry in entries if not entry.template]
    assert {entry.group for entry in solid} == {
        "solution",
        "pattern",
        "decision",
        "pending",
        "session",
        "knowledge",
        "other",
    }
    projects = Counter(entry.project for entry in solid)
    assert set(projects) - {""} == {"shop-api", "billing", "gateway"}
    assert {entry.level for entry in solid} - {None} == set(range(1, 8))
    assert {"postgresql", "pagination", "webhooks", "outbox"} <= {t for e in solid for t in e.tags}
    assert {"PostgreSQL", "Node.js", "TypeScript"} <= {t for e in solid for t in e.tech}
    assert {"shop-agent", "billing-agent", "gateway-agent", "ops-agent", "reviewer"} <= {
        entry.agent for entry in solid
    }


def test_the_texts_hold_code_lists_and_letters_of_the_world() -> None:
    text = "\n".join((TREE / file).read_text(encoding="utf-8") for file in FILES)
    for language in ("sql", "typescript", "bash", "yaml"):
        assert f'language="{language}"' in text or f"```{language}" in text
    assert "@contextmanager" in text  # Python
    for piece in ("<![CDATA[", "&lt;", "\n    - ", "**", "Kovač", "naïve"):
        assert piece in text
    assert "\u2014" not in text


def test_references_lead_somewhere() -> None:
    text = "\n".join((TREE / file).read_text(encoding="utf-8") for file in FILES)
    defined = Counter(re.findall(r'<[\w-]+ id="([A-Z]+-\w+)"', text) + re.findall(r"<id>(\S+)</id>", text))
    mentioned = Counter(REFERENCE.findall(text))
    assert set(mentioned) - set(defined) == set()
    assert max(defined.values()) == 1
    assert sum(mentioned[key] > 1 for key in defined) > 40
