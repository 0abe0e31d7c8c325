"""The wheel, as users install it: all that the repository runs with is in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it; pip fetches the backend that `pyproject.toml` names."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    subprocess.run([*pip, str(REPOSITORY)], check=True, capture_output=True)
    return next(folder.glob("memarium-*.whl"))


def test_every_file_of_the_packages_is_in_it(wheel: Path) -> None:
    there = set(ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(REPOSITORY).as_posix()
        for package in ("index", "tui")
        for path in (REPOSITORY / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - there == {"tui/as_module.py"}
    assert any(name.startswith("index/sample_memories/") for name in there)


@pytest.mark.parametrize("module", ["memarium", "tui"])
def test_it_runs_as_a_module(wheel: Path, module: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "--version"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(wheel)},
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"memarium, version ")
