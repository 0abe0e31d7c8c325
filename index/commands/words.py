"""What is typed to be searched for: a dash makes no option of it, and a colon not always a filter."""

from __future__ import annotations

from difflib import get_close_matches

import click

from index.search.query import Query, parse
from index.search.results import Results
from index.workspace import Workspace


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


def look_up(workspace: Workspace, text: str, limit: int, sort: str) -> tuple[Results, str]:
    """Search for a text, and return what was found with a hint where it was not taken as it stands.

    A filter with a value that it cannot use is taken as words. Where nothing is found, the last word may be
    unfinished, and what looks like a filter may be code (`id:int`).
    """
    asked = parse(text, typing=False)
    results = workspace.search(asked, limit, sort)
    if results.error:
        asked, hint = (
            parse(_as_words(asked, unusable=True), typing=False),
            f"{results.error}; searched as words",
        )
        return workspace.search(asked, limit, sort), hint
    if results.total or asked.is_empty:
        return results, ""
    growing = parse(text, typing=True)
    if not growing.is_empty and (more := workspace.search(growing, limit, sort)).total:
        return more, ""
    words = _as_words(asked, unusable=False)
    if words != text and (more := workspace.search(parse(words, typing=False), limit, sort)).total:
        return more, "No entry has that in such a field; searched as words"
    return results, ""


def _as_words(query: Query, *, unusable: bool) -> str:
    """Return the text with filters in quotes: those of no use, or all that take any value."""
    text = query.text
    for part in reversed(query.filters):
        written = text[part.start : part.end].lstrip("-")
        if part.value and '"' not in written and (part.filter is None or not unusable):
            start = part.end - len(written)
            text = f'{text[:start]}"{written}"{text[part.end :]}'
    return text
