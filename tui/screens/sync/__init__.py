"""Conflicts of a sync."""
