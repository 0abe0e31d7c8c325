"""Make a tree of memories: seeded, in the documented shapes, one file in seven malformed.

python benchmarks/make_tree.py FOLDER --entries 3000 [--per-file 10] [--seed 7]
"""

from __future__ import annotations

import argparse
import random
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import accumulate
from pathlib import Path
from xml.sax.saxutils import escape

WORDS_PER_ENTRY = 90
SUBJECTS = [
    "connection",
    "pool",
    "retry",
    "queue",
    "cursor",
    "index",
    "lock",
    "transaction",
    "cache",
    "session",
    "token",
    "webhook",
    "invoice",
    "order",
    "export",
    "import",
    "migration",
    "replica",
    "failover",
    "timeout",
    "deadlock",
    "partition",
    "schema",
    "batch",
    "worker",
    "scheduler",
    "consumer",
    "producer",
    "offset",
    "checkpoint",
    "snapshot",
    "ledger",
    "payment",
    "refund",
    "shipment",
    "catalogue",
    "search",
    "suggestion",
    "image",
    "upload",
    "download",
    "stream",
    "proxy",
    "gateway",
    "router",
    "limiter",
    "breaker",
    "certificate",
    "secret",
    "rotation",
    "audit",
    "trace",
    "metric",
    "alert",
    "dashboard",
]
VERBS = [
    "fails",
    "drains",
    "blocks",
    "leaks",
    "times-out",
    "repeats",
    "grows",
    "stalls",
    "drops",
    "duplicates",
    "rejects",
    "reorders",
    "truncates",
    "overflows",
    "expires",
    "collides",
    "drifts",
    "corrupts",
]
REST = [
    "the",
    "a",
    "under",
    "load",
    "after",
    "every",
    "deploy",
    "during",
    "peak",
    "because",
    "one",
    "service",
    "waits",
    "for",
    "another",
    "while",
    "holding",
    "its",
    "slot",
    "and",
    "the",
    "client",
    "retries",
    "without",
    "jitter",
    "so",
    "that",
    "requests",
    "pile",
    "up",
    "until",
    "memory",
    "is",
    "gone",
    "we",
    "measured",
    "it",
    "twice",
    "with",
    "and",
    "without",
    "the",
    "change",
    "on",
    "staging",
    "then",
    "rolled",
    "it",
    "out",
    "behind",
    "a",
    "flag",
    "with",
    "a",
    "limit",
    "per",
    "tenant",
    "which",
    "kept",
    "latency",
    "below",
    "the",
    "target",
    "for",
    "a",
    "week",
    "no",
    "data",
    "was",
    "lost",
    "but",
    "the",
    "log",
    "was",
    "noisy",
    "see",
    "the",
    "runbook",
    "before",
    "touching",
    "the",
    "setting",
    "again",
]
TECH = [
    "PostgreSQL",
    "Redis",
    "Kafka",
    "Node.js",
    "Python",
    "nginx",
    "Kubernetes",
    "pgbouncer",
    "Terraform",
    "RabbitMQ",
    "SQLite",
    "gRPC",
]
PROJECTS = ["shop-api", "billing", "gateway", "importer", "search", "reports", "identity", "mobile"]
TAGS = [
    "performance",
    "reliability",
    "postgresql",
    "redis",
    "retries",
    "pagination",
    "security",
    "deploy",
    "testing",
    "caching",
    "timeouts",
]
KINDS = ("debugging-solution", "api-pattern", "decision", "lesson", "security-pattern")
START = datetime(2024, 1, 1, tzinfo=UTC)


SYLLABLES = (
    "ba",
    "con",
    "der",
    "fi",
    "gra",
    "hul",
    "in",
    "jo",
    "ka",
    "lim",
    "mo",
    "ne",
    "per",
    "qua",
    "rest",
)
WIDE = 40_000
"""Words of the wide vocabulary; as in a language, each is as frequent as its place is near the first."""


@cache
def wide_vocabulary() -> tuple[list[str], list[float]]:
    """Return made-up words, and how often each of them comes with all before it."""
    rng = random.Random(3)
    made = dict.fromkeys("".join(rng.choices(SYLLABLES, k=rng.randint(2, 5))) for _ in range(2 * WIDE))
    words = REST + SUBJECTS + list(made)[:WIDE]
    return words, list(accumulate(1 / (place + 10) for place in range(len(words))))


def sentence(rng: random.Random, words: int, *, wide: bool = False) -> str:
    """Return a sentence of about that many words."""
    head = [rng.choice(SUBJECTS).capitalize(), rng.choice(SUBJECTS), rng.choice(VERBS)]
    count = max(words - 3, 0)
    if not wide:
        return " ".join(head + rng.choices(REST + SUBJECTS, k=count))
    vocabulary, weights = wide_vocabulary()
    return " ".join(head + rng.choices(vocabulary, cum_weights=weights, k=count))


def record(rng: random.Random, number: int, *, wide: bool = False) -> str:
    """Return one entry of about `WORDS_PER_ENTRY` words."""
    text = partial(sentence, rng, wide=wide)
    kind = KINDS[number % len(KINDS)]
    when = (START + timedelta(minutes=rng.randrange(60 * 24 * 700))).strftime("%Y-%m-%dT%H:%M:00Z")
    fields = [
        ("id", f"{kind[:3].upper()}-{number:06d}"),
        ("timestamp", when),
        ("project", rng.choice(PROJECTS)),
    ]
    if kind == "debugging-solution":
        fields += [
            ("problem", text(14)),
            ("level", str(rng.randint(1, 7))),
            ("solution", text(40)),
        ]
        fields += [("prevention", text(22))]
    else:
        fields += [("name", text(8)), ("status", rng.choice(["accepted", "pending", "✅ Complete"]))]
        fields += [("description", text(34)), ("rationale", text(36))]
    fields += [("tech-stack", ", ".join(rng.sample(TECH, 3)))]
    body = "".join(f"      <{name}>{escape(text)}</{name}>\n" for name, text in fields)
    tags = "".join(f"<tag>{tag}</tag>" for tag in rng.sample(TAGS, 3))
    return f"    <{kind}>\n{body}      <tags>{tags}</tags>\n    </{kind}>\n"


def breakage(rng: random.Random, text: str) -> str:
    """Break a file in one of the ways that real files are broken, by their frequency."""
    middle = text.index("</", len(text) // 2)
    kind = rng.choices(("amp", "less", "tag", "unclosed", "cut"), (300, 240, 305, 123, 15))[0]
    put = {
        "amp": " R&D & more",
        "less": " p95 <= 540 KB and a <- b",
        "tag": " Map<string, Thread> of <token>",
    }
    if kind in put:
        return text[:middle] + put[kind] + text[middle:]
    if kind == "unclosed":
        return text[:middle] + text[text.index(">", middle) + 1 :]
    return text[: middle - 3]


def make_tree(folder: Path, entries: int, per_file: int = 10, seed: int = 7, *, wide: bool = False) -> int:
    """Write the tree and return the number of its files."""
    rng = random.Random(seed)
    files = -(-entries // per_file)
    for number in range(files):
        first = number * per_file
        last = min(first + per_file, entries)
        body = "".join(record(rng, n, wide=wide) for n in range(first, last))
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<memories>\n'
            "  <metadata>\n    <version>1.0</version>\n  </metadata>\n"
            f"  <entries>\n{body}  </entries>\n</memories>\n"
        )
        if number % 7 == 3:
            text = breakage(rng, text)
        place = folder / "project-knowledge" / PROJECTS[number % len(PROJECTS)]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"notes-{number:05d}.xml").write_text(text, encoding="utf-8")
    return files


def main() -> None:
    """Make the tree that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--entries", type=int, default=3000)
    parser.add_argument("--per-file", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--wide", action="store_true", help="with a large vocabulary")
    asked = parser.parse_args()
    files = make_tree(asked.folder, asked.entries, asked.per_file, asked.seed, wide=asked.wide)
    print(f"{asked.entries:,} entries in {files:,} files below {asked.folder}")


if __name__ == "__main__":
    main()
