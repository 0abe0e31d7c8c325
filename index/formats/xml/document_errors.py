"""Errors: an XML file is not edited, repaired or read."""

from __future__ import annotations


class EditRefused(ValueError):
    """An edit that cannot be made without touching something else; one plain sentence says why."""


class CannotRepair(ValueError):
    """A file that no repair known here makes well-formed; one plain sentence says why."""


class ViewError(ValueError):
    """lxml refuses even the mended text: a name, text or attribute larger than libxml2's limits."""
