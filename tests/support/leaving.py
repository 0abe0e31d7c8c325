"""A draft, as a session leaves it that is killed."""

from __future__ import annotations

from pathlib import Path

from index.model.draft import Draft, Typed
from index.storage.drafts import Drafts
from index.storage.user_folders import state_folder
from tests.support.pilot import NOW
from tests.support.shop import SOLUTION


def leave_draft(
    root: Path, entry: str = SOLUTION, title: str = "Database connection pool exhaustion"
) -> None:
    """Leave what a killed session would have left."""
    drafts = Drafts(state_folder(root) / "drafts")
    typed = Typed("Added connection pool monitoring and alerting", "Alert when few are idle")
    drafts.keep(Draft(entry, title, NOW.timestamp() - 7200, fields={"prevention": typed}))
    drafts.close()
