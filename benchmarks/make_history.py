"""Make a repository in which a tree of memories was changed many times: seeded, some files more than others.

python benchmarks/make_history.py FOLDER --commits 10000 [--files 200] [--seed 7] [--markdown]
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.make_markdown import make_markdown
from benchmarks.make_tree import REST, SUBJECTS, make_tree, record, sentence

START = 1_700_000_000
"""Seconds; the first commit, the others follow every half hour."""
PACE = 1_800
PEOPLE = ("Ada", "Linus", "Grace", "agent-7")
Change = Callable[[random.Random, str, int], tuple[str, str]]
"""Changes a text for the commit of this number; returns it with the commit's message."""
_FIELD = re.compile(r"<(problem|solution|prevention|name|description|rationale)>([^<]*)</\1>")
_PROSE = re.compile(r"^[A-Za-z][\w ]{60,}", re.MULTILINE)
"""A line of words in Markdown."""
_CLOSING = "  </entries>"


def make_history(
    root: Path, commits: int, files: int = 200, seed: int = 7, *, markdown: bool = False
) -> None:
    """Write the tree `root`/memories and the repository around it, its last commit checked out.

    Most commits change the words of one field, one in twenty adds an entry. As in real trees some files are
    changed far more often than others, the n-th of a shuffled list in proportion to 1/√n, and in each the
    first entry, like the state of a session, takes a third of the changes. In Markdown every commit changes
    the words of a line.
    """
    rng = random.Random(seed)
    if markdown:
        make_markdown(root / "memories", files, seed)
    else:
        make_tree(root / "memories", files * 10, seed=seed)
    made = sorted(path for path in root.rglob("*.*") if path.is_file())
    texts = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in made}
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "bench")
    git(root, "config", "user.email", "bench@example.org")
    git(root, "config", "gc.auto", "0")
    importer = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=root, stdin=subprocess.PIPE)
    assert importer.stdin is not None
    importer.stdin.writelines(_stream(rng, texts, commits, _changed_line if markdown else _changed))
    importer.stdin.close()
    if importer.wait():
        raise RuntimeError("git fast-import failed")
    git(root, "reset", "-q", "--hard", "main")


def git(folder: Path, *arguments: str) -> bytes:
    """Run git there and return what it prints."""
    return subprocess.run(["git", *arguments], cwd=folder, check=True, stdout=subprocess.PIPE).stdout


def _stream(rng: random.Random, texts: dict[str, str], commits: int, change: Change) -> Iterator[bytes]:
    """Yield what `git fast-import` reads: the whole tree, then one changed file a commit."""
    yield _commit(0, "Ada", "the tree as it began", texts)
    paths = rng.sample(sorted(texts), len(texts))
    weights = list(accumulate(place**-0.5 for place in range(1, len(paths) + 1)))
    for number in range(1, commits):
        (path,) = rng.choices(paths, cum_weights=weights)
        texts[path], message = change(rng, texts[path], number)
        yield _commit(number, rng.choice(PEOPLE), message, {path: texts[path]})


def _changed(rng: random.Random, text: str, number: int) -> tuple[str, str]:
    if number % 20 == 0 and _CLOSING in text:
        return text.replace(_CLOSING, record(rng, 1_000_000 + number) + _CLOSING), "memory: add an entry"
    first = rng.random() < 1 / 3
    field = _FIELD.search(text, rng.randrange(text.find("</tags>") if first else len(text)))
    field = field or _FIELD.search(text)
    assert field is not None
    words = field[2].split(" ")
    words[rng.randrange(len(words))] = rng.choice(SUBJECTS + REST)
    new = " ".join(words) if rng.random() < 0.8 else sentence(rng, len(words))
    return text[: field.start(2)] + new + text[field.end(2) :], f"memory: edit {field[1]}"


def _changed_line(rng: random.Random, text: str, number: int) -> tuple[str, str]:
    line = _PROSE.search(text, rng.randrange(len(text))) or _PROSE.search(text)
    assert line is not None
    words = line[0].split(" ")
    words[rng.randrange(len(words))] = rng.choice(SUBJECTS)
    return text[: line.start()] + " ".join(words) + text[line.end() :], "memory: edit a line"


def _commit(number: int, author: str, message: str, files: dict[str, str]) -> bytes:
    who = f"{author} <{author.lower()}@example.org> {START + number * PACE} +0000"
    pieces = [f"commit refs/heads/main\nauthor {who}\ncommitter {who}\n".encode(), _data(message)]
    for path, text in files.items():
        pieces += (f"M 100644 inline {path}\n".encode(), _data(text))
    return b"".join(pieces)


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%b\n" % (len(content), content)


def main() -> None:
    """Make the repository that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--commits", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--markdown", action="store_true", help="files of Markdown, not of XML")
    asked = parser.parse_args()
    make_history(asked.folder, asked.commits, asked.files, asked.seed, markdown=asked.markdown)
    print(f"{asked.commits:,} commits over {asked.files:,} files in {asked.folder}")


if __name__ == "__main__":
    main()
