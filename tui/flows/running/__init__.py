"""Flows of the app itself: its settings at the start, screens read ahead, its end."""
