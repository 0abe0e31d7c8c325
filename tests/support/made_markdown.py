"""Markdown memories made from a seed, in the shapes that tools write: what they hold is by chance."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_WORDS = (
    *(
        "pool",
        "queue",
        "retry",
        "budget",
        "worker",
        "index",
        "schema",
        "token",
        "cache",
        "lock",
        "shard",
        "replica",
        "timeout",
        "release",
        "ticket",
    ),
    *(
        "Kovač",
        "größe",
        "日本語",
        "C++",
        "utf-8",
        "`SELECT`",
        "*soon*",
        "**now**",
        "src/app.py:12",
        "#281",
        "50%",
        "a_b",
        "x|y",
        "<b>",
    ),
)
_FENCES = (
    "```bash\n# no heading\nmake test\n```",
    "~~~\n## none either\n~~~",
    "````md\n```\n# deep\n```\n````",
    "```yaml\n---\nname: x\n---\n```",
)
_HIDDEN = (
    "<!-- a comment -->",
    "<!--\n## hidden\n**Status**: none\n-->",
    "<details>\n<summary>more</summary>\n</details>",
)
_TABLE = "| a | b |\n|---|---|\n| 1 | `x` |\n| **2** | y |"
_LABELS = ("**{}:** {}", "**{}**: {}", "- **{}**: {}", "* **{}:** {}", "__{}:__ {}")
_NAMES = ("Why", "How to apply", "Status", "Date", "Context", "Impact", "Root cause", "Source")
_STAMPS = ("2026-07-29T13:16:34.420Z", "2026-01-31", "2026-01-31 11:23:00")
PLACES = {
    "claude": ".claude/memory/feedback_pool_size.md",
    "agent": ".claude/agent-memory/reviewer/style.md",
    "index": ".claude/memory/MEMORY.md",
    "bank": "memory-bank/progress.md",
    "log": "memory-bank/decisionLog.md",
    "learnings": ".learnings/LEARNINGS.md",
    "serena": ".serena/memories/pool.md",
    "rules": "CLAUDE.md",
    "adr": "docs/adr/0007-one-queue.md",
}
"""Kind of file → path of one."""


def made(kind: str, chance: Random) -> str:
    """Return a file of a kind; its lines end in LF."""
    maker = _Maker(chance)
    makers: dict[str, Callable[[], str]] = {
        "claude": maker.memory,
        "agent": maker.memory,
        "index": maker.index,
        "learnings": maker.learnings,
        "serena": maker.note,
        "adr": maker.note,
        "log": lambda: maker.sections("[{stamp}] - {words}"),
        "bank": lambda: maker.sections("{number}. {words}"),
        "rules": lambda: maker.sections("{words}"),
    }
    return makers[kind]()


class _Maker:
    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def words(self, least: int = 2, most: int = 9) -> str:
        return " ".join(self._chance.choices(_WORDS, k=self._chance.randint(least, most))).strip(" #*")

    def _blank(self) -> str:
        return self._chance.choice(("", "\n"))

    def name(self) -> str:
        return " ".join(self._chance.choices(("Pool", "queue", "retry", "of", "orders", "2.1"), k=3))

    def _list(self, depth: int = 0) -> str:
        mark = self._chance.choice(("- ", "* ", "1. ", "- [ ] ", "- [x] "))
        rows = [f"{mark}{self.words()}" for _ in range(self._chance.randint(1, 4))]
        if not depth and self._chance.random() < 0.3:
            rows.insert(1, "  " + self._list(1).replace("\n", "\n  "))
        return "\n".join(rows)

    def block(self) -> str:
        """Return a paragraph, a list, a table, a quote, code or something hidden."""
        makers: tuple[Callable[[], str], ...] = (
            lambda: self.words(4, 30),
            lambda: f"{self.words()}\n{self.words()}",
            self._list,
            lambda: _TABLE,
            lambda: f"> {self.words()}\n> {self.words()}",
            lambda: self._chance.choice(_FENCES),
            lambda: self._chance.choice(_HIDDEN),
            lambda: f"See [[{self.name()}]], [it](other.md#why) and `mem:style`.",
            lambda: "word " * 200,
        )
        return self._chance.choice(makers)()

    def label(self) -> str:
        """Return a label with a text, a list or code."""
        style, name = self._chance.choice(_LABELS), self._chance.choice(_NAMES)
        inner = "  " if style[0] in "-*" and style[1] == " " else ""
        makers: tuple[Callable[[], str], ...] = (
            self.words,
            lambda: f"{self.words()}\n{inner}{self.words()}",
            lambda: f"\n{inner}" + self._list(1).replace("\n", f"\n{inner}"),
            lambda: "2026-01-31 | **By**: Ana",
            lambda: "",
        )
        told = self._chance.choice(makers)()
        return style.format(name, told).replace(": \n", ":\n").rstrip(" ")

    def body(self, level: int, most: int = 4) -> str:
        """Return blocks, labels, and sections below them; `level` is that of the heading above."""
        parts = [
            self.label() if self._chance.random() < 0.4 else self.block()
            for _ in range(self._chance.randint(1, most))
        ]
        for _ in range(self._chance.choice((0, 0, 1, 2)) if level < 5 else 0):
            parts.append(f"{'#' * (level + 1)} {self.name()}\n{self._blank()}{self.body(level + 1, 2)}")
        return "\n\n".join(parts)

    def front(self) -> str:
        rows = [f"name: {self.name()}", f'description: "{self.name()}: see #281"']
        if self._chance.random() < 0.5:
            rows += [
                "metadata:",
                "  node_type: memory",
                "  type: feedback",
                f"  modified: {self._chance.choice(_STAMPS)}",
            ]
        else:
            rows += [
                "type: project",
                self._chance.choice(("tags: [a, b]", "tags:\n  - a\n  - b", "note: 'it''s'", "# by hand")),
            ]
        return "\n".join(["---", *rows, "---"])

    def memory(self) -> str:
        title = f"# {self.name()}\n\n" if self._chance.random() < 0.4 else ""
        return f"{self.front()}\n\n{title}{self.body(1)}\n"

    def note(self) -> str:
        return f"# {self.name()}\n\n{self.body(1)}{self._blank()}"

    def index(self) -> str:
        lines = [f"- [{self.name()}]({name}.md) — {self.words()}" for name in ("a_b", "c", "d", "e")]
        return (
            "# Memory\n\n## Feedback\n"
            + "\n".join(lines[:2])
            + "\n\n## Project\n"
            + "\n".join(lines[2:])
            + "\n"
        )

    def sections(self, heading: str) -> str:
        joint = self._chance.choice(("\n\n", "\n\n---\n\n"))
        told = [
            f"## {heading.format(stamp='2026-01-02 11:23:00', number=n, words=self.name())}\n\n{self.body(2)}"
            for n in range(1, self._chance.randint(2, 5))
        ]
        lead = self._chance.choice(("", "\n\n<!-- kept by hand -->", f"\n\n{self.words()}"))
        return f"# {self.name()}{lead}\n\n{joint.join(told)}\n"

    def learnings(self) -> str:
        told = []
        for number in range(1, self._chance.randint(2, 5)):
            labels = f"**Logged**: {self._chance.choice(_STAMPS)}\n**Status**: pending\n**Area**: x"
            tags = "### Metadata\n- Source: user\n- Tags: a, b" if self._chance.random() < 0.7 else ""
            told.append(
                f"## [LRN-20260501-00{number}] {self.name()}\n\n{labels}\n\n"
                f"### Summary\n{self.words()}\n\n### Details\n\n{self.block()}\n\n{tags}".rstrip()
            )
        return "# Learnings\n\nCorrections.\n\n---\n\n" + "\n\n---\n\n".join(told) + "\n\n---\n"
