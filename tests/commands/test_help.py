"""Help, the manual page and the completion of the shell."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from index.commands.cli import GROUPS, cli
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, git, make_repository
from tui.__main__ import COMMANDS

SESSION = {
    "active-project.xml": "<active-project><project>shop</project><next-step>Go</next-step></active-project>",
    "pending-decisions.xml": (
        "<pending-decisions><decision id='DEC-1'><title>Keep it?</title><status>pending</status></decision>"
        "</pending-decisions>"
    ),
}
"""A session state, and a decision that waits."""


def test_every_command_is_in_one_group_and_known_to_the_start() -> None:
    names = [str(one.name) for group in GROUPS.values() for one in group]
    assert sorted(names) == sorted(cli.commands) == sorted(COMMANDS)


def test_the_help_has_groups_and_whole_sentences() -> None:
    text = CliRunner().invoke(cli, ["--help"]).stdout
    assert all(f"{group}:\n" in text for group in GROUPS)
    assert "..." not in text.partition("Find:")[2]
    assert "\x1b" not in text
    for one in cli.commands.values():
        first = re.sub(r"\s+", " ", (one.help or "").partition("\n\n")[0]).partition(". ")[0].rstrip(".")
        assert first in re.sub(r"\s+", " ", text)
        assert len(first) < 75, f"{one.name} says too much at once"


def manual() -> str:
    return CliRunner().invoke(cli, ["man"]).stdout


def test_the_manual_has_every_command_and_option() -> None:
    page = manual()
    for name, one in cli.commands.items():
        assert f"memarium {name}".replace("-", "\\-") in page
        for option in (param for param in one.params if isinstance(param, click.Option)):
            assert option.opts[-1].replace("-", "\\-") in page
    for heading in ("NAME", "SYNOPSIS", "SEARCH", "ENVIRONMENT", "EXIT STATUS"):
        assert f'.SH "{heading}"' in page


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff to read the page with")
def test_the_manual_is_read_without_a_warning() -> None:
    done = subprocess.run(
        ["groff", "-k", "-man", "-Tutf8", "-ww", "-z"],
        input=manual().encode(),
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        (["list", "--kind"], "", {"lesson"}),
        (["add"], "les", {"lesson"}),
        (["add", "lesson", "--file"], "", {"lessons.xml"}),
        (["edit", "L-1", "--set"], "", {"title=", "description="}),
        (["edit", "L-1", "--set", "title=x", "--set"], "", {"description="}),
        (["move", "L-1"], "", {"lessons.xml"}),
        (["history"], "les", {"lessons.xml"}),
        (["restore", "L-1", "HEAD", "--field"], "ti", {"title"}),
        (["search"], "kind:le", {"kind:lesson"}),
        (["search"], "proj", {"project:"}),
        (["list"], "tag:", {"tag:a", "tag:b"}),
        (["search"], "@", {"@mine"}),
        (["rename-tag"], "", {"a", "b"}),
        (["brief", "--project"], "", {"shop"}),
        (["session", "end", "--decide"], "", {"DEC-1="}),
        (["session", "end", "--set"], "next", {"next-step="}),
        (["commit"], "", {"lessons.xml"}),
        (["repair"], "", {"broken.xml"}),
        (["list", "--template"], "{{ ti", {"{{ title }}", "{{ timestamp }}"}),
        (["show", "L-1", "--template"], "{{ id }}: {{desc", {"{{ id }}: {{ description }}"}),
        (["export", "--template"], "{{ text | l", {"{{ text | line }}"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_the_shell_completes(
    tree: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], begun: str, offered: set[str]
) -> None:
    lesson = "<lesson id='L-1'><title>One</title><tags>a, b</tags><project>shop</project>"
    (tree / "lessons.xml").write_text(f"<lessons>{lesson}<description>d</description></lesson></lessons>")
    make_repository(tree.parent)
    commit_all(tree.parent)
    if words == ["commit"]:
        with (tree / "lessons.xml").open("a") as file:
            file.write("\n<!-- more -->\n")
    if words == ["repair"]:
        (tree / "broken.xml").write_text("<lessons><lesson id='L-2'><title>R & D</title></lesson></lessons>")
    if begun == "@":
        with closing(Workspace.open(tree)) as workspace:
            workspace.tree.bookmarks.name_search("mine", "tag:a")
    if words[0] == "session":
        (tree / "session-context").mkdir()
        for name, text in SESSION.items():
            (tree / "session-context" / name).write_text(text)
    call(tree, "index", status=0)
    monkeypatch.setenv("MEMARIUM_TREE", str(tree))
    found = {one.value for one in ShellComplete(cli, {}, "memarium", "_").get_completions(words, begun)}
    found -= {"L-1", "tags=", "project=", "lessons.xml#L-1"}
    assert found == offered


@pytest.mark.parametrize(("typed", "words", "replies"), [
    ("list tag:", ["list", "tag", ":"], ["a", "b"]),
    ("list tag:a", ["list", "tag", ":", "a"], ["a"]),
    ('list "x tag:a', ["list", '"x tag:a'], ["x tag:a"]),
    ("edit L-1 --set pro", ["edit", "L-1", "--set", "pro"], ["project="]),
    ("show L", ["show", "L"], ["L-1"]),
    ("list --kind ", ["list", "--kind", ""], ["lesson"]),
])  # fmt: skip
def test_bash_completes_what_it_takes_for_several_words(
    tree: Path, typed: str, words: list[str], replies: list[str]
) -> None:
    lesson = "<lesson id='L-1'><title>One</title><tags>a, b</tags><project>shop</project></lesson>"
    (tree / "lessons.xml").write_text(f"<lessons>{lesson}</lessons>")
    call(tree, "index", status=0)
    quoted = " ".join(shlex.quote(word) for word in ["memarium", *words])
    script = (
        f"source <(_MEMARIUM_COMPLETE=bash_source memarium)\ncompopt() {{ :; }}\nCOMP_WORDS=({quoted})\n"
        f"COMP_CWORD={len(words)} COMP_LINE={shlex.quote(f'memarium {typed}')}\nCOMP_POINT=${{#COMP_LINE}}\n"
        "_memarium_completion memarium\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n"
    )
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = os.environ | {"MEMARIUM_TREE": str(tree), "PATH": path}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=True)
    assert (done.stdout.splitlines(), done.stderr) == (replies, "")


def test_the_shell_completes_revisions_with_their_messages(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository(tree.parent)
    commit_all(tree.parent, "memory: the first\n\nand a text below")
    monkeypatch.setenv("MEMARIUM_TREE", str(tree))
    [one] = ShellComplete(cli, {}, "memarium", "_").get_completions(["diff", "L-1"], "")
    assert one.value == git(tree, "rev-parse", "HEAD")[:7]
    assert str(one.help).endswith("memory: the first")


def test_a_completion_without_a_tree_offers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["show"], ["list", "--kind"], ["repair"], ["diff", "L-1"], ["move", "L-1"]):
        assert ShellComplete(cli, {}, "memarium", "_").get_completions(words, "") == []


def test_a_completion_hears_of_a_tree_before_the_command_and_behind_it(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(tree, "index", status=0)
    monkeypatch.chdir("/")
    shell = ShellComplete(cli, {}, "memarium", "_")
    for words in (["-t", str(tree), "show"], [f"--tree={tree}", "show"], ["show", "-t", str(tree)]):
        assert {one.value for one in shell.get_completions(words, "")} == {"L-1", "L-2"}
    for words in (["-t"], ["list", "--tree"]):
        assert [(one.value, one.type) for one in shell.get_completions(words, "mem")] == [("mem", "dir")]
    assert "show" in {one.value for one in shell.get_completions(["nosuch"], "")}
