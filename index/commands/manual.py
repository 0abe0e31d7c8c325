"""The command man: the manual page, made from the help of the commands."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import click

from index.commands.exit_status import command
from index.rendering.text import write

_SEARCH = (
    ("pool retry", "Both words, in any order."),
    ('"read replica"', "A phrase."),
    ("pool -kafka", "Without a word."),
    ("redis OR valkey", "Either; ( ) groups."),
    ("exhaust*  pol~", "A beginning; with up to two typos."),
    ("title:pool", "In one field: title, problem, solution or any other name."),
    ("kind: project: tag: tech: status: file: id:", "What an entry is, and where it is."),
    ("level:>=3", "A number, or a range: 2..4."),
    ("after: before: on:", "A day: 2025-10-03, 2025-10, yesterday, 7d."),
    ("is:new is:deleted is:pending is:template is:broken", "States of an entry."),
)
_ENVIRONMENT = (
    ("MEMARIUM_TREE", "The tree, where -t names none."),
    ("MEMARIUM_ENGINE", "The search engine: auto, whoosh or tantivy."),
    ("MEMARIUM_EDITOR, VISUAL, EDITOR", "The editor for an entry."),
    ("NO_COLOR", "No colours."),
    ("XDG_CACHE_HOME, XDG_CONFIG_HOME, XDG_STATE_HOME", "Where the index, the settings and drafts are kept."),
)
_STATUS = (
    ("0", "Found, or done."),
    ("1", "Nothing found, or problems present."),
    ("2", "Wrong usage."),
    ("3", "Refused or failed; one sentence on standard error says why."),
)


@click.command()
@click.pass_context
@command
def man(context: click.Context) -> int:
    """Show the manual page; in a pipe print its source."""
    page = "\n".join(_page(context.find_root()))
    reader = shutil.which("man") if sys.stdout.isatty() else None
    if reader is None:
        write(page)
        return 0
    return subprocess.run([reader, "-l", "-"], input=page.encode(), check=False).returncode


def _page(root: click.Context) -> Iterator[str]:
    group = root.command
    assert isinstance(group, click.Group)
    yield '.TH MEMARIUM 1 "" memarium "User Commands"'
    yield from _section("NAME", ["memarium \\- see, search, correct and version what coding agents remember"])
    yield from _section(
        "SYNOPSIS", [".B memarium", "[TREE]", ".br", ".B memarium", "COMMAND [OPTIONS] [ARGS]"]
    )
    about = (
        "Coding agents keep memories: a tree of files, usually in a git repository. Without a command, "
        "memarium opens the tree in a terminal app. The tree is the named one, else $MEMARIUM_TREE, else the "
        "stores of memories of the project around the current folder."
    )
    yield from _section("DESCRIPTION", [_escaped(about)])
    yield ".SH COMMANDS"
    for name, sub in sorted(group.commands.items()):
        yield from _about(sub, click.Context(sub, info_name=f"memarium {name}"))
        for below, part in sorted(sub.commands.items()) if isinstance(sub, click.Group) else ():
            yield from _about(part, click.Context(part, info_name=f"memarium {name} {below}"))
    for title, rows in (("SEARCH", _SEARCH), ("ENVIRONMENT", _ENVIRONMENT), ("EXIT STATUS", _STATUS)):
        yield from _section(title, _tagged(rows))


def _about(sub: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join(sub.collect_usage_pieces(context))
    yield f'.SS "{_escaped(f"{context.info_name} {usage}")}"'
    for paragraph in (sub.help or "").split("\n\n"):
        yield from (".PP", _escaped(" ".join(paragraph.split())))
    options = (one.get_help_record(context) for one in sub.params)
    yield from _tagged([row for row in options if row and row[1]])


def _section(title: str, lines: list[str] | Iterator[str]) -> Iterator[str]:
    yield f'.SH "{title}"'
    yield from lines


def _tagged(rows: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, about in rows:
        yield from (".TP", f".B {_escaped(name)}", _escaped(about))


def _escaped(text: str) -> str:
    """Return a text as a line of roff that means no more than itself."""
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return re.sub(r"^([.'])", r"\\&\1", plain)
