"""Widgets that are typed into, and the diff."""
