"""Words on a command line that are to be searched for: a dash makes no option of them."""

from __future__ import annotations

from difflib import get_close_matches

import click


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
