"""The standard streams as a command may find them: closed, full, of an encoding that lacks letters."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

INPUT, OUTPUT, ERRORS = 0, 1, 2


class CannotPrint(Exception):
    """Standard output takes no more; one plain sentence."""


class _Results(io.FileIO):
    """Standard output; its errors are told apart from those of the tree."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write, as a file does.

        Raises:
            BrokenPipeError: nobody reads any more.
            CannotPrint: the results cannot be written.
        """
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise CannotPrint(f"The results cannot be printed: {why}.") from error


class _Talk(io.FileIO):
    """Standard error; of its errors nobody can be told."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write, or pretend to."""
        with suppress(OSError):
            return super().write(data)
        return memoryview(data).nbytes


def prepare_streams() -> None:
    """Give the process three streams that can be asked and written to, whatever it was started with.

    A closed one becomes the null device: else the next file that is opened would take its number, and what is
    printed would go there. Letters that the encoding lacks are written as escapes.
    """
    for number in (INPUT, OUTPUT, ERRORS):
        try:
            os.fstat(number)
        except OSError:
            _to_null(number)
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(INPUT, closefd=False)), encoding="utf-8")
    sys.stdout = _stream(_Results(OUTPUT, "w", closefd=False), sys.stdout)
    sys.stderr = _stream(_Talk(ERRORS, "w", closefd=False), sys.stderr, always=True)


def drop_results() -> None:
    """Send the rest of the output nowhere, so that the end of the process does not trip over it."""
    _to_null(OUTPUT)


def _to_null(number: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    if null != number:
        os.dup2(null, number)
        os.close(null)
    os.set_inheritable(number, True)


def _stream(raw: io.FileIO, before: TextIO | None, *, always: bool = False) -> io.TextIOWrapper:
    encoding = (before.encoding if before is not None else "") or "utf-8"
    lines = always or raw.isatty()
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=encoding, errors="backslashreplace", line_buffering=lines
    )
