"""Questions in other words than those of the entries that answer them, written before any tuning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.commands.demo import sample_tree
from index.workspace import Workspace

QUESTIONS = {
    "too many database connections": "debugging-solution-2025-10-03T14:30:00Z DEBUG-001 DEBUG-002 DEBUG-005",
    "boolean environment variable parsed wrong": "DEBUG-008",
    "how did we stop retries from overloading the database": "DEBUG-004 LES-S02 DEC-002",
    "messages sent twice by the publisher": "DEBUG-010",
    "message lost because the process was killed": "DEBUG-009 DEC-004 TEST-004",
    "why are there holes in the invoice sequence": "DEBUG-017 DEC-009 LES-B05 AUD-002",
    "accented names are not found by the search box": "DEBUG-016",
    "umlauts broken in excel csv": "DEBUG-019",
    "two transactions wait for each other and one is aborted": "DEBUG-015",
    "daylight saving time breaks the report": "DEBUG-011",
    "name resolution takes five seconds": "DEBUG-007",
    "one customer with a slow server blocks everybody else": "DEBUG-012",
    "partners get 401 since nginx was updated": "DEBUG-018 COM-004",
    "throttling lets through more requests than allowed": "DEBUG-014",
    "query killed on standby because of replication conflict": "DEBUG-013",
    "prepared statement does not exist after switching to a connection pooler": "DEBUG-006",
    "rows missing between pages when timestamps are equal": "DEBUG-021 DEC-012 API-008",
    "exporting old data gets slower and slower": "DEBUG-020 TD-005",
    "liveness probe uses the database": "DEBUG-001",
    "connection leaks after an exception": "DEBUG-005",
    "rendering a pdf while a transaction is open": "DEBUG-002 LES-B01",
    "latency grows under load although cpu is idle": "DEBUG-003",
    "same request sent again must not charge twice": "API-007 DEC-010 SPEC-003",
    "how do clients know when to try again after 429": "API-006",
    "how do we replace a secret key without downtime": "SEC-005",
    "check the hmac of an incoming hook": "SEC-002 UNC-001",
    "keep personal data out of the logs": "SEC-003",
    "add a column to a big table without downtime": "TPL-002 TEST-003",
    "why not sequences for numbering": "DEC-009 DEBUG-017 LES-B05",
    "where do we keep the keys against double posts, redis or postgres": "DEC-010",
    "optimistic locking over http": "API-003",
    "format of error responses": "API-001",
    "long running request returns at once and is polled": "API-004",
    "who may approve a large refund": "AUD-004",
    "customers can open the invoice of somebody else": "AUD-001",
    "stop calling a dependency that is down": "API-002",
    "how many connections may each process open": "DEC-001 ARC-001",
    "postmortem checklist": "TPL-001",
    "payment provider did not answer, was the card charged": "LES-B04",
    "can the tax on a bill be fixed afterwards": "UNC-003",
}  # fmt: skip
"""A question → the keys of the entries that answer it."""


@pytest.fixture(scope="module")
def sample(homes: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(sample_tree())
    yield workspace
    workspace.close()


def answered(workspace: Workspace, question: str, keys: str) -> bool:
    """Whether one of the first five entries found has one of the keys."""
    hits = workspace.search.find(question, limit=5).hits
    return any(hit.id.partition("#")[2] in keys.split() for hit in hits)


def test_half_of_the_questions_are_answered_within_five(sample: Workspace) -> None:
    assert len(QUESTIONS) >= 30
    missed = [question for question, keys in QUESTIONS.items() if not answered(sample, question, keys)]
    assert len(missed) <= len(QUESTIONS) // 2, missed


def test_every_key_is_there(sample: Workspace) -> None:
    there = {entry.id.partition("#")[2] for entry in sample.tree.entries()}
    assert {key for keys in QUESTIONS.values() for key in keys.split()} <= there
