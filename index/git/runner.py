"""Run git: reads that no repository can turn into running code, writes that run the user's own hooks."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from index.git import hooks
from index.git.hooks import STEP, Trace, Watcher, last_line
from index.model.path_spelling import shown

TIME_LIMIT = 60.0
"""Seconds a command may take that runs no hooks."""
_GRACE = 5.0
"""Seconds between SIGTERM, on which git removes its lock files, and SIGKILL, on which it cannot."""
_LOOK = 0.02
"""Seconds between two looks whether all have ended."""

READ_CONFIG = (
    # A repository's own config may name programs under these; reading must not start them.
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.warnAmbiguousRefs=false",
    "log.showSignature=false",
    "log.showRoot=true",
    "log.follow=false",
    "mailmap.file=/dev/null",
    "mailmap.blob=",
    "protocol.ext.allow=never",
)
WRITE_CONFIG = (
    "core.fsmonitor=false",
    "core.filesRefLockTimeout=3000",
    "color.ui=false",
    "i18n.commitEncoding=UTF-8",
    "protocol.ext.allow=never",
)
READ_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    # The same for a git that does not know the line above: no transport at all, whatever the config says.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_PAGER": "cat",
    "GIT_EDITOR": ":",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}
# Hooks inherit this, so it holds no more than it must: neither their locale nor their paths change.
WRITE_ENVIRONMENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": ":", "LANGUAGE": "en"}
FOREIGN = (
    # `git rev-parse --local-env-vars`, less the user's own config; and what changes the sense of a path.
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_PREFIX",
    "GIT_SHALLOW_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_QUARANTINE_PATH", "GIT_EXTERNAL_DIFF",
    "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    # Traces: most can go where git prints its answer, or where an error is read.
    *(f"GIT_TRACE{sort}" for sort in ("", "2", "2_EVENT", "2_PERF", "_CURL", "_FSMONITOR", "_PACKET")),
    *(f"GIT_TRACE_{sort}" for sort in ("PACKFILE", "PACK_ACCESS", "PERFORMANCE", "REFS", "SETUP", "SHALLOW")),
    "GIT_CURL_VERBOSE",
)  # fmt: skip
"""Variables of another repository's command, as when memarium is started by one of its hooks."""


TERMINALS = ("GPG_TTY", "SSH_TTY")
"""Variables that lead a signing program to the user's terminal, which may be in use: it would ask in the
midst of the app's screen, and the keys of the answer would go to both."""
_STARTED: weakref.WeakSet[subprocess.Popen[bytes]] = weakref.WeakSet()


def end_all() -> None:
    """End every git that still runs, with its children; each gets the time to remove its lock files."""
    for process in list(_STARTED):
        if process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGTERM)


class GitResult(NamedTuple):
    """The result of a command."""

    code: int
    """0 is success; negative the signal that ended it."""
    out: bytes
    err: bytes
    timed_out: bool = False
    stopped: bool = False
    """The user stopped it."""
    child: str = ""
    """The program that git waited for when it was ended, or that failed: `pre-commit hook`, `signing`."""
    hooked: bool = False
    """A hook has run, or may have."""


class Runner:
    """git in one folder; counts its processes, since each costs about 2 ms."""

    def __init__(
        self, program: str, folder: Path, own: Mapping[str, str] | None = None, settings: tuple[str, ...] = ()
    ) -> None:
        self.program = program
        self.folder = folder
        self.settings = settings
        """Settings that hold for each command, whatever the user's are: `name=value`."""
        self.own = dict(own or {})
        """The variables that name the repository, where the user or memarium does: GIT_DIR and others."""
        self.watcher = Watcher()
        self.started = 0
        self._held = threading.local()
        self.tell_waiting: Callable[[str], None] = lambda words: None
        """Told when something is waited for; may be told the same again and again."""

    @property
    def is_holding(self) -> bool:
        """Whether this thread is inside of `holding`."""
        return hasattr(self._held, "descriptor")

    @property
    def held(self) -> int:
        """The descriptor that this thread is `holding`."""
        return cast("int", self._held.descriptor)

    @contextlib.contextmanager
    def holding(self, descriptor: int) -> Iterator[None]:
        """Let the writing commands of this thread inherit a descriptor, and with it the lock on its file."""
        self._held.descriptor = descriptor
        try:
            yield
        finally:
            del self._held.descriptor

    def read(self, *arguments: str, stdin: bytes = b"") -> GitResult:
        """Run a command that only reads; nothing the repository configures is started."""
        return self._run(self._command(READ_CONFIG, arguments), READ_ENVIRONMENT, stdin)

    def ignored(self, paths: Iterable[str], *options: str) -> GitResult:
        """Ask git which of these paths of the repository its ignore rules name; they come back after `./`."""
        # `check-ignore` knows no literal pathspecs, and takes its paths for literal but for a leading colon.
        stdin = b"".join(b"./" + os.fsencode(path) + b"\0" for path in paths)
        command = self._command(READ_CONFIG, ("check-ignore", "-z", "--stdin", *options))
        return self._run(command, READ_ENVIRONMENT | {"GIT_LITERAL_PATHSPECS": "0"}, stdin)

    def write(self, *arguments: str, stdin: bytes = b"") -> GitResult:
        """Run a command that changes the repository, with the user's hooks, filters and signing."""
        command = self._command(WRITE_CONFIG, arguments)
        return self._run(command, WRITE_ENVIRONMENT, stdin, self._inherited())

    def work(self, *arguments: str, stdin: bytes = b"") -> GitResult:
        """Run a command that changes the repository, and wait for its hooks, however long they take.

        An interrupt from the keyboard ends it, and is told in the result.
        """
        command = self._command(WRITE_CONFIG, arguments)
        return self._watched(command, WRITE_ENVIRONMENT, stdin, self._inherited(), patient=True)

    def _inherited(self) -> tuple[int, ...]:
        held = getattr(self._held, "descriptor", None)
        return () if held is None else (held,)

    def _watched(
        self,
        command: list[str],
        environment: dict[str, str],
        stdin: bytes = b"",
        inherited: tuple[int, ...] = (),
        *,
        patient: bool = False,
    ) -> GitResult:
        """Run a command and tell the output of its hooks; unless it is `patient`, those alone may take long.

        A `stop` that was set before it began holds for it too: it was meant for the work as a whole.
        """
        with (
            tempfile.NamedTemporaryFile() as told_by_git,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
            _input(stdin) as given,
            _put_off_interrupts() as let_interrupts_in,
        ):
            trace = Trace(Path(told_by_git.name))
            environment = environment | trace.environment
            process = self._start(command, environment, given, out, err, inherited)
            started = time.monotonic()
            child, timed_out, stopped, told = "", False, False, False
            try:
                let_interrupts_in()
                while True:
                    try:
                        code = _wait(process, STEP)
                        break
                    except subprocess.TimeoutExpired:
                        pass
                    child = trace.running()
                    long = patient or trace.is_sending()
                    timed_out = time.monotonic() - started > (hooks.HOOK_LIMIT if long else TIME_LIMIT)
                    stopped = self.watcher.stop.is_set()
                    if timed_out or stopped:
                        self.watcher.stop.clear()
                        code = _stop(process)
                        break
                    if child:
                        said = last_line(err.fileno()) or last_line(out.fileno())
                        self.watcher.say(f"{child}: {said}" if said else f"{child} …")
                        told = True
            except KeyboardInterrupt:
                child, stopped = trace.running(), True
                code = _stop(process)
            except BaseException:
                _stop(process)
                raise
            finally:
                if told:
                    self.watcher.say("")
            if not (timed_out or stopped):
                child = trace.failed() if code else ""
            ends = (timed_out, stopped, child, trace.ran_hook())
            return GitResult(code, _content(out), _content(err), *ends)

    def stream(self, *arguments: str) -> Generator[bytes]:
        """Yield the output of a reading command as it comes; a closed generator ends the command.

        Raises:
            subprocess.CalledProcessError: the command failed; `stderr` holds its words.
        """
        with tempfile.TemporaryFile() as err:
            process = self._start(
                self._command(READ_CONFIG, arguments),
                READ_ENVIRONMENT,
                subprocess.DEVNULL,
                subprocess.PIPE,
                err,
            )
            assert process.stdout is not None
            try:
                # Not through the buffer: hand over what is there, the first rows are wanted at once.
                while chunk := os.read(process.stdout.fileno(), 1 << 16):
                    yield chunk
                code = process.wait()
            finally:
                _stop(process)
                process.stdout.close()
            if code:
                raise subprocess.CalledProcessError(code, arguments, stderr=_content(err))

    def _command(self, config: tuple[str, ...], arguments: tuple[str, ...]) -> list[str]:
        flags = (part for pair in (*config, *self.settings) for part in ("-c", pair))
        return [self.program, *flags, *arguments]

    def _run(
        self, command: list[str], environment: dict[str, str], stdin: bytes, inherited: tuple[int, ...] = ()
    ) -> GitResult:
        # Files, not pipes: a hook's background child keeps a pipe open, and a reader would wait for it.
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, _input(stdin) as given:
            process = self._start(command, environment, given, out, err, inherited)
            try:
                code, timed_out = _wait(process, TIME_LIMIT), False
            except subprocess.TimeoutExpired:
                timed_out = True
                code = _stop(process)
            except BaseException:
                _stop(process)
                raise
            return GitResult(code, _content(out), _content(err), timed_out)

    def _start(
        self,
        command: list[str],
        environment: dict[str, str],
        stdin: IO[bytes] | int,
        stdout: IO[bytes] | int,
        stderr: IO[bytes],
        descriptors: tuple[int, ...] = (),
    ) -> subprocess.Popen[bytes]:
        """Start git in a session of its own: no terminal to ask on, one group to end with its children.

        Raises OSError, in one sentence: the folder, or git, is gone.
        """
        self.started += 1
        inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN + TERMINALS}
        try:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=inherited | self.own | environment,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
                pass_fds=descriptors,
            )
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise type(error)(f"git cannot be started in {shown(self.folder)}: {why}.") from error
        _STARTED.add(process)
        return process


@contextlib.contextmanager
def _input(data: bytes) -> Iterator[IO[bytes] | int]:
    if not data:
        yield subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file


@contextlib.contextmanager
def _put_off_interrupts() -> Iterator[Callable[[], None]]:
    """Hold back the signals that ask for the end; one that came is raised at the end, or by a call before.

    Else one that came while git starts would leave it running, with nobody who knows its process.
    """
    came: list[int] = []
    was: dict[int, Any] = {}

    def let_in() -> None:
        while was:
            signal.signal(*was.popitem())
        while came:
            signal.raise_signal(came.pop())

    if threading.current_thread() is threading.main_thread():  # no other hears signals
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if callable(handler := signal.getsignal(number)):
                was[number] = handler
                signal.signal(number, lambda number, _: came.append(number))
    try:
        yield let_in
    finally:
        let_in()


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int:
    """Return the code of a process once it has ended; as `Popen.wait`, but at once.

    That sleeps in steps that double, which adds half of the time git takes; Linux can tell the moment.

    Raises:
        subprocess.TimeoutExpired: it still runs.
    """
    if sys.platform != "linux":
        return process.wait(seconds)
    with contextlib.suppress(OSError):  # a kernel before 5.3, or a sandbox without the call
        descriptor = os.pidfd_open(process.pid)
        try:
            ended = select.poll()
            ended.register(descriptor, select.POLLIN)
            seconds = 0 if ended.poll(seconds * 1000) else 0.001
        finally:
            os.close(descriptor)
    return process.wait(seconds)


def _stop(process: subprocess.Popen[bytes]) -> int:
    """End a process and its children, if it still runs, and return its code.

    A hook that takes no notice outlives its git, and is ended, too. Who asks once more waits no longer.
    """
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError, KeyboardInterrupt):  # all have ended
            os.killpg(process.pid, signal.SIGTERM)
            end = time.monotonic() + _GRACE
            while time.monotonic() < end:
                process.poll()  # one that has ended stays in the group until somebody has asked
                os.killpg(process.pid, 0)
                time.sleep(_LOOK)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()
