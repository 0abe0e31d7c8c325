"""The command config: the file of the user's settings, made, checked, and opened."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence

import click

from index.commands.exit_status import NOTHING, command
from index.model.errors import EditorError, TreeError
from index.model.user_config import ConfigProblem, UserConfig
from index.rendering.text import safe, write
from index.storage.external_editor import editor_command, keyboard_for_others
from index.workspace import config_path, homely, make_config, use_config

app_checks: list[Callable[[UserConfig], Sequence[ConfigProblem]]] = []
"""The app's own look at keys and themes, of which the commands know nothing."""


@click.command()
@click.option("--path", "only_path", is_flag=True, help="Print its path only.")
@click.option("--edit", "edits", is_flag=True, help="Open it in your editor, then check it.")
@command
def config(only_path: bool, edits: bool) -> int:
    """Make the file of your settings, or check the one that is there.

    The exit status is 1 when a setting cannot be used.
    """
    path = config_path()
    if only_path:
        write(str(path))
        return 0
    try:
        made = make_config()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise TreeError(f"{homely(path)} cannot be made: {why}.") from error
    if edits:
        with keyboard_for_others():
            status = subprocess.run(editor_command(path, 1), check=False).returncode
        if status:
            raise EditorError(f"The editor ended with status {status}.")
    held = use_config()
    problems = [*held.problems, *(problem for check in app_checks for problem in check(held))]
    for problem in sorted(problems, key=lambda one: [part.zfill(5) for part in one.place.split(":")]):
        write(safe(str(problem)))
    if not problems:
        words = "Created, with every setting explained" if made else "No problems"
        click.echo(f"{words}: {safe(homely(path))}", err=True)
    return NOTHING if problems else 0
