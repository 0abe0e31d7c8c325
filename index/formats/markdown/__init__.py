"""Markdown memories: bytes to entries and back."""
