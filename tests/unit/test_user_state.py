"""The one file that holds what is remembered of the user."""

from __future__ import annotations

import errno
import fcntl
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from index.model.news import NOTHING
from index.storage import user_state
from index.storage.user_folders import state_file, state_folder
from index.storage.user_state import MIGRATIONS, StateUnavailable, UserSettings, UserState
from index.workspace import Workspace

CHOSEN = {"theme": "nord", "sort": "date", "sidebar": False}


class Kept:
    """A state, a file of settings as they once were, and what was told."""

    def __init__(self, folder: Path) -> None:
        self.told: list[str] = []
        self.path, self.old = folder / "state" / "state.sqlite", folder / "app.json"

    def read(self) -> dict[str, object]:
        """Read the settings as another start of memarium does."""
        return self.settings().read()

    def keep(self, **settings: object) -> None:
        """Keep settings."""
        self.settings().keep(settings)

    def settings(self) -> UserSettings:
        """Open the settings as another start of memarium does."""
        return UserSettings(self.old, self.path, self.told.append)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_settings_are_read_as_they_were_kept_and_nothing_is_made_by_reading(kept: Kept) -> None:
    assert kept.read() == {}
    assert not kept.path.parent.exists()
    kept.keep(**CHOSEN)
    kept.keep(sort="kind")
    assert kept.read() == CHOSEN | {"sort": "kind"}
    assert kept.path.parent.stat().st_mode & 0o777 == 0o700
    assert kept.path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_could_read_is_made_private(kept: Kept) -> None:
    kept.keep(sort="date")
    kept.path.chmod(0o644)
    kept.read()
    assert kept.path.stat().st_mode & 0o777 == 0o600


def test_the_old_file_is_taken_over_once(kept: Kept) -> None:
    kept.old.write_text(json.dumps(CHOSEN))
    assert kept.read() == CHOSEN
    assert not kept.old.exists()
    kept.old.write_text('{"theme": "gruvbox"}')
    assert kept.read() == CHOSEN, "what was chosen since counts"


@pytest.mark.parametrize("text", [b"", b"[1]", b'{"theme": 3, "sort": \xff', b"\x00" * 40])
def test_an_old_file_that_is_damaged_is_left_alone(kept: Kept, text: bytes) -> None:
    kept.old.write_bytes(text)
    assert kept.read() == {}
    assert kept.old.read_bytes() == text


def test_two_programs_take_over_at_once(kept: Kept) -> None:
    kept.old.write_text(json.dumps(CHOSEN))
    code = (
        "import json, pathlib, sys; from index.storage.user_state import UserSettings; sys.stdin.read(); "
        "state, old = map(pathlib.Path, sys.argv[1:]); "
        "print(json.dumps(UserSettings(old, state, print).read()))"
    )
    command = [sys.executable, "-c", code, str(kept.path), str(kept.old)]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
    for one in both:
        assert one.stdin is not None
        one.stdin.close()
    for one in both:
        assert one.stdout is not None
        with one.stdout as answer:
            assert json.loads(answer.read()) == CHOSEN
        assert one.wait() == 0
    assert kept.read() == CHOSEN


@pytest.mark.parametrize("place", ["file/state.sqlite", "/proc/self/state.sqlite"])
def test_where_nothing_can_be_written_the_old_settings_count(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("no folder")
    kept = Kept(tmp_path)
    kept.path = tmp_path / place
    kept.old.write_text(json.dumps(CHOSEN))
    assert kept.read() == CHOSEN
    kept.keep(sort="date")
    assert kept.old.exists()
    assert kept.told == []


def damage(path: Path, how: str) -> None:
    """Damage a database."""
    data = path.read_bytes()
    if how == "tables":
        path.unlink()
        with closing(sqlite3.connect(path)) as database:
            database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    else:
        path.write_bytes({"garbage": b"\x07" * 4000, "half": data[: len(data) // 2], "text": b"{}"}[how])


@pytest.mark.parametrize("how", ["garbage", "half", "text", "tables"])
def test_a_damaged_file_is_put_aside_and_begun_anew(kept: Kept, how: str) -> None:
    kept.keep(**CHOSEN)
    damage(kept.path, how)
    held = kept.path.read_bytes()
    kept.keep(sort="date")
    kept.keep(sort="date")
    assert kept.read() == {"sort": "date"}
    assert kept.path.with_name("state.damaged.sqlite").read_bytes() == held
    (words,) = kept.told
    assert words == (
        "The file with your settings and with what you have seen was damaged, so both begin anew: "
        f"the damaged one is kept as {kept.path.with_name('state.damaged.sqlite')}."
    )


def test_the_file_of_a_newer_memarium_is_left_alone(kept: Kept) -> None:
    kept.keep(**CHOSEN)
    with closing(sqlite3.connect(kept.path)) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    held = kept.path.read_bytes()
    assert kept.read() == {}
    kept.keep(sort="date")
    assert kept.path.read_bytes() == held
    assert kept.told == []


def test_a_link_in_place_of_the_file_is_not_followed(kept: Kept, tmp_path: Path) -> None:
    kept.path.parent.mkdir()
    kept.path.symlink_to(tmp_path / "elsewhere")
    kept.keep(sort="date")
    assert not (tmp_path / "elsewhere").exists()
    assert kept.read() == {}


def test_a_file_system_without_locks(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    monkeypatch.setattr(user_state, "PATIENCE", 0.1)
    kept.old.write_text(json.dumps(CHOSEN))
    assert kept.read() == CHOSEN
    with UserState(kept.path).transaction(change=True), pytest.raises(StateUnavailable):
        UserState(kept.path).transaction(change=True).__enter__()
    assert kept.read() == CHOSEN


# ── the marks of a tree ───────────────────────────────────────────────────────


def make_tree(folder: Path) -> Path:
    """Make a tree of one entry."""
    (folder / "notes.xml").parent.mkdir(parents=True, exist_ok=True)
    (folder / "notes.xml").write_text("<notes><note id='A'><text>one</text></note></notes>")
    return folder


def keep_as_once(root: Path) -> Path:
    """Let the marks of a tree be in a file of its own, as they once were; return that file."""
    folder = state_folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    old = folder / "seen.sqlite"
    with closing(sqlite3.connect(state_file())) as state, closing(sqlite3.connect(old)) as database:
        rows = state.execute(
            "SELECT path, digest, entries FROM marks JOIN trees ON id = tree WHERE name = ?", (folder.name,)
        ).fetchall()
        with database:
            database.execute("CREATE TABLE files (path TEXT PRIMARY KEY, digest TEXT, entries TEXT)")
            database.executemany("INSERT INTO files VALUES (?, ?, ?)", rows)
            database.execute("PRAGMA user_version = 1")
    state_file().unlink()
    return old


def new_in(root: Path) -> set[str]:
    """Return the ids of what is new, as a start of memarium finds them."""
    workspace = Workspace.open(root)
    workspace.tree.load()
    try:
        return set(workspace.tree.seen.news().ids)
    finally:
        workspace.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    return tmp_path


def test_marks_of_two_trees_are_taken_over_each_when_it_is_opened(home: Path) -> None:
    trees = [make_tree(home / name) for name in ("one", "two")]
    for tree in trees:
        assert new_in(tree) == set()
        old = keep_as_once(tree)
        (tree / "notes.xml").write_text("<notes><note id='A'><text>two</text></note></notes>")
        assert new_in(tree) == {"notes.xml#A"}
        assert not old.exists()
        assert new_in(tree) == {"notes.xml#A"}


def test_old_marks_that_are_damaged_are_a_first_visit(home: Path) -> None:
    tree = make_tree(home / "one")
    new_in(tree)
    keep_as_once(tree).write_bytes(b"no database" * 400)
    assert new_in(tree) == set()
    (tree / "notes.xml").write_text("<notes><note id='A'><text>two</text></note></notes>")
    assert new_in(tree) == {"notes.xml#A"}


def test_what_others_do_with_the_state_costs_no_more_than_the_marks(home: Path) -> None:
    tree = make_tree(home / "one")
    state_file().parent.mkdir(parents=True)
    state_file().mkdir()
    workspace = Workspace.open(tree)
    workspace.tree.load()
    assert workspace.tree.seen.news() == NOTHING
    assert workspace.tree.seen.see_all() == 0
    workspace.close()
