"""The search language by examples, for the help of the app."""

from __future__ import annotations

EXAMPLES = (
    ("pool exh", "both words, the last unfinished"),
    ("exhaust*", "any word that starts so"),
    ('"connection pool"', "the exact phrase"),
    ("-kafka", "entries without it"),
    ("redis OR valkey", "one or the other"),
    ("exhaustoin~", "a word with typos"),
    ("C++  .NET  =>", "words with signs"),
    ("kind:solution", "a kind, or a group of kinds"),
    ("project: tag: tech:", "a value, as tag:redis"),
    ("level:>=3", "a level; also 2..4"),
    ("after:2025-10", "dates; before: on: changed:7d"),
    ("is:new", "malformed, pending, deleted too"),
    ("file:lessons", "a part of the path; id: too"),
    ("similar:DEBUG-010", "entries that say the same"),
    ("~ charged twice", "what is meant, in other words"),
)
"""Texts as typed, each with a few words on its finds; at most 21 and 31 letters."""
