"""README and docs tell the truth: their keys are those of the registry, their commands those there are."""

from __future__ import annotations

import re
from pathlib import Path

import click

from index.commands.cli import cli
from tests.support.key_table import key_table
from tui.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "AGENTS.md", *(ROOT / "docs").glob("*.md")]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_key_table_is_that_of_the_registry() -> None:
    table = re.search(
        r"<!-- keys: from the registry -->\n(.*?)<!-- /keys -->", page("docs/keys.md"), re.DOTALL
    )
    assert table is not None
    assert table[1].strip() == key_table().strip()


def test_every_command_and_option_is_documented() -> None:
    assert set(cli.commands) == COMMANDS
    block = page("docs/commands.md")
    for name, command in cli.commands.items():
        assert f"memarium {name}" in block
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name not in {"tree", "help"}:
                assert any(option in block for option in parameter.opts), (name, parameter.opts)


def test_every_link_and_picture_is_there() -> None:
    assert len(PAGES) > 8
    for file in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text("utf-8")):
            assert (file.parent / target).exists(), (file.name, target)


def test_the_readme_is_read_in_a_minute() -> None:
    readme = page("README.md")
    assert len(re.sub(r"```.*?```", "", readme, flags=re.DOTALL).split()) < 600
    for way in ("docs/tour.svg", "docs/keys.md", "docs/search.md", "docs/commands.md"):
        assert f"]({way})" in readme
