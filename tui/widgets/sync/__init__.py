"""Widgets of a conflict."""
