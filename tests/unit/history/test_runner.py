"""Running git: what a program prints, how it is ended, and what of it may reach a terminal."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.git import runner
from index.git.runner import Runner
from index.model.errors import clean_words


def script(tmp_path: Path, body: str) -> Runner:
    """A program in the place of git, that ignores its arguments unless `body` uses them."""
    file = tmp_path / "program"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return Runner(str(file), tmp_path)


def test_output_code_and_input(tmp_path: Path) -> None:
    program = script(tmp_path, "cat; echo problem >&2; exit 3")
    assert program.read("x", stdin=b"in\0put") == runner.GitResult(3, b"in\0put", b"problem\n")
    assert program.write("x") == runner.GitResult(3, b"", b"problem\n")
    assert program.started == 2


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    program = script(tmp_path, "exit 0")
    there = Runner(program.program, tmp_path / "gone")
    with pytest.raises(
        FileNotFoundError, match=r"^git cannot be started in .*gone: no such file or direct.*\.$"
    ):
        there.write("x")


def test_it_has_no_terminal_to_ask_on(tmp_path: Path) -> None:
    program = script(
        tmp_path, 'if (: < /dev/tty) 2>/dev/null; then echo asked; fi; read line; echo "[$line]"'
    )
    assert program.write("x").out == b"[]\n"


def test_a_time_out_ends_the_whole_group_gently(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.3)
    program = script(
        tmp_path,
        "(trap 'echo child; exit' TERM; echo up; while :; do sleep 0.02; done) & child=$!\n"
        "trap 'wait $child; echo parent; exit 9' TERM; wait $child",
    )
    result = program.write("x")
    assert (result.code, result.out, result.timed_out) == (9, b"up\nchild\nparent\n", True)


def test_what_ignores_the_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.2)
    monkeypatch.setattr(runner, "_GRACE", 0.1)
    result = script(tmp_path, "trap '' TERM; while :; do sleep 0.05; done").read("x")
    assert (result.code, result.timed_out) == (-signal.SIGKILL, True)


def test_an_interrupt_ends_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def interrupted(process: subprocess.Popen[bytes], _seconds: float) -> int:
        started.append(process)
        raise KeyboardInterrupt

    program = script(tmp_path, "exec sleep 30")
    monkeypatch.setattr(runner, "_wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        program.write("x")
    assert [process.poll() for process in started] == [-signal.SIGTERM]


def test_an_interrupt_while_a_program_starts_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = script(tmp_path, "exec sleep 30")
    started: list[subprocess.Popen[bytes]] = []
    start = program._start

    def interrupted(*how: Any) -> subprocess.Popen[bytes]:
        started.append(start(*how))
        signal.raise_signal(signal.SIGINT)
        return started[0]

    monkeypatch.setattr(program, "_start", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert program.work("x").stopped
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert [process.poll() for process in started] == [-signal.SIGTERM]


@pytest.mark.parametrize("platform", [sys.platform, "darwin"])
def test_waiting_with_and_without_the_help_of_linux(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.2)
    assert script(tmp_path, "exit 5").read("x") == runner.GitResult(5, b"", b"")
    assert script(tmp_path, "exec sleep 30").read("x").timed_out


def test_a_stream_tells_how_it_failed(tmp_path: Path) -> None:
    program = script(tmp_path, "echo one; echo two; echo broken >&2; exit 4")
    received = b""
    stream = program.stream("x")
    while len(received) < 8:
        received += next(stream)
    with pytest.raises(subprocess.CalledProcessError) as caught:
        next(stream)
    assert received == b"one\ntwo\n"
    assert (caught.value.returncode, caught.value.stderr) == (4, b"broken\n")


def test_nothing_of_another_repository_is_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in runner.FOREIGN:
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ana")
    environment = script(tmp_path, "env").write("x").out.decode()
    assert "/elsewhere" not in environment
    assert "GIT_AUTHOR_NAME=Ana\n" in environment


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        (b"plain \xc3\xbc\n", "plain ü"),
        (b"\x1b[1;31mred\x1b[0m\x1b[K", "red"),
        (b"\x1b]0;title\x07text\x1b]8;;http://x\x1b\\link", "textlink"),
        (b"\x1b]52;c;AAAA", ""),
        (b"\x1bPsixel\x1b\\after\x1bc", "after"),
        (b"a\r\nb\rc\x08\x00\x7f\x9b31m", "a\nbc\ufffd31m"),
        (b"\xc2\x9b31mred", "31mred"),
        ("safe\u202eexe.\u2066x".encode(), "safeexe.x"),
        (b"tab\tstays\xff", "tab\tstays\ufffd"),
    ],
)
def test_words_for_a_terminal(said: bytes, clean: str) -> None:
    assert clean_words(said) == clean


def test_of_many_words_the_end_is_kept() -> None:
    assert clean_words(b"x" * 10_000 + b"the error") == "x" * 3991 + "the error"
    assert clean_words(b"", b" one \n", b"two") == "one\ntwo"
