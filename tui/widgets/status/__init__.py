"""Widgets of the status."""
