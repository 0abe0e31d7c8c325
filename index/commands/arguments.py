"""Words on a command line: those to search for, where a dash makes no option of them; misspelt commands."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from typing import IO, Any

import click

from index.commands.meant_command import meant_command
from index.rendering.text import safe


class _Count(click.IntRange):
    """A number of rows, at least one: one that is too large for any list is as good as all."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number."""
        return int(min(super().convert(value, param, ctx), sys.maxsize))


COUNT = _Count(min=1)


class PlainUsage(click.UsageError):
    """A mistake whose sentence says all there is to do."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the one line that says so."""
        click.echo(f"memarium: {safe(self.message)}", err=True)


class Commands(click.Group):
    """Commands in groups, each with the first sentence of its help; a misspelt one is guessed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.groups: dict[str, list[str]] = {}
        """The names of commands by the title of their group, in the order of the help."""

    def add_group(self, title: str, commands: Iterable[click.Command]) -> None:
        """Add commands under a title."""
        for one in commands:
            self.add_command(one)
            self.groups.setdefault(title, []).append(str(one.name))

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Return the context, in which NO_COLOR holds for help and errors too."""
        if os.environ.get("NO_COLOR"):
            extra.setdefault("color", False)
        return super().make_context(info_name, args, parent, **extra)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, group by group."""
        width = max(map(len, self.commands))
        for title, names in (self.groups or {"Commands": self.list_commands(ctx)}).items():
            commands = [one for name in names if (one := self.get_command(ctx, name)) is not None]
            with formatter.section(click.style(title, bold=True)):
                formatter.write_dl(
                    [(click.style(str(one.name).ljust(width), fg="cyan"), summary(one)) for one in commands]
                )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first argument names; the errors are one line."""
        name = args[0]
        if not (ctx.resilient_parsing or name.startswith("-")) and self.get_command(ctx, name) is None:
            meant = meant_command(name, self.list_commands(ctx))
            more = f"did you mean {meant}?" if meant else f"{ctx.command_path} --help lists them."
            raise PlainUsage(f"No command {name}; {more}")
        return super().resolve_command(ctx, args)


def summary(one: click.Command) -> str:
    """Return the first sentence of a command's help."""
    return " ".join((one.help or "").partition("\n\n")[0].split()).partition(". ")[0].rstrip(".")


_VALUES = ("1", "today", "new")
"""Each filter takes one of these values."""


def _is_filter(name: str) -> bool:
    """Whether a query has a filter of this name."""
    return any(_has_filter(f"{name}:{value}") for value in _VALUES)


def _has_filter(query: str) -> bool:
    from index.search.language.query import parse

    return bool(parse(query).filters)


class WordsCommand(click.Command):
    """A command that takes `-kafka` for a word to leave out, and only its own options for options."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Set the words with a dash apart, then read the options."""
        takes, known = self._options(context)
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for argument in rest:
            name = argument.partition("=")[0]
            if argument == "--":
                words += rest
            elif name in known or (argument[:2] in takes and argument[2:].isdigit()):
                options.append(argument)
                if argument in takes:
                    value = next(rest, None)
                    if value is None and not context.resilient_parsing:
                        raise click.BadOptionUsage(argument, f"{argument} wants a value.", context)
                    options += [value] if value is not None else []
            elif argument.startswith("--") and _is_filter(name[2:]):
                value = argument.partition("=")[2] or next(rest, "") or "…"
                word = f"{name[2:]}:{value}" if value == shlex.quote(value) else f'{name[2:]}:"{value}"'
                raise PlainUsage(f"There is no option {name}: write {word} in the query.")
            elif argument.startswith("--") and _has_filter(f"is:{name[2:]}"):
                raise PlainUsage(f"There is no option {name}: write is:{name[2:]} in the query.")
            elif argument.startswith("--") and get_close_matches(name, known):
                options.append(argument)  # misspelt: click names the one that is meant
            else:
                words.append(argument)
        return super().parse_args(context, [*options, "--", *words])

    def _options(self, context: click.Context) -> tuple[set[str], set[str]]:
        """Return the names of the options that take a value, and those of all."""
        all_options = [one for one in self.get_params(context) if isinstance(one, click.Option)]
        takes = {name for one in all_options if not (one.is_flag or one.count) for name in one.opts}
        return takes, {name for one in all_options for name in (*one.opts, *one.secondary_opts)}
