"""The house of the tests: what they share stands in `tests/support`, once."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
SUPPORT = TESTS / "support"
TREES = {file.relative_to(TESTS): ast.parse(file.read_text("utf-8")) for file in TESTS.rglob("*.py")}


def imported(tree: ast.AST) -> set[str]:
    """Return all that a module imports, by its full name."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def of_a_test(name: str) -> bool:
    """Return whether this is a test module, or in one."""
    parts = name.split(".")
    return parts[0] == "tests" and any(part.startswith("test_") or part == "conftest" for part in parts)


def defined(tree: ast.Module) -> set[str]:
    """Return the functions of a module, those inside others too, but not methods."""
    methods = {id(item) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for item in node.body}
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name for node in functions if id(node) not in methods}


def test_imports_and_functions_are_found() -> None:
    tree = ast.parse("def f():\n  def git(): from tests.unit.test_a import b\nclass C:\n  def g(self): ...")
    assert [name for name in imported(tree) if of_a_test(name)] == ["tests.unit.test_a.b"]
    assert defined(tree) == {"f", "git"}
    assert not of_a_test("tests.support.git.git")


def test_no_test_module_is_imported() -> None:
    assert len(TREES) > 200
    found = {str(file): [name for name in imported(tree) if of_a_test(name)] for file, tree in TREES.items()}
    assert {file: names for file, names in found.items() if names} == {}


def test_what_all_need_is_defined_in_support_alone() -> None:
    once = {"git", "ready", "settle", "until", "still", "make_repository", "open_app", "memarium", "shell"}
    found = {str(file): once & defined(tree) for file, tree in TREES.items() if file.parts[0] != "support"}
    assert {file: names for file, names in found.items() if names} == {}


def test_the_folders_and_settings_of_a_test_are_given_by_one_fixture() -> None:
    private = re.compile(r"setenv\((?:f?\"XDG_|\"GIT_CONFIG_(?:NOSYSTEM|SYSTEM))|\"XDG_[A-Z_]+\":")
    setting = {file for file in TREES if private.search((TESTS / file).read_text("utf-8"))}
    assert setting == {Path("support/home.py")}


def test_every_picture_is_one_of_a_test() -> None:
    pictures = [file.relative_to(TESTS / "app/__snapshots__") for file in TESTS.rglob("*.svg")]
    tests = {(file.stem, name) for file, tree in TREES.items() for name in defined(tree)}
    assert len(pictures) > 50
    assert [str(file) for file in pictures if (file.parent.name, file.stem.split("[")[0]) not in tests] == []


def test_the_tests_that_are_measured_are_there() -> None:
    makefile = (TESTS.parent / "Makefile").read_text("utf-8").replace("\\\n", " ")
    named = re.search(r"^APP := (.*)$", makefile, re.M)
    assert named
    assert len(named[1].split()) > 20
    assert [name for name in named[1].split() if Path(f"app/test_{name}.py") not in TREES] == []
