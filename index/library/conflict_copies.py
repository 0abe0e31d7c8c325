"""Files that a sync tool or an editor put beside another one because it would not overwrite it.

A copy is a file like any other, with the same ids in it: it is reported, and an id means the original.
The names are where their makers document them:

- Syncthing: https://docs.syncthing.net/users/syncing.html#conflicting-changes, and for old versions
  https://docs.syncthing.net/users/versioning.html
- Dropbox: https://help.dropbox.com/organize/conflicted-copy
- Nextcloud: https://docs.nextcloud.com/desktop/latest/conflicts.html; ownCloud before 2.4 `_conflict-DATE`
- Seafile: https://help.seafile.com/syncing_client/file_conflicts/
- rclone bisync, `conflict1`: https://rclone.org/bisync/; Proton Drive: `(# Name clash …)`
- OneDrive for Linux: https://github.com/abraunegg/onedrive/pull/2966
- pCloud: `[conflicted]` and `(conflicted)`; Cryptomator: `(Conflict 1a2b3c4d)`
- OneDrive: the computer's name behind a hyphen; Google Drive and browsers: a number in parentheses; iCloud
  and the Finder: a number or "copy"; Windows: "- Copy"; GNOME: "(copy)". Only what
  the files say tells these from names of the user's choice.
- git mergetool: `mergetool.keepBackup` and `keepTemporaries`, https://git-scm.com/docs/git-mergetool
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from index.model.entry import Entry

if TYPE_CHECKING:
    from index.model.file_record import FileRecord

_CONFLICTED = (
    r"conflicted copy|case conflict|case clash|name clash|selective sync conflict|unicode encoding conflict"
    r"|conflict(?:ed)?|konflikt(?:behaftete kopie|kopie)?|in konflikt stehende kopie|copie en conflit"
    r"|copia en conflicto|copia in conflitto|c[oó]pia em conflito|conflicterende kopie"
    r"|kopia (?:powodująca konflikt|w konflikcie)|konfliktkopi[ae]?|konflikterande kopia|motstridig kopia"
    r"|mod?stridende kopi|motstridende kopi|ristiriitainen kopio|konfliktní kopie|ütköző másolat"
    r"|copie conflictuală|çakışan kopya|çakışma kopyası|αντίγραφο σε διένεξη"
    r"|конфликтующая копия|конфликтная копия|конфліктна копія|bản sao xung đột"
    r"|salinan (?:konflik|bercanggah|yang bertentangan)"
)
"""The words of Dropbox, Nextcloud and others for a copy that came of a conflict, in many languages."""
_UNSPACED = "競合(?:した)?コピー|[冲衝]突的?[副複]本|충돌(?:된|한|하는)? ?(?:복사본|사본)|สำเนาที่ขัดแย้ง"
"""The same in languages that put no space around it."""
_SURE = (
    ("Syncthing", r"(.+)\.sync-conflict-\d{8}-\d{6}(?:-[a-z0-9]{7})?"),
    ("Syncthing", r"(.+)~\d{8}-\d{6}"),
    ("Seafile", r"(.+) \(sfconflict [^()]+\)"),
    ("ownCloud", r"(.+)_conflict-\d{8}-\d{6}"),
    ("Synology Drive", r"(.+)_[^_/]+_[a-z]{3}-\d\d-\d{6}-\d{4}_conflict"),
    ("Resilio Sync or rclone", r"(.+)\.conflict(?:\.?\d+)?"),
    ("pCloud", r"(.+) \[conflicted(?: \d+)?\]"),
    ("a sync tool", r"(.+)_conf(?:lict)?\(\d+\)"),
    ("a sync tool", rf"(.+) \((?:[^()/]*\b)?(?:{_CONFLICTED})\b(?:[^()/]|\(\d+\))*\)"),
    ("a sync tool", rf"(.+) \([^()/]*(?:{_UNSPACED})(?:[^()/]|\(\d+\))*\)"),
    ("an editor or a merge", r"(.+)~"),
    ("git mergetool", r"(.+)_(?:backup|base|local|remote)_\d+"),
)
"""Names that nobody chooses: the file beside it is enough. The name is matched without its suffix."""
_COPY = (
    "(?:[Cc]opy|[Kk]opi[eao]?|[Cc]opi[ea]|[Cc]ópia|[Kk]opya|[Mm]ásolat|[Αα]ντίγραφο|[Кк]оп[иі]я"
    "|コピー|[副複]本|複製|복사본|사본)"
)
"""A copy, in the languages of the systems that call one so."""
_SAFE = re.compile(r"(.+)-safeBackup-\d{4}", re.IGNORECASE)
"""The suffix that OneDrive for Linux puts behind the name of the computer."""
_LIKELY = (
    ("Google Drive or a browser", r"(.+?) ?\(\d{1,3}\)"),
    ("an editor or a merge", r"(.+?)[._-](?:orig|bak|backup)"),
    ("iCloud or the Finder", r"(.+) \d{1,3}"),
    ("iCloud or the Finder", rf"(.+) {_COPY}(?: \d{{1,3}})?"),
    ("Windows", rf"(.+) [-–—] {_COPY}(?: \(\d+\))?"),
    ("iCloud or the Finder", r"(.+?) ?の ?コピー ?\d{0,3}"),
    ("GNOME", rf"(.+) \((?:\w{{1,8}} |\d{{1,3}}[\wª.]{{1,3}} )?{_COPY}(?: \d{{1,3}})?\)"),
    ("Google Drive", rf"{_COPY} (?:\(\d{{1,3}}\) )?(?:(?:of|von|de|di|van|af|av) )?(.+)"),
    ("Google Drive", r"[“\"]?(.+?)[”\"]?的副本"),
    ("Box", r"(.+) \([^()\s]+@[^()\s]+\)"),
)
"""Names that somebody may have chosen: the ids must repeat as well, or the lines where a name is the id."""
_HOST = re.compile(r"(?=.*[A-Z])[\w '’-]+")
"""A computer's name, as OneDrive puts it behind a hyphen; most of them have capitals."""
_NAMED = 2
"""Ids that a sentence names; of more it counts the rest."""


class Copy(NamedTuple):
    """A file that was made from another one beside it."""

    path: str
    original: str
    tool: str
    """The program that makes names like this one, for a sentence."""


def copies(held: Mapping[str, Sequence[Entry]]) -> dict[str, Copy]:
    """Return the files that are copies, by path; `held` are the entries of every file."""
    found = {}
    for path in held:
        if (copy := _copy(path, held)) is not None:
            found[path] = copy
    return found


def _marks(entries: Iterable[Entry]) -> set[str]:
    """Return the ids of entries, without their file; of one that is called after its file, its lines.

    A line of one word is of no use: a status or a type is the same in many memories.
    """
    found = set()
    for entry in entries:
        if _key(entry):
            found.add(_key(entry))
        else:
            lines = (line.strip() for field in entry.fields for line in field.text.split("\n"))
            found.update(line for line in lines if " " in line)
    return found


def _key(entry: Entry) -> str:
    """Return the id of an entry without its file; empty where it is the name of the file."""
    file, key = entry.file, entry.key
    return "" if key == file.rpartition("/")[2].rpartition(".")[0].replace("#", "-") else key


def _copy(path: str, held: Mapping[str, Sequence[Entry]]) -> Copy | None:
    """Return the original of a copied file; of a copy's copy, the first original."""
    steps = list(_origins(path))
    found = None
    while steps:
        name, maker, sure = steps.pop(0)
        if name in held and (sure or _repeats(held[path], held[name])):
            found, steps = Copy(path, name, found.tool if found else maker), []
        steps += [(one, by, sure and also) for one, by, also in _origins(name)]
    return found


@cache
def _signs() -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    """Return each maker of copies, the names it gives, and whether that is sure; made after the start."""
    sure = [(tool, re.compile(pattern, re.IGNORECASE), True) for tool, pattern in _SURE]
    return (*sure, *((tool, re.compile(pattern), False) for tool, pattern in _LIKELY))


@lru_cache(maxsize=4096)
def _origins(path: str) -> tuple[tuple[str, str, bool], ...]:
    """Return each path that this one may be a copy of, who names copies so, and whether that is sure."""
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    found = [
        (name, tool, sure)
        for tool, sign, sure in _signs()
        if (match := sign.fullmatch(stem) or sign.fullmatch(normalize("NFC", stem)))
        for name in dict.fromkeys((match[1], normalize("NFD", match[1])))  # as macOS writes it
    ]
    if safe := _SAFE.fullmatch(stem):
        begun = safe[1].split("-")
        found += [("-".join(begun[:at]), "OneDrive for Linux", True) for at in range(len(begun) - 1, 0, -1)]
    parts = stem.split("-")
    for at in range(1, len(parts)):
        if _HOST.fullmatch("-".join(parts[at:])):
            found.append(("-".join(parts[:at]), "OneDrive", False))
    return tuple((f"{folder}{slash}{one}{dot}{ending}", tool, sure) for one, tool, sure in found)


def _repeats(mine: Sequence[Entry], others: Sequence[Entry]) -> bool:
    """Whether most of the lines or entries that a file is known by are in another one too."""
    marks = _marks(mine)
    known = _marks(others) | {entry.key for entry in others}
    return bool(marks) and 2 * len(marks & known) > len(marks)


def copy_message(copy: Copy, mine: FileRecord, other: FileRecord) -> str:
    """Name the original of a copy and the entries that differ; one plain sentence.

    It is only said to be of no use where it has the very bytes of the original: comments, and whatever could
    not be read, are in no entry.
    """
    begun = f"This is a copy of {copy.original}, named as {copy.tool} does:"
    if mine.digest and mine.digest == other.digest:
        return f"{begun} it holds the very same, so it can be deleted."
    known = {entry.key: entry.fields for entry in other.entries}
    known |= {_key(entry): entry.fields for entry in other.entries}
    differing = [entry.key for entry in mine.entries if known.get(_key(entry)) != entry.fields]
    if not differing:
        return f"{begun} what differs is outside of the entries; compare the two before deleting it."
    names = ", ".join(differing[:_NAMED])
    more = f" and {len(differing) - _NAMED} more" if len(differing) > _NAMED else ""
    verb = "says" if len(differing) == 1 else "say"
    return f"{begun} {names}{more} {verb} something else there; compare the two before deleting it."
