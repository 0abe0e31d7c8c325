"""Errors: an XML file is not edited, repaired or read."""

from __future__ import annotations


class ViewError(ValueError):
    """lxml refuses even the mended text: a name, text or attribute larger than libxml2's limits."""
