"""A program that leaves a trace of having run, and the settings of git that would run it."""

from __future__ import annotations

from pathlib import Path

HOOKS = ("fsmonitor-watchman", "pre-commit", "post-checkout", "post-index-change", "reference-transaction")


def make_trap(folder: Path, canary: Path, status: int = 0) -> str:
    """Write a program that adds to `canary` how it was called, and ends with that status; return its path."""
    file = folder / "evil"
    file.write_text(f'#!/bin/sh\necho "$0 $*" >> {canary}\nexit {status}\n')
    file.chmod(0o755)
    return str(file)


def trap_settings(program: str, hooks: Path) -> dict[str, str]:
    """Return the settings that make plain git run `program`, or one of the `hooks`."""
    named = (
        *("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass", "core.gitProxy"),
        *("core.alternateRefsCommand", "pager.log", "pager.diff", "pager.status", "sequence.editor"),
        *("diff.external", "diff.evil.textconv", "diff.evil.command", "merge.evil.driver"),
        *("filter.evil.clean", "filter.evil.smudge", "filter.evil.process"),
        *("gpg.program", "gpg.ssh.program", "interactive.diffFilter", "uploadpack.packObjectsHook"),
        *("trailer.evil.command", "trailer.evil.cmd"),
    )
    return {
        **dict.fromkeys(named, program),
        "core.hooksPath": str(hooks),
        "diff.evil.cachetextconv": "true",
        "filter.evil.required": "true",
        "log.showSignature": "true",
        "credential.helper": f"!{program}",
        **{f"protocol.{name}allow": "always" for name in ("", "ext.", "file.")},
        **{f"alias.{name}": f"!{program}" for name in ("log", "status", "ls-tree", "cat-file", "var", "x")},
    }
