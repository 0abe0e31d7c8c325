"""Widgets of what is not committed."""
