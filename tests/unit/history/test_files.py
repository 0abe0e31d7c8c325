"""Reading and replacing one file: whole or not at all, and a plain sentence when it does not work."""

from __future__ import annotations

import errno
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from index.model.errors import Conflict, Missing, TreeError
from index.storage.files import read, read_or_none, remove, write_atomic


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.name.startswith(".memarium-")]


def failing(number: int) -> object:
    def fail(*_arguments: object, **_options: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return fail


def test_read_returns_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"\xff\0<a/>\r\n")
    assert read(tmp_path / "a.xml") == b"\xff\0<a/>\r\n"


def test_read_says_what_is_wrong(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    (tmp_path / "folder.xml").mkdir()
    (tmp_path / "large.xml").write_bytes(b"x" * 11)
    (tmp_path / "circle.xml").symlink_to("circle.xml")
    (tmp_path / "dangling.xml").symlink_to("nowhere")
    with pytest.raises(Missing, match=r"^gone\.xml does not exist"):
        read(tmp_path / "gone.xml")
    with pytest.raises(Missing, match="does not exist"):
        read(tmp_path / "dangling.xml")
    with pytest.raises(
        TreeError, match=r"^pipe\.xml cannot be read: it is a pipe or a device, not a file\.$"
    ):
        read(tmp_path / "pipe.xml")
    with pytest.raises(TreeError, match="a pipe or a device"):
        read(Path("/dev/zero"))
    with pytest.raises(TreeError, match=r"^folder\.xml cannot be read: it is a folder, not a file\.$"):
        read(tmp_path / "folder.xml")
    with pytest.raises(TreeError, match="part of its path is a file"):
        read(tmp_path / "large.xml" / "a.xml")
    with pytest.raises(TreeError, match="links lead in a circle"):
        read(tmp_path / "circle.xml")
    with pytest.raises(TreeError, match="larger than 0 MiB"):
        read(tmp_path / "large.xml", limit=10)
    assert read(tmp_path / "large.xml", limit=11) == b"x" * 11
    assert read_or_none(tmp_path / "gone.xml") is None


def test_read_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.xml"
    file.write_bytes(b"<a/>")
    file.chmod(0)
    if os.geteuid():
        with pytest.raises(TreeError, match="permission denied"):
            read(file)
    else:  # permission bits do not bind root
        assert read(file) == b"<a/>"
    monkeypatch.setattr(os, "open", failing(errno.EACCES))
    with pytest.raises(TreeError, match=r"^a\.xml cannot be read: permission denied\.$"):
        read(file)


def test_a_name_cannot_reach_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"^\\x1b\[31m\\nx\.xml does"):
        read(tmp_path / "\x1b[31m\nx.xml")


def test_write_replaces_the_file_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_bytes(b"old")
    file.chmod(0o640)
    before = file.stat().st_ino
    write_atomic(file, b"new", b"old", tmp_path)
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert file.stat().st_ino != before
    assert leftovers(tmp_path) == []


def test_a_new_file_gets_its_folders_and_the_mode_of_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_atomic(tmp_path / "x" / "y" / "a.xml", b"new", None, tmp_path)
    finally:
        os.umask(old)
    assert (tmp_path / "x/y/a.xml").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "x/y/a.xml").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("disk", "expect", "sentence"),
    [
        (b"theirs", b"old", "a.xml was changed by another program since it was opened."),
        (None, b"old", "a.xml was deleted by another program since it was opened."),
        (b"theirs", None, "a.xml exists already: another program has made it."),
    ],
)
def test_another_programs_bytes_are_kept(
    tmp_path: Path, disk: bytes | None, expect: bytes | None, sentence: str
) -> None:
    file = tmp_path / "a.xml"
    if disk is not None:
        file.write_bytes(disk)
    with pytest.raises(Conflict, match=re.escape(sentence)) as caught:
        write_atomic(file, b"mine", expect, tmp_path)
    assert caught.value.disk == disk
    assert read_or_none(file) == disk
    assert leftovers(tmp_path) == []


def test_a_change_while_the_temporary_file_is_written_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.xml"
    file.write_bytes(b"old")
    real = os.fsync

    def meanwhile(descriptor: int) -> None:
        real(descriptor)
        file.write_bytes(b"theirs")

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(Conflict) as caught:
        write_atomic(file, b"mine", b"old", tmp_path)
    assert caught.value.disk == b"theirs"
    assert file.read_bytes() == b"theirs"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("function", "number", "words"),
    [
        ("fsync", errno.ENOSPC, "the disk is full"),
        ("fsync", errno.EDQUOT, "your disk quota is used up"),
        ("fsync", errno.EIO, "input/output error"),
        ("open", errno.EACCES, "permission denied"),
        ("open", errno.EROFS, "the file system is read-only"),
    ],
)
def test_the_old_file_stands_when_the_disk_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, number: int, words: str
) -> None:
    file = tmp_path / "a.xml"
    file.write_bytes(b"old")
    real = os.open

    def refuse_writing(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            raise OSError(number, os.strerror(number))
        return real(path, flags, mode)

    monkeypatch.setattr(os, function, refuse_writing if function == "open" else failing(number))
    with pytest.raises(TreeError, match=rf"^a\.xml cannot be saved: {words}\.$"):
        write_atomic(file, b"new", b"old", tmp_path)
    assert file.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_the_old_file_stands_when_the_system_takes_only_a_part(tmp_path: Path) -> None:
    """A real refusal in the middle of the bytes, that binds root too: the limit on the size of a file."""
    file = tmp_path / "a.xml"
    file.write_bytes(b"old")
    script = (
        "import resource, sys\nfrom pathlib import Path\n"
        "from index.storage.files import TreeError, write_atomic\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))\n"
        "try:\n    write_atomic(Path(sys.argv[1]), b'x' * 100_000, b'old', Path(sys.argv[1]).parent)\n"
        "except TreeError as error:\n    print(error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(file)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "a.xml cannot be saved: file too large.\n"
    assert file.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_a_read_only_folder(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "a.xml").write_bytes(b"old")
    folder.chmod(0o555)
    try:
        if os.geteuid():
            with pytest.raises(TreeError, match=r"^a\.xml cannot be saved: permission denied\.$"):
                write_atomic(folder / "a.xml", b"new", b"old", folder)
            assert (folder / "a.xml").read_bytes() == b"old"
        else:  # permission bits do not bind root
            write_atomic(folder / "a.xml", b"new", b"old", folder)
            assert (folder / "a.xml").read_bytes() == b"new"
    finally:
        folder.chmod(0o755)
    assert leftovers(folder) == []


def test_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a file")
    with pytest.raises(TreeError, match="part of its path is a file"):
        write_atomic(tmp_path / "x" / "a.xml", b"new", None, tmp_path)
    assert (tmp_path / "x").read_bytes() == b"a file"


def test_a_link_is_written_at_its_target_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/b.xml").write_bytes(b"old")
    (tmp_path / "a.xml").symlink_to("real/b.xml")
    write_atomic(tmp_path / "a.xml", b"new", b"old", tmp_path)
    assert (tmp_path / "a.xml").is_symlink()
    assert (tmp_path / "real/b.xml").read_bytes() == b"new"


def test_nothing_is_written_outside_the_tree(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tmp_path / "b.xml").write_bytes(b"old")
    (tree / "a.xml").symlink_to("../b.xml")
    (tree / "up").symlink_to("..")
    for path in (tree / "a.xml", tree / "up" / "b.xml", tree / ".." / "b.xml"):
        with pytest.raises(TreeError, match="leads out of the tree"):
            write_atomic(path, b"new", b"old", tree)
        with pytest.raises(TreeError, match="leads out of the tree"):
            remove(path, b"old", tree)
    assert (tmp_path / "b.xml").read_bytes() == b"old"


def test_remove_compares_first(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_bytes(b"theirs")
    with pytest.raises(Conflict):
        remove(file, b"old", tmp_path)
    remove(file, b"theirs", tmp_path)
    assert not file.exists()
