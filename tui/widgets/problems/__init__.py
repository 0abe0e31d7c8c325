"""Widgets of problems."""
