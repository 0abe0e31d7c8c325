"""The user's `config.toml`: what it means, and how a mistake is told."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.commands.cli import cli
from index.model.days import local
from index.model.user_config import ConfigProblem, UserConfig
from index.model.vocabulary import load
from index.search.engines.choice import chosen
from index.sessions.state_vocabulary import load as load_state
from index.storage.config_file import config_path, own_themes, parse_config, read_config
from index.storage.config_schema import SETTINGS, commented_file
from index.storage.external_editor import editor_command
from index.workspace import use_config
from tests.support.commands import call
from tests.support.config import write_config
from tests.support.diary import Diary, state
from tests.support.git import commit_all, git, make_repository
from tests.support.home import Home

NOTE = "<notes><note><title>One</title><text>a</text></note><note><title>Two</title></note></notes>"


@pytest.fixture(autouse=True)
def forgotten(home: Home) -> Iterator[None]:
    """Leave nothing of a test's settings to the next one."""
    yield
    write_config(home, "")
    use_config()


def problems(text: str) -> list[str]:
    return [str(problem) for problem in parse_config(text.encode(), "config.toml").problems]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('theme = "x\nsort = "date"\n', "1:11: Unterminated string. None of its settings are used."),
        ('theme = "x', "1:11: Unterminated string. None of its settings are used."),
        ("mouse = true\nmouse = false\n", "2:14: This name is set twice. None of its settings are used."),
        ("[keymap]\n[keymap]\n", "2:8: This name is set twice. None of its settings are used."),
        ("keymap = {}\n[keymap.a]\n", "2:10: This name is set twice. None of its settings are used."),
        ("mouse = true\nb = = 2\n", "2:5: Invalid value. None of its settings are used."),
        ("theme = 3", "1:9: theme must be a text in one line, not 3; it is not used."),
        ('\n  sort = "size"', '2:10: sort must be relevance, date, oldest, title, kind, level or file'),
        ('srot = "date"', "1:1: There is no setting srot. Did you mean sort?"),
        ('columns = ["kind", "dat"]', "1:11: columns must be a list of kind, topic, project, snippet"),
        ('time_zone = "Mars/X"', "1:13: time_zone must be the name of a time zone"),
        ("session_gap = true", "1:15: session_gap must be a number of hours from 0.1 to 72, not true; 4"),
        ('mouse = "no"', '1:9: mouse must be true or false, not "no"; true is used.'),
        ('date_format = "day"', "1:15: date_format must be a pattern such as"),
        ('commit_prefix = "# "', "1:17: commit_prefix must be at most 40 letters"),
        ('engine = "grep"', '1:10: engine must be auto, whoosh or tantivy, not "grep"; it is not used.'),
        ("[keymap]\nundo = 3", '2:1: undo must be a key such as "H", or a list of keys; its key stays.'),
        ("keymap = 3", "1:1: keymap must be a table, [keymap]; it is not used."),
        ("commands = 3", "1:1: commands must be a table, [commands]; it is not used."),
        (
            '[commands]\n"alt+g" = "git log"',
            '2:1: alt+g must be a list such as ["git", "log", "{path}"]; it is not used.',
        ),
        (
            '[commands]\n"alt+g" = ["git", "{file}"]',
            "2:1: alt+g has {file}, and there are {id}, {path} and {line}; it is not used.",
        ),
        (
            '[commands]\n"alt+g" = ["{path}"]',
            "2:1: alt+g must begin with the name of a program; it is not used.",
        ),
        ("filter = \"a\\nb\"", "1:10: filter must be a text in one line"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(text: str, told: str) -> None:
    [problem] = problems(text)
    assert problem.startswith(f"config.toml:{told}")


def test_what_is_right_counts_beside_what_is_wrong() -> None:
    config = parse_config(
        b'sort = "size"\nfilter = "pool"\n[keymap]\nundo = 3\nredo = ["U", "Y"]\n', "config.toml"
    )
    assert (config.sort, config.filter) == ("", "pool")
    assert config.keymap == {"redo": ("U", "Y")}
    assert len(config.problems) == 2


def test_the_file_to_begin_with_explains_every_setting() -> None:
    config = parse_config(commented_file().encode(), "config.toml")
    assert replace(config, places={}) == UserConfig()
    every = re.sub(r"^# (\w+ = )", r"\1", commented_file(), flags=re.MULTILINE)
    config = parse_config(every.encode(), "config.toml")
    assert config.problems == ()
    assert {setting.name for setting in SETTINGS} <= config.places.keys()


def test_docs_tell_every_setting() -> None:
    told = Path("docs/settings.md").read_text("utf-8")
    assert all(f"`{setting.name}`" in told for setting in SETTINGS)


def test_a_file_that_changed_is_read_again(home: Home) -> None:
    assert read_config() == UserConfig()
    write_config(home, 'filter = "pool"')
    assert read_config().filter == "pool"
    write_config(home, 'filter = "retry storm"')
    assert read_config().filter == "retry storm"


def test_a_file_that_would_never_end_is_not_read(home: Home) -> None:
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    theme = path.with_name("themes") / "mine.toml"
    theme.parent.mkdir()
    vocabulary = path.with_name("vocabulary.toml")
    for fifo in (path, theme, vocabulary):
        os.mkfifo(fifo)
    try:
        assert [str(one) for one in read_config().problems] == [
            "config.toml: It is not a file, so none of its settings are used."
        ]
        assert [one.error for one in own_themes()] == ["This theme cannot be read: it is not a file"]
        assert load(vocabulary) == load()
        assert load_state(vocabulary) == load_state()
    finally:
        for fifo in (path, theme, vocabulary):
            fifo.unlink()


@pytest.mark.parametrize("text", ["a = " + "[" * 5_000, "a = " + "{b=" * 5_000, "a = " + "9" * 5_000])
def test_a_file_that_is_too_much_for_its_reader_costs_the_settings_alone(home: Home, text: str) -> None:
    write_config(home, text)
    [problem] = read_config().problems
    assert str(problem).endswith("None of its settings are used.")
    vocabulary = config_path().with_name("vocabulary.toml")
    theme = config_path().with_name("themes") / "mine.toml"
    theme.parent.mkdir()
    try:
        for path in (vocabulary, theme):
            path.write_text(text)
        assert load(vocabulary) == load()
        assert load_state(vocabulary) == load_state()
        assert all(one.error.startswith("This theme cannot be read: ") for one in own_themes())
    finally:
        vocabulary.unlink()
        theme.unlink()


def test_faults_are_told_in_the_order_of_the_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    write_config(home, "sort = 1\n" + "\n" * 8 + "theme = 1\n")
    key = ConfigProblem("config.toml:9:1", "There is no action histroy.")
    monkeypatch.setattr("index.commands.config.app_checks", [lambda held: [key]])
    told = CliRunner().invoke(cli, ["config"]).stdout.splitlines()
    assert [line.split(":")[1] for line in told] == ["1", "9", "10"]


def test_a_home_that_is_no_folder_has_no_settings(home: Home) -> None:
    """As where `HOME` is `/dev/null`."""
    home.spoil(home.config)
    try:
        assert read_config() == UserConfig()
        done = CliRunner().invoke(cli, ["config"])
        assert (done.exit_code, done.stdout) == (3, "")
        assert re.fullmatch(r"memarium: \S+config.toml cannot be made: not a directory\.\n", done.stderr)
    finally:
        home.config.unlink()


def test_an_engine_is_named_by_the_environment_before_the_file(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config(home, 'engine = "whoosh"')
    monkeypatch.delenv("MEMARIUM_ENGINE")
    assert chosen().name == "whoosh"
    monkeypatch.setenv("MEMARIUM_ENGINE", "tantivy")
    assert chosen().name == "tantivy"


def test_the_editor_of_the_settings_goes_before_that_of_all_programs(home: Home) -> None:
    write_config(home, 'editor = "sh -c"')
    there = {"PATH": "/bin:/usr/bin", "EDITOR": "ls"}
    assert editor_command(Path("a.xml"), 7, there)[:2] == ["sh", "-c"]
    assert editor_command(Path("a.xml"), 7, there | {"MEMARIUM_EDITOR": "cat"})[:1] == ["cat"]


def test_a_time_zone_counts_where_the_environment_names_none(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config(home, 'time_zone = "Asia/Tokyo"')
    when = datetime(2025, 11, 21, 20, tzinfo=UTC)
    use_config()
    assert local(when).day == 21
    monkeypatch.delenv("TZ")
    use_config()
    assert (local(when).day, local(when).hour) == (22, 5)


def test_commit_messages_begin_as_the_user_wants(home: Home, tmp_path: Path) -> None:
    root = tmp_path / "repo"
    root.mkdir()
    make_repository(root)
    (root / "notes.xml").write_text(NOTE)
    commit_all(root)
    write_config(home, 'commit_prefix = "docs(notes): "')
    first = json.loads(call(root, "list", "--json").stdout)["hits"][0]
    call(root, "edit", first["id"], "--set", "text=c", status=0)
    subject = f'edit text of "{first["title"]}"'
    assert git(root, "log", "-1", "--format=%s").strip() == f"docs(notes): {subject}"
    call(root, "undo", status=0)
    assert git(root, "log", "-1", "--format=%s").strip() == f"docs(notes): undo {subject}"


@pytest.mark.parametrize(("gap", "sessions"), [("", 2), ("session_gap = 6", 1), ("session_gap = 4.9", 2)])
def test_a_session_ends_after_the_hours_of_the_settings(
    home: Home, tmp_path: Path, gap: str, sessions: int
) -> None:
    write_config(home, gap)
    diary = Diary(tmp_path / "work")
    for hour, status in (("08", "a"), ("13", "b")):
        written = state(phase="x", status=status)
        diary.commit(f"2025-10-02T{hour}:00:00Z", session_context__active_project=written)
    assert len(diary.sessions()) == sessions


def test_the_command_makes_the_file_and_tells_what_is_wrong(home: Home) -> None:
    from click.testing import CliRunner

    from index.commands.cli import cli

    path = home.config / "memarium" / "config.toml"
    assert CliRunner().invoke(cli, ["config", "--path"]).stdout.strip() == str(path)
    made = CliRunner().invoke(cli, ["config"])
    assert (made.exit_code, path.read_text("utf-8")) == (0, commented_file())
    write_config(home, 'sort = "size"')
    told = CliRunner().invoke(cli, ["config"])
    assert told.exit_code == 1
    assert told.stdout.startswith("config.toml:1:8: sort must be")
    assert path.read_text("utf-8") == 'sort = "size"', "what is there stays"


def test_every_other_command_tells_it_beside_its_results(home: Home, tmp_path: Path) -> None:
    (tmp_path / "notes.xml").write_text(NOTE)
    write_config(home, 'sort = "size"')
    done = call(tmp_path, "list", status=0)
    assert "config.toml:1:8" in done.stderr
    assert "config.toml" not in done.stdout
