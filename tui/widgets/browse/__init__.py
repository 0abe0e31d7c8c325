"""Widgets of the list and the page."""
