"""Make a repository in which agents worked in sessions: they add, edit and end with writing their state.

python benchmarks/make_sessions.py FOLDER [--commits 10000] [--entries 100000]
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.make_tree import PROJECTS, record, sentence

PER_SESSION = 5
"""Commits of one session; the last one writes the session state."""
END = datetime(2025, 11, 21, 17, 0, tzinfo=UTC)
_TIME = re.compile(r"<timestamp>[^<]*")


def make_sessions(folder: Path, commits: int = 10_000, entries: int = 100_000, seed: int = 7) -> Path:
    """Make a repository of that many commits, the last at `END`; return the tree in it."""
    folder.mkdir(parents=True)

    def git(*arguments: str, text: bytes = b"") -> None:
        subprocess.run(["git", *arguments], cwd=folder, input=text, check=True, stdout=subprocess.DEVNULL)

    git("init", "-q", "-b", "main")
    git("fast-import", "--quiet", text=b"".join(_stream(commits, entries, seed)))
    git("reset", "-q", "--hard")
    return folder / "memories"


def _stream(commits: int, entries: int, seed: int) -> Iterator[bytes]:
    """Yield the history in the format of git fast-import: eight in ten commits add a file, two edit one."""
    rng = random.Random(seed)
    adding = [number for number in range(commits) if number % 5 not in (2, 4)]
    share, rest = divmod(entries, len(adding))
    number = 0
    files: list[tuple[str, str]] = []
    for commit in range(commits):
        session, place = divmod(commit, PER_SESSION)
        started = END - timedelta(hours=12) * (-(-commits // PER_SESSION) - 1 - session) - timedelta(hours=3)
        when = started + timedelta(minutes=36 * (place + 1))
        project = PROJECTS[session % len(PROJECTS)]
        who = f"agent <agent@localhost> {int(when.timestamp())} +0000"
        yield f"commit refs/heads/main\ncommitter {who}\n".encode()
        yield _data(f"memory: {sentence(rng, 6)}")
        if commit % 5 in (2, 4):
            at = rng.randrange(max(0, len(files) - 50), len(files))
            path, text = files[at]
            files[at] = (path, text.replace("</tech-stack>", ", Rust</tech-stack>", 1))
        else:
            count = share + (len(files) < rest)
            body = "".join(record(rng, number + n) for n in range(count))
            number += count
            body = _TIME.sub(f"<timestamp>{when - timedelta(minutes=9):%Y-%m-%dT%H:%M:%SZ}", body)
            path = f"project-knowledge/{project}/notes-{commit:05d}.xml"
            files.append((path, f"<memories>\n  <entries>\n{body}  </entries>\n</memories>\n"))
            at = -1
        yield _file(*files[at])
        if place == PER_SESSION - 1:
            yield _file("session-context/active-project.xml", _state(rng, session, project, started, when))


def _state(rng: random.Random, session: int, project: str, started: datetime, when: datetime) -> str:
    fields = {
        "session-id": f"session-{session}",
        "title": sentence(rng, 5),
        "project": project,
        "started": f"{started:%Y-%m-%dT%H:%M:%SZ}",
        "timestamp": f"{when:%Y-%m-%dT%H:%M:%SZ}",
        "phase": f"{session % 5 + 1} of 5: {rng.choice(['measure', 'build', 'test'])}",
        "status": sentence(rng, 4),
        "next-step": sentence(rng, 9),
        "blockers": f"<blocker>{sentence(rng, 6)}</blocker>" if session % 3 else "",
    }
    inside = "".join(f"  <{name}>{text}</{name}>\n" for name, text in fields.items())
    return f"<active-project>\n{inside}</active-project>\n"


def _file(path: str, text: str) -> bytes:
    return f"M 100644 inline memories/{path}\n".encode() + _data(text)


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%s\n" % (len(content), content)


def main() -> None:
    """Make the repository that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--commits", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=100_000)
    asked = parser.parse_args()
    print(make_sessions(asked.folder, asked.commits, asked.entries))


if __name__ == "__main__":
    main()
