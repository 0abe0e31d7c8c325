"""The commands: the library without a screen, for scripts, agents and screen readers.

Results go to standard output, talk to standard error. Exit status: 0 found or done, 1 nothing found or
problems present, 2 wrong usage, 3 refused or failed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from index.edits import CannotEdit, Edit
from index.history.errors import HistoryError
from index.memory.files import TreeError
from index.memory.tree import NAMES, VARIABLE, discover
from index.output import diff_text, entry_json, entry_line, entry_text, problem_line, safe, to_json, write
from index.search.engine import IndexBusy
from index.snapshot import SORTS
from index.workspace import Saved, UnknownEntry, Workspace

NOTHING, USAGE, FAILED = 1, 2, 3
NO_TREE = (
    f"No memories found: name a tree with -t PATH or ${VARIABLE}, go to a folder below {', '.join(NAMES)}, "
    "or try: memarium demo"
)
P = ParamSpec("P")


class NoTree(click.UsageError):
    """There is no tree to open."""

    def __init__(self) -> None:
        super().__init__(NO_TREE)

    def show(self, file: Any = None) -> None:
        """Print the one line that says where a tree was looked for."""
        click.echo(f"memarium: {self.message}", err=True)


@contextmanager
def open_tree(tree: str | None) -> Iterator[Workspace]:
    """Open the tree that `-t`, the environment or the current folder names.

    Raises:
        NoTree: none of them does.
    """
    path = Path(tree) if tree else discover(Path.cwd())
    if path is None:
        raise NoTree
    workspace = Workspace.open(path)
    try:
        yield workspace
    finally:
        workspace.close()


FAILURES = (TreeError, CannotEdit, HistoryError)


def command(function: Callable[P, int | None]) -> Callable[P, None]:
    """Turn what a command returns or raises into the exit status."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            status = function(*args, **kwargs) or 0
            sys.stdout.flush()
        except UnknownEntry as error:
            click.echo(f"memarium: {safe(str(error))}", err=True)
            status = NOTHING
        except BrokenPipeError:
            sys.stderr.close()  # the reader has seen enough: no traceback at exit
            status = 0
        except FAILURES as error:
            click.echo(f"memarium: {safe(str(error))}", err=True)
            status = FAILED
        sys.exit(status)

    return run


tree_option = click.option("-t", "--tree", metavar="PATH", help="The tree of memories.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
dry_option = click.option("--dry-run", is_flag=True, help="Show the diff and write nothing.")
message_option = click.option("-m", "--message", help="The commit message.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="memarium")
def cli() -> None:
    """See, search, correct and version what your coding agents remember.

    `memarium [TREE]` opens the app; the commands below print.
    """


def _query_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        json_option,
        click.option("--sort", type=click.Choice(SORTS), help="The order of the hits."),
        click.option("-n", "--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N"),
        click.option("--kind", metavar="K", help="Only entries of this kind."),
        tree_option,
    ):
        function = option(function)
    return function


@cli.command("list")
@_query_options
@command
def list_(tree: str | None, kind: str | None, limit: int, sort: str | None, as_json: bool) -> int:
    """List the entries, newest first."""
    return _find(tree, "", kind, limit, sort or "date", as_json)


@cli.command()
@click.argument("query", nargs=-1, required=True)
@_query_options
@command
def search(
    tree: str | None, query: tuple[str, ...], kind: str | None, limit: int, sort: str | None, as_json: bool
) -> int:
    """Search the entries, best first.

    QUERY is words (all must match), "a phrase", -not, OR, word~ (typos), pre*, and filters such as
    kind:solution project:shop-api tag:redis level:>=3 after:2025-10.
    """
    return _find(tree, " ".join(query), kind, limit, sort or "relevance", as_json)


def _find(tree: str | None, query: str, kind: str | None, limit: int, sort: str, as_json: bool) -> int:
    if kind:
        query = f'{query} kind:"{kind}"' if " " in kind else f"{query} kind:{kind}"
    with open_tree(tree) as workspace:
        _prepare(workspace)
        results = workspace.search(query.strip(), limit, sort)
        if results.error:
            click.echo(f"memarium: {safe(results.error)}", err=True)
            return USAGE
        if as_json:
            found = {
                "tree": str(workspace.root),
                "total": results.total,
                "took_ms": round(results.took_ms, 1),
                "hits": [hit.to_dict() for hit in results],
            }
            click.echo(to_json(found))
        else:
            for hit in results:
                write(entry_line(hit.entry))
                if query and hit.snippet:
                    write(f"            {hit.snippet}")
            if results.total > len(results.hits):
                click.echo(f"{len(results.hits)} of {results.total}; -n N shows more", err=True)
        if not results.total:
            hint = f" Did you mean: {safe(results.suggestion)}" if results.suggestion else ""
            click.echo(f"Nothing found.{hint}", err=True)
        return 0 if results.total else NOTHING


@cli.command()
@click.argument("entry_id", metavar="ID")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "xml"]), default="text", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@tree_option
@command
def show(tree: str | None, entry_id: str, form: str, as_json: bool) -> int:
    """Show one entry."""
    with open_tree(tree) as workspace:
        entry = workspace.entry(entry_id)
        if as_json or form == "json":
            click.echo(to_json(entry_json(entry)))
        elif form == "xml":
            write(workspace.markup(entry.id))
        else:
            write(entry_text(entry))
    return 0


@cli.command()
@click.argument("entry_id", metavar="ID")
@click.option(
    "--set", "values", multiple=True, required=True, metavar="FIELD=VALUE", help="A field and its new text."
)
@message_option
@dry_option
@json_option
@tree_option
@command
def edit(
    tree: str | None,
    entry_id: str,
    values: tuple[str, ...],
    message: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Set fields of an entry and commit the change.

    Only the bytes of those fields change, and the commit holds that one file.
    """
    changes: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--set takes FIELD=VALUE, not {value!r}.")
        changes[name] = text
    with open_tree(tree) as workspace:
        return _apply(workspace, workspace.plan_edit(entry_id, changes), message, dry_run, as_json)


@cli.command()
@click.argument("file")
@click.option("--escape-only", is_flag=True, help="Leave out the repairs that guess.")
@message_option
@dry_option
@json_option
@tree_option
@command
def repair(
    tree: str | None, file: str, escape_only: bool, message: str | None, dry_run: bool, as_json: bool
) -> int:
    """Repair a broken FILE of the tree and commit the change."""
    with open_tree(tree) as workspace:
        plan = workspace.plan_repair(_in_tree(workspace, file), guesses=not escape_only)
        return _apply(workspace, plan, message, dry_run, as_json)


def _in_tree(workspace: Workspace, file: str) -> str:
    """Return `file` relative to the tree, whether it was named from there or from the current folder."""
    if (workspace.root / file).is_file():
        return file
    path = Path(file).resolve()
    return path.relative_to(workspace.root).as_posix() if path.is_relative_to(workspace.root) else file


def _apply(workspace: Workspace, plan: Edit, message: str | None, dry_run: bool, as_json: bool) -> int:
    from index.memory.diff import diff_lines

    lines = diff_lines(plan.before.decode("utf-8", "replace"), plan.after.decode("utf-8", "replace"))
    saved = Saved(plan.file, None, "Nothing was written.") if dry_run else workspace.commit(plan, message)
    if as_json:
        done = {
            "file": plan.file,
            "entry": plan.entry,
            "fields": list(plan.fields),
            "written": not dry_run and plan.changes,
            "revision": saved.revision,
            "message": message or plan.message,
            "note": saved.note,
            "diff": diff_text(lines).split("\n"),
        }
        click.echo(to_json(done))
        return 0
    if plan.changes:
        write(diff_text(lines))
    if plan.warning:
        click.echo(safe(plan.warning), err=True)
    click.echo(safe(saved.note), err=True)
    return 0


@cli.command()
@json_option
@tree_option
@command
def check(tree: str | None, as_json: bool) -> int:
    """List every problem: file:line:column, what it is, whether it can be repaired."""
    with open_tree(tree) as workspace:
        problems = workspace.problems()
        errors = sum(1 for p in problems if p.level == "error")
        if as_json:
            listed = [p._asdict() for p in problems]
            click.echo(to_json({"tree": str(workspace.root), "errors": errors, "problems": listed}))
        else:
            for problem in problems:
                write(problem_line(problem))
            files = len(workspace.snapshot.records)
            click.echo(f"{files} files, {errors} errors, {len(problems) - errors} notes", err=True)
    return NOTHING if errors else 0


@cli.command()
@click.option("--rebuild", is_flag=True, help="Write the index anew from the files.")
@json_option
@tree_option
@command
def index(tree: str | None, rebuild: bool, as_json: bool) -> int:
    """Bring the search index up to date, or rebuild it."""
    with open_tree(tree) as workspace:
        written = _prepare(workspace, rebuild=rebuild)
        done = {
            "tree": str(workspace.root),
            "folder": str(workspace.folder),
            "files": len(workspace.snapshot.records),
            "entries": workspace.snapshot.total,
            "written": written,
        }
        if as_json:
            click.echo(to_json(done))
        else:
            write(
                f"{done['entries']} entries of {done['files']} files; {written} written to {done['folder']}"
            )
    return 0


@cli.command()
@command
def demo() -> int:
    """Open a fresh sample tree with a git history; without a terminal, print a short tour of it."""
    from index.demo import make_demo
    from index.tour import tour

    for line in tour(make_demo()):
        write(line)
    return 0


def _prepare(workspace: Workspace, *, rebuild: bool = False) -> int:
    """Index what is not indexed, with progress on standard error where somebody can see it."""
    build = workspace.rebuild_index if rebuild else workspace.update_index
    try:
        return build(_bar()) if sys.stderr.isatty() else build()
    except IndexBusy:
        click.echo(
            "Another memarium is writing the index: the search covers what it has written so far.", err=True
        )
        return 0


def _bar() -> Callable[[int, int], None]:
    """Return a progress callback that draws a bar for what takes long enough to be waited for."""
    bar: Any = None

    def progress(done: int, total: int) -> None:
        nonlocal bar
        if bar is None and total > 500:
            bar = click.progressbar(length=total, label="indexing", file=sys.stderr)
        if bar is not None:
            bar.update(done - bar.pos)
            if done >= total:
                bar.render_finish()

    return progress
