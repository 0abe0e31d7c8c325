"""Markdown memories as the tools that keep them write them, and texts that are hard on a reader."""

from __future__ import annotations

from pathlib import Path

CLAUDE = """---
name: review-shape
description: "Review comments live in a skill: see #281"
metadata:
  node_type: memory
  type: feedback
  modified: 2026-07-29T13:16:34.420Z
---

Write review comments as the skill says, one a finding.

**Why:** A reviewer reads twenty of them a day.
They want the file and the line first.

**How to apply:**
- name the file
- then the fault

See [[retry-budget]].
"""
INDEX = """# Memory

## Feedback
- [Review shape](feedback_review_shape.md) — comments live in a skill
- [Retry budget](project_retry_budget.md) — three tries, then the queue
"""
SERENA = """# Suggested Commands

Run these from the root.

## Tests
```bash
# all of them
make test
```

## Style
- ruff
- mypy
"""
LEARNINGS = """# Learnings

Corrections and insights.

---

## [LRN-20260501-001] correction

**Logged**: 2026-05-01T10:00:00Z
**Priority**: high
**Status**: pending
**Area**: backend

### Summary
The pool is per worker, not per host

### Metadata
- Source: user_feedback
- Tags: postgres, pool

---

## [LRN-20260502-002] best_practice

**Logged**: 2026-05-02T09:30:00Z
**Priority**: low
**Status**: resolved
**Area**: tests

### Summary
Freeze the clock in every test

---
"""
DECISIONS = """# Decision Log

## [2026-01-02 11:23:00] - Partition orders by month

### Decision
Monthly partitions, dropped after a year.

### Rationale
The table grew by 40 GB a quarter.

## [2026-01-01 09:00:00] - One queue a tenant

### Decision
Tenants share nothing.
"""
FILES = {
    ".claude/memory/MEMORY.md": INDEX,
    ".claude/memory/feedback_review_shape.md": CLAUDE,
    ".serena/memories/suggested_commands.md": SERENA,
    ".learnings/LEARNINGS.md": LEARNINGS,
    "memory-bank/decisionLog.md": DECISIONS,
}
"""Path → text of a file of each unit."""

PIECES = (
    *("# one", "## two", "### three", "#no heading", "    # code", "####### seven", "## closed ##", "#"),
    *("```", "````", "~~~", "``` not `closed`", "   ```python", "    ```", "", "", "---", "text"),
    *("<!-- a comment", "-->", "<!-- one line -->", "<div>", "</div>", "<pre>", "</pre>", "<b>bold</b>"),
    *("<custom-tag>", "**Why:** because", "**Date**: 2026-01-01 | **By**: Ana", "| a | b |"),
)
"""Lines that mean something to CommonMark, alone or together."""


def make_stores(root: Path) -> Path:
    """Write a store of each kind below a folder, and return it."""
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root
