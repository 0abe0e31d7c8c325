"""Whether a commit could be signed, asked before anything is written: the program, and the key.

A passphrase or a card, which only the signing itself can tell, is not asked for: that would sign twice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from index.git.configuration import GitConfiguration
from index.git.runner import TERMINALS
from index.model.errors import Refused
from index.model.path_spelling import shown
from index.storage.user_folders import expanded

_DEFAULTS = {"openpgp": "gpg", "x509": "gpgsm", "ssh": "ssh-keygen"}
"""The programs that git starts where none is named: https://git-scm.com/docs/git-config."""
_PATIENCE = 10.0
"""Seconds that a program may take to list its keys; after that it is not asked."""
_UNUSABLE = frozenset("deir")
"""Marks of gpg for keys that are disabled, expired, invalid or revoked.
https://github.com/gpg/gnupg/blob/master/doc/DETAILS"""
_GPG = ("gpg", "gpg2")
_AGAIN = "then save again. Nothing was written."


class Signing:
    """The signing of commits in one working copy, as its settings say."""

    def __init__(self, settings: GitConfiguration, root: Path) -> None:
        self._settings = settings
        self._root = root
        self._found: set[tuple[str, str]] = set()
        """Programs and the keys that they have; a key that is found is not looked for again."""

    def check(self, signer: str) -> None:
        """Raise Refused when commits are to be signed and that cannot succeed.

        Args:
            signer: the committer as `Name <address>`, whose key it is where the settings name none.
        """
        wanted = self._settings.is_true("commit.gpgsign")
        if wanted is False:
            return
        values = self._settings.values()
        if wanted is None:
            said = shown(values["commit.gpgsign"])
            raise Refused(
                f"git cannot read its setting commit.gpgsign, which is {said}: "
                f"run git config commit.gpgsign false, or true, {_AGAIN}"
            )
        kind = values.get("gpg.format", "openpgp")
        if kind not in _DEFAULTS:
            raise Refused(
                f"git cannot sign commits in the format {shown(kind)}: "
                f"run git config gpg.format openpgp, ssh or x509, {_AGAIN}"
            )
        program = self._program(kind)
        key = values.get("user.signingkey", "")
        if kind == "ssh":
            self._check_ssh(program, key)
        elif kind == "openpgp" and Path(program).name in _GPG:
            self._check_gpg(program, key or signer)
        elif Path(program).name == "gpgsm":
            self._check_gpgsm(program, key or signer)

    def _program(self, kind: str) -> str:
        """Return the program that would sign. Raises Refused: it is not there."""
        values = self._settings.values()
        named = values.get(f"gpg.{kind}.program") or (values.get("gpg.program") if kind == "openpgp" else "")
        program = named or _DEFAULTS[kind]
        found = shutil.which(self._root / expanded(program) if "/" in program else program)
        if found is None:
            raise Refused(
                f"Commits must be signed, and the program for it, {shown(program)}, is not there or cannot "
                f"be run: install it, or name another with git config gpg.{kind}.program, {_AGAIN}"
            )
        return found

    def _check_gpg(self, program: str, key: str) -> None:
        if (program, key) in self._found:
            return
        listed = _key_listing(
            program, "--batch", "--no-tty", "--with-colons", "--list-secret-keys", "--", key
        )
        if listed is None:
            return
        keys = [line.split(":") for line in listed.stdout.splitlines() if line.startswith(("sec:", "ssb:"))]
        if listed.returncode and not keys:
            raise Refused(f"Commits must be signed, and gpg has no secret key for {shown(key)}: {_OTHER}")
        if keys and not any(map(_can_sign, keys)):
            raise Refused(f"Commits must be signed, and no key for {shown(key)} {_EXPIRED}: {_OTHER}")
        self._found.add((program, key))

    def _check_gpgsm(self, program: str, key: str) -> None:
        if (program, key) in self._found:
            return
        listed = _key_listing(program, "--batch", "--with-colons", "--list-secret-keys", "--", key)
        if listed is not None and not any(line.startswith("crs:") for line in listed.stdout.splitlines()):
            raise Refused(f"Commits must be signed, and gpgsm has no secret key for {shown(key)}: {_OTHER}")
        self._found.add((program, key))

    def _check_ssh(self, program: str, key: str) -> None:
        if not key:
            if not self._settings.values().get("gpg.ssh.defaultkeycommand"):
                raise Refused(f"Commits must be signed with ssh, and no key is named: {_OTHER}")
            return
        is_ours = Path(program).name == "ssh-keygen"  # another one may know keys of its own
        if key.startswith(("key::", "ssh-")):
            if is_ours:
                self._check_agent(program, key.removeprefix("key::"), key.removeprefix("key::")[:40] + "…")
            return
        file = self._root / expanded(key)
        public = file if file.suffix == ".pub" else file.with_name(f"{file.name}.pub")
        private = file.with_suffix("") if file.suffix == ".pub" else file
        if not file.exists() and not public.exists():
            raise Refused(f"Commits must be signed, and there is no key {shown(file)}: {_OTHER}")
        if is_ours and not private.exists():
            self._check_agent(program, public.read_text("utf-8", "replace"), shown(file))

    def _check_agent(self, program: str, public: str, name: str) -> None:
        """Raise Refused when no agent holds the secret part of a public ssh key."""
        parts = public.split()
        agent = shutil.which("ssh-add")
        if len(parts) < 2 or agent is None or (program, parts[1]) in self._found:
            return
        listed = _key_listing(agent, "-L")
        if listed is None:
            return
        if parts[1] not in listed.stdout.split():
            raise Refused(
                f"Commits must be signed, and no ssh agent has the secret part of {name}: "
                f"run ssh-add with its file, or name another key with git config user.signingKey, {_AGAIN}"
            )
        self._found.add((program, parts[1]))


_OTHER = f"name one that is there with git config user.signingKey, {_AGAIN}"
_EXPIRED = "can sign (expired, revoked, or its secret part is elsewhere)"


def _can_sign(fields: list[str]) -> bool:
    """Whether a key as gpg lists it is valid, is for signing, and its secret part is there."""
    fields += [""] * (15 - len(fields))
    return fields[1] not in _UNUSABLE and "s" in fields[11] and fields[14] != "#"


def _key_listing(*command: str) -> subprocess.CompletedProcess[str] | None:
    """Return the output of a program that lists keys; None when it cannot be run."""
    # In the user's own locale, as git starts it: by that gpg reads the letters of a name.
    environment = {name: value for name, value in os.environ.items() if name not in TERMINALS}
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
            timeout=_PATIENCE,
            check=False,
            start_new_session=True,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
