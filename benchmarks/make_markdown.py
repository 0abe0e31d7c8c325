"""Make a project of Markdown memories: seeded, of real sizes (a file has 2.2 KB and 24 lines in the median).

python benchmarks/make_markdown.py FOLDER --files 4700 [--seed 7]
"""

from __future__ import annotations

import argparse
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.make_tree import SUBJECTS

_START = datetime(2026, 1, 1, tzinfo=UTC)
_TYPES = ("user", "feedback", "project", "reference")


def make_markdown(root: Path, files: int, seed: int = 7) -> None:
    """Write topics of Claude Code, notes of Serena and logs of learnings, as often as people keep them."""
    chance = random.Random(seed)
    for number in range(files):
        if number % 10 < 7:
            path, text = f"claude/topic_{number}.md", _topic(chance, number)
        elif number % 10 < 9:
            path, text = f"serena/{chance.choice(SUBJECTS)}/note-{number}.md", _note(chance, number)
        else:
            path, text = f"learnings/log-{number}.md", _log(chance, number)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def _words(chance: random.Random, many: int) -> str:
    return " ".join(chance.choice(SUBJECTS) for _ in range(many))


def _paragraphs(chance: random.Random, many: int) -> str:
    return "\n\n".join(f"{_words(chance, 45).capitalize()}." for _ in range(many))


def _topic(chance: random.Random, number: int) -> str:
    when = _START + timedelta(hours=number)
    return (
        f"---\nname: topic-{number}\ndescription: {_words(chance, 14)}\nmetadata:\n"
        f"  type: {chance.choice(_TYPES)}\n  modified: {when.isoformat()}\n---\n\n"
        f"{_paragraphs(chance, 3)}\n\n**Why:** {_words(chance, 40)}\n\n"
        f"**How to apply:**\n- {_words(chance, 12)}\n- {_words(chance, 12)}\n\nSee [[topic-{number // 2}]].\n"
    )


def _note(chance: random.Random, number: int) -> str:
    code = f"```bash\n# {_words(chance, 4)}\nmake test\n```"
    sections = "\n\n".join(
        f"## {_words(chance, 3).capitalize()}\n\n{_paragraphs(chance, 1)}\n\n{code}" for _ in range(4)
    )
    return f"# Note {number}\n\n{_paragraphs(chance, 1)}\n\n{sections}\n"


def _log(chance: random.Random, number: int) -> str:
    entries = "\n\n---\n\n".join(
        f"## [LRN-20260101-{number:04d}{place}] {_words(chance, 3)}\n\n"
        "**Status**: pending\n**Priority**: high\n\n"
        f"### Summary\n{_words(chance, 30)}\n\n### Details\n{_paragraphs(chance, 1)}"
        for place in range(6)
    )
    return f"# Learnings\n\n{entries}\n"


def main() -> None:
    """Make the project that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=4_700)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    make_markdown(asked.folder, asked.files, asked.seed)


if __name__ == "__main__":
    main()
