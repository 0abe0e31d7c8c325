"""The rooms of the library: imports go one way, names stand once, docstrings name their object."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

INDEX = Path(__file__).parents[2] / "index"
ROOT = ("__init__.py", "py.typed", "workspace.py")


def name_of(file: Path) -> str:
    parts = file.relative_to(INDEX.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(file): file for file in INDEX.rglob("*.py")}
TREES = {module: ast.parse(file.read_text("utf-8")) for module, file in MODULES.items()}
ENTRANCES = ("__init__", "base")
"""Base names of modules that every folder may have."""


def imports(module: str) -> set[str]:
    """The modules of the library that one imports: on top, inside a function, or for its types alone."""
    found = set()
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} has a relative import"
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(inside & MODULES.keys() or {str(node.module)})
    return (found & MODULES.keys()) - {module}


GRAPH = {module: imports(module) for module in MODULES}


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
    assert len(GRAPH) > 200
    assert circles(GRAPH) == []


def test_the_root_holds_the_workspace_and_rooms() -> None:
    assert tuple(sorted(file.name for file in INDEX.iterdir() if file.is_file())) == ROOT


# ── the app ───────────────────────────────────────────────────────────────────

APP = {file: ast.parse(file.read_text("utf-8")) for file in (INDEX.parent / "tui").rglob("*.py")}


def sentences(tree: ast.AST) -> list[str]:
    """Return the docstrings of a file, those of attributes too."""
    return [
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]


def test_no_docstring_of_the_app_begins_with_what() -> None:
    assert len(APP) > 80
    riddles = [
        (file.name, text)
        for file, tree in APP.items()
        for text in sentences(tree)
        if text[:4].lower() == "what"
    ]
    assert riddles == []


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every string that is a statement, with its line: of modules, classes, functions, attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str() as text)):
                yield node.lineno, text


def riddles(source: str) -> list[int]:
    """Return the lines of the docstrings that begin with "what" and so name nothing."""
    return [
        line for line, text in docstrings(ast.parse(source)) if re.match(r"\W*what\b", text, re.IGNORECASE)
    ]


def repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)


def test_a_docstring_that_begins_with_what_is_found_wherever_it_stands() -> None:
    source = '''"""What all share."""
limit: int = 3
"""what it holds."""
other = 4
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
    assert riddles(source) == [1, 3, 7, 11, 13]


def test_no_docstring_begins_with_what() -> None:
    found = [f"{m}:{line}" for m, file in MODULES.items() for line in riddles(file.read_text("utf-8"))]
    assert sum(1 for tree in TREES.values() for _ in docstrings(tree)) > 2000
    assert found == []


def test_no_two_classes_have_one_name() -> None:
    names = [node.name for tree in TREES.values() for node in tree.body if isinstance(node, ast.ClassDef)]
    assert len(names) > 200
    assert repeated(names) == []


def test_no_two_modules_have_one_base_name() -> None:
    assert repeated(["brief", "base", "brief"]) == ["brief"]
    assert repeated(file.stem for file in MODULES.values() if file.stem not in ENTRANCES) == []
