"""The rooms of the house: imports go one way, names are used once, docstrings name their object."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

INDEX = Path(__file__).parents[2] / "index"
ROOT = ("__init__.py", "py.typed", "workspace.py")


def name_of(file: Path) -> str:
    parts = file.relative_to(INDEX.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(file): file for file in INDEX.rglob("*.py")}
APP = {name_of(file): ast.parse(file.read_text("utf-8")) for file in (INDEX.parent / "tui").rglob("*.py")}
TREES = {module: ast.parse(file.read_text("utf-8")) for module, file in MODULES.items()}
HOUSE = TREES | APP
ABOVE = ("tui.app", "tui.flows.", "tui.__main__", "tui.as_module")
"""The modules that know which screen or flow answers a key or a request."""
ENTRANCES = ("__init__", "base")
"""Base names of modules that every folder may have."""


def imports(module: str) -> set[str]:
    """The modules of the house that one imports: on top, inside a function, or for its types alone."""
    found: set[str] = set()
    for node in ast.walk(HOUSE[module]):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} has a relative import"
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(inside & HOUSE.keys() or {str(node.module)})
    return (found & HOUSE.keys()) - {module}


GRAPH = {module: imports(module) for module in HOUSE}


def circles(graph: dict[str, set[str]]) -> list[str]:
    """Return what is left of a graph without all that ends somewhere: circles, and what leads into them."""
    left = dict(graph)
    while ends := [module for module, others in left.items() if not others & left.keys()]:
        for module in ends:
            del left[module]
    return sorted(left)


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}, "e": set()}) == ["a", "b", "c", "d"]


def test_no_imports_go_in_a_circle() -> None:
    assert len(GRAPH) > 300
    assert circles(GRAPH) == []


def as_one(folder: str, graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the graph with all that is in a folder as one module."""

    def held(module: str) -> str:
        return folder if module.startswith(f"{folder}.") else module

    folded: dict[str, set[str]] = {}
    for module, others in graph.items():
        folded.setdefault(held(module), set()).update(map(held, others))
    return {module: others - {module} for module, others in folded.items()}


def test_a_folder_is_in_no_circle_with_the_modules_beside_it() -> None:
    tried = {"git.run": {"git.saving.hook"}, "git.saving.hook": set(), "git.saving.save": {"git.run"}}
    assert circles(tried) == []
    assert circles(as_one("git.saving", tried)) == ["git.run", "git.saving"]
    folders = {module.rpartition(".")[0] for module in GRAPH} - {"", "index", "tui"}
    assert len(folders) > 30
    assert {folder: left for folder in folders if (left := circles(as_one(folder, GRAPH)))} == {}


def test_screens_and_all_below_them_import_no_flow() -> None:
    below = [module for module in APP if not module.startswith(ABOVE)]
    known = [(module, other) for module in below for other in GRAPH[module] if other.startswith(ABOVE)]
    assert len(below) > 70
    assert known == []


def test_the_root_holds_the_workspace_and_rooms() -> None:
    assert tuple(sorted(file.name for file in INDEX.iterdir() if file.is_file())) == ROOT


def test_no_folder_of_the_app_holds_more_than_fifteen_files() -> None:
    files = [
        file
        for file in (INDEX.parent / "tui").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    ]
    held = Counter(str(file.parent.relative_to(INDEX.parent)) for file in files)
    assert held["tui/flows"] > 3
    assert {folder: number for folder, number in held.items() if number > 15} == {}


# ── names and docstrings ──────────────────────────────────────────────────────


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    files = [file for room in ("index", "tui", "tests") for file in (INDEX.parent / room).rglob("*.py")]
    lines = {str(file.relative_to(INDEX.parent)): file.read_bytes().count(b"\n") for file in files}
    assert len(lines) > 800
    assert {name: number for name, number in lines.items() if number > 400} == {}


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every string that is a statement, with its line: of modules, classes, functions, attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str() as text)):
                yield node.lineno, text


QUESTION = re.compile(r"\W*(what|who|which|how|where|when|why)\b", re.IGNORECASE)
WHAT = re.compile(r"\W*what\b", re.IGNORECASE)
NAMELESS = re.compile(r"[^\n]*\bwhat\b", re.IGNORECASE)


def riddles(tree: ast.Module, begins: re.Pattern[str] = QUESTION) -> list[tuple[int, str]]:
    """Return the docstrings that begin with a word such as "what", and so neither name nor do anything."""
    return [(line, text) for line, text in docstrings(tree) if begins.match(text)]


def repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)


def test_a_docstring_that_begins_with_a_question_is_found_wherever_it_stands() -> None:
    source = '''"""What all share."""
limit: int = 3
"""what it holds."""
other = 4
"""Which it is."""
last = 5
"""Whatever is left, and what comes of it."""
class Part:
    """ What it is."""
    size: int
    """The size, what else."""
    def made(self) -> None:
        r"""`What` it makes."""
        self.kept = ""
        """WHAT is kept."""
'''
    assert [line for line, _ in riddles(ast.parse(source))] == [1, 3, 5, 9, 13, 15]


def test_no_docstring_begins_with_a_question() -> None:
    assert sum(1 for tree in TREES.values() for _ in docstrings(tree)) > 2000
    assert [(module, *found) for module, tree in TREES.items() for found in riddles(tree)] == []


def test_no_docstring_of_the_app_begins_with_what() -> None:
    assert len(APP) > 80
    assert [(module, *found) for module, tree in APP.items() for found in riddles(tree, WHAT)] == []


def test_the_first_line_of_a_docstring_names_its_object() -> None:
    """But for those of the commands, which are the help of memarium for its users."""
    tried = ast.parse('"""Say what it is."""\nlimit = 3\n"""The most.\n\nIt is what it is.\n"""')
    assert [line for line, _ in riddles(tried, NAMELESS)] == [1]
    below = {module: tree for module, tree in HOUSE.items() if not module.startswith("index.commands.")}
    assert len(below) > 400
    assert [(module, *found) for module, tree in below.items() for found in riddles(tree, NAMELESS)] == []


def test_no_two_classes_have_one_name() -> None:
    house = TREES | APP
    names = [node.name for tree in house.values() for node in tree.body if isinstance(node, ast.ClassDef)]
    assert len(names) > 400
    assert repeated(names) == []


def test_no_two_modules_have_one_base_name() -> None:
    assert repeated(["brief", "base", "brief"]) == ["brief"]
    assert repeated(file.stem for file in MODULES.values() if file.stem not in ENTRANCES) == []


def test_helpers_are_named_by_their_results() -> None:
    vague = {"_told", "_said", "_named", "_asked", "_looks", "_shown"}
    names = [
        (module, node.name)
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]
    assert len(names) > 2000
    assert [(module, name) for module, name in names if name in vague] == []


# ── work beside the app's loop ────────────────────────────────────────────────


BEGINS = {
    "Thread",
    "Timer",
    "ThreadPoolExecutor",
    "run_worker",
    "run_in_executor",
    "to_thread",
    "create_task",
}
"""Calls that begin work whose errors nobody sees by themselves."""


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str, str]]:
    """Yield every call, with the name that is called and what it is asked of."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=name)):
                yield node, name, ast.unparse(owner)
            case ast.Call(func=ast.Name(id=name)):
                yield node, name, ""


def test_work_beside_the_loop_begins_where_its_errors_are_shown() -> None:
    """What begins there in each way, `tests/app/test_boundary.py` lets fail."""
    tried = ast.parse("import threading\nthreading.Thread(target=f).start()\nself.run_worker(g)")
    assert {name for _, name, _ in calls(tried)} & BEGINS == {"Thread", "run_worker"}
    begun = {(module, name) for module, tree in APP.items() for _, name, _ in calls(tree) if name in BEGINS}
    assert begun == {
        ("tui.runtime.background", "Thread"),
        ("tui.runtime.threads", "run_worker"),
        ("tui.flows.running.held_keys", "run_worker"),
    }
    assert {module for module, tree in APP.items() for node in ast.walk(tree) if is_worker(node)} == set()


def is_worker(node: ast.AST) -> bool:
    """Return whether this is a function that Textual's own decorator makes a worker."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(node, functions) and any("work" in ast.unparse(d) for d in node.decorator_list)


def test_only_the_indexer_writes_the_search_index() -> None:
    """A search of the app takes the index as it is, and an index that is damaged is told of."""
    asks = {"find", "matched", "similar", "related"}
    writing, waiting = set(), set()
    for module, tree in APP.items():
        for call, name, owner in calls(tree):
            if owner.endswith("workspace.search"):
                kept = {word.arg: ast.unparse(word.value) for word in call.keywords}
                writing |= {module} if name in ("update", "rebuild", "alike") else set()
                waiting |= {module} if name in asks and kept.get("wait") != "False" else set()
    assert (writing, waiting) == ({"tui.data.tree_workers"}, set())


# ── formats ───────────────────────────────────────────────────────────────────


REGISTRY = "index.formats.registry"


def format_of(module: str) -> str:
    """The package of one format that a module belongs to, empty for any other module."""
    parts = module.split(".")
    return ".".join(parts[:3]) if parts[:2] == ["index", "formats"] and len(parts) > 3 else ""


def test_a_format_is_known_to_the_registry_alone() -> None:
    known = [
        (module, other)
        for module in HOUSE
        for other in GRAPH[module]
        if format_of(other) and format_of(other) != format_of(module) and module != REGISTRY
    ]
    assert known == []
    assert {format_of(other) for other in GRAPH[REGISTRY]} >= {"index.formats.xml"}


def test_the_parser_of_a_format_is_known_in_its_package_alone() -> None:
    named = [
        (module, alias.name)
        for module, tree in HOUSE.items()
        if format_of(module) != "index.formats.xml"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if "lxml" in f"{getattr(node, 'module', '')}.{alias.name}".split(".")
    ]
    assert named == []


def test_no_element_of_a_file_is_known_outside_of_its_format() -> None:
    counted = [
        module
        for module, tree in HOUSE.items()
        if not format_of(module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("element", "elements", "content_starts")
    ]
    assert counted == []


SUFFIX = re.compile(r"\.(xml|md)\Z")


def test_the_end_of_a_name_is_known_to_the_formats_alone() -> None:
    """But for what is written down in Markdown, which is no file of a tree, and for examples."""
    told = [
        (module, node.value)
        for module, tree in HOUSE.items()
        if not module.startswith("index.formats.")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SUFFIX.match(node.value)
    ]
    assert sorted(set(told)) == [("index.commands.changing", ".md")]


SIGN = re.compile(r"/?@|.*\\\[\(?\\d.*")
"""The sign of an attribute, and a pattern that finds the number of a field."""


def test_the_name_of_a_field_is_taken_apart_in_one_place() -> None:
    """But for an `@` that is none of a field: of a saved search, an import, a word of the vocabularies."""
    cut = [
        module
        for module, tree in HOUSE.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SIGN.fullmatch(node.value)
    ]
    others = (
        "bookmarks",
        "completing",
        "completions",
        "find_again",
        "finding",
        "found_version",
        "index_lines",
        "search_line",
        "state",
        "state_vocabulary",
        "vocabulary",
    )
    known = {module.rpartition(".")[2] for module in cut if format_of(module) != "index.formats.xml"}
    assert known == {"field_path", *others}


def test_an_id_is_taken_apart_in_one_place() -> None:
    """But for the targets of links, and for an id that a person typed, which may be none."""
    cut = [
        module.rpartition(".")[2]
        for module, tree in HOUSE.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("partition", "rpartition", "split", "rsplit")
        and [arg.value for arg in node.args if isinstance(arg, ast.Constant)] == ["#"]
    ]
    assert sorted(set(cut)) == ["addresses", "entry", "page_facts", "unread"]


STANDS = re.compile(r"\b(stands?|stood|standing)\b(?!-in|`| for\b)", re.IGNORECASE)


def prose(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings of several words and the comments of a module, each with its line."""
    source = file.read_text("utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def test_nothing_stands_anywhere_in_the_prose(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('"""It stands."""\nstood = 1  # what stood\n# a stand-in for `stood`\n')
    assert sorted(line for line, text in prose(tmp_path / "a.py") if STANDS.search(text)) == [1, 2]
    files = [file for room in ("index", "tui") for file in (INDEX.parent / room).rglob("*.py")]
    found = [(file.name, *one) for file in files for one in prose(file) if STANDS.search(one[1])]
    pages = [INDEX.parent / "README.md", INDEX.parent / "AGENTS.md", *(INDEX.parent / "docs").glob("*.md")]
    found += [(page.name, 0, part[0]) for page in pages for part in STANDS.finditer(page.read_text("utf-8"))]
    assert len(files) > 300
    assert len(pages) > 10
    assert found == []
