"""Widgets of the timeline, the brief and trends."""
