"""A commit that could not be signed is refused before anything is written."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.git.repository import HookFailed
from tests.support.work import ENTRY, NEW, Work, refusal

needs_ssh = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="there is no ssh to sign with")
PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"


@pytest.fixture
def signed(work: Work, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Return a working copy whose commits are to be signed, where no agent runs."""
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    work.git("config", "commit.gpgSign", "true")
    return work


def program(folder: Path, name: str, script: str) -> str:
    """Put a program into a folder of its own, and return its path."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"gpg.program": "/nowhere/gpg"}, "/nowhere/gpg, is not there"),
        ({"gpg.openpgp.program": "no-such-gpg"}, "no-such-gpg, is not there"),
        ({"gpg.format": "x509", "gpg.x509.program": "~/no-such"}, "no-such, is not there"),
        ({"gpg.format": "ssh", "gpg.ssh.program": "./tools/sign"}, "./tools/sign, is not there"),
        ({"commit.gpgSign": "maybe"}, "commit.gpgsign, which is maybe"),
    ],
)
def test_a_program_that_is_not_there(signed: Work, settings: dict[str, str], said: str) -> None:
    for name, value in settings.items():
        signed.git("config", name, value)
    assert said in refusal(signed, "a.xml")
    signed.git("config", "commit.gpgSign", "false")
    assert signed.save("a.xml", NEW).revision == signed.head()


def test_a_format_that_git_does_not_know(signed: Work) -> None:
    with (signed.root / ".git" / "config").open("a") as file:
        file.write("[gpg]\n\tformat = runes\n")
    before = (signed.tree / "a.xml").read_bytes()
    with pytest.raises(Exception, match=r"format runes: .* Nothing was written\.$"):
        signed.save("a.xml", NEW)
    assert (signed.tree / "a.xml").read_bytes() == before


@needs_ssh
@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "no key is named"),
        ("~/nowhere/key", "there is no key"),
        ("keys/none.pub", "there is no key"),
        (f"key::{PUBLIC}", "no ssh agent has the secret part"),
        (PUBLIC, "no ssh agent has the secret part"),
    ],
)
def test_an_ssh_key_that_is_not_there(signed: Work, key: str, said: str) -> None:
    signed.git("config", "gpg.format", "ssh")
    if key:
        signed.git("config", "user.signingKey", key)
    assert said in refusal(signed, "a.xml")


@needs_ssh
def test_half_an_ssh_key(signed: Work, tmp_path: Path) -> None:
    """The public half names the key; what signs is the private one beside it, or an agent."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    signed.git("config", "gpg.format", "ssh")
    signed.git("config", "user.signingKey", f"{key}.pub")
    assert signed.save("a.xml", NEW).revision == signed.head()
    key.rename(tmp_path / "elsewhere")
    assert "no ssh agent has the secret part" in refusal(signed, "a.xml", ENTRY)


LISTED = "sec:{validity}:3072:1:434567A35910FC5D:1795943720:{until}::u:::{uses}:::{secret}:::23::0:"


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (
            "echo 'gpg: error reading key: No secret key' >&2; exit 2",
            "gpg has no secret key for Ana Kovač <ana",
        ),
        (f"echo {LISTED.format(validity='e', until='1', uses='scESC', secret='+')}", "no key for"),
        (f"echo {LISTED.format(validity='r', until='', uses='scESC', secret='+')}", "no key for"),
        (f"echo {LISTED.format(validity='u', until='', uses='e', secret='+')}", "no key for"),
        (f"echo '{LISTED.format(validity='u', until='', uses='scESC', secret='#')}'", "no key for"),
    ],
    ids=["none", "expired", "revoked", "for encryption", "a stub"],
)
def test_a_gpg_key_that_cannot_sign(signed: Work, tmp_path: Path, listed: str, said: str) -> None:
    signed.git("config", "gpg.program", program(tmp_path / "bin", "gpg", listed))
    assert said in refusal(signed, "a.xml")


def test_a_certificate_that_is_not_there(signed: Work, tmp_path: Path) -> None:
    signed.git("config", "gpg.format", "x509")
    signed.git("config", "gpg.x509.program", program(tmp_path / "bin", "gpgsm", "exit 0"))
    assert "gpgsm has no secret key" in refusal(signed, "a.xml")


def test_a_program_of_another_name_is_not_asked_for_its_keys(signed: Work, tmp_path: Path) -> None:
    """It may know other keys than gpg does, and take a question for something to sign."""
    canary = tmp_path / "asked"
    signed.git("config", "gpg.program", program(tmp_path / "bin", "sign", f"echo $* >> {canary}; exit 1"))
    with pytest.raises(HookFailed, match="not committed"):
        signed.save("a.xml", NEW)
    assert "--list-secret-keys" not in canary.read_text()


@pytest.fixture
def gpg_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give gpg a folder of its own, and end its agent afterwards."""
    home = tmp_path_factory.mktemp("g")
    home.chmod(0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    yield home
    subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)


@pytest.mark.skipif(not shutil.which("gpg"), reason="there is no gpg to sign with")
def test_the_key_of_a_real_gpg(signed: Work, gpg_home: Path) -> None:
    assert "gpg has no secret key for Ana Kovač <ana@example.com>" in refusal(signed, "a.xml")
    made = ["gpg", "-q", "--batch", "--passphrase", "", "--quick-gen-key", "Ana Kovač <ana@example.com>"]
    subprocess.run([*made, "ed25519", "sign"], check=True, capture_output=True)
    commit = signed.save("a.xml", NEW)
    assert "\ngpgsig -----BEGIN " in signed.git("cat-file", "commit", commit.revision or "")
