"""The README tells the truth: its keys are those of the registry, its commands those there are."""

from __future__ import annotations

import re
from pathlib import Path

import click

from index.commands.cli import cli
from tui.__main__ import COMMANDS
from tui.keytable import key_table

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_key_table_is_that_of_the_registry() -> None:
    table = re.search(r"<!-- keys: from the registry -->\n(.*?)<!-- /keys -->", README, re.DOTALL)
    assert table is not None
    assert table[1].strip() == key_table().strip()


def test_every_command_and_option_is_documented() -> None:
    assert set(cli.commands) == COMMANDS
    block = README[README.index("## The commands") :]
    for name, command in cli.commands.items():
        assert f"memarium {name}" in block
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name not in {"tree", "help"}:
                assert any(option in block for option in parameter.opts), (name, parameter.opts)


def test_every_link_and_picture_is_there() -> None:
    root = Path(__file__).parents[2]
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (root / target).exists(), target
