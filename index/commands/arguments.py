"""Words on a command line: those to search for, where a dash makes no option of them; misspelt commands."""

from __future__ import annotations

from difflib import get_close_matches
from typing import IO, Any

import click

from index.rendering.text import safe


class PlainUsage(click.UsageError):
    """A mistake whose sentence says all there is to do."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the one line that says so."""
        click.echo(f"memarium: {safe(self.message)}", err=True)


class Commands(click.Group):
    """Commands that name the one that is meant by a misspelt one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first argument names; the errors are one line."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = get_close_matches(name, self.list_commands(ctx), 1)
            more = f"did you mean {near[0]}?" if near else f"{ctx.command_path} --help lists them."
            raise PlainUsage(f"No command {name}; {more}")
        return super().resolve_command(ctx, args)


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
                    options += [value for value in [next(rest, None)] if value is not None]
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
