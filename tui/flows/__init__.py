"""Flows that cross several screens: an edit, a sync, the end of an interrupted change, leaving."""
