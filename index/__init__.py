"""The headless library: reads, searches, edits and versions a tree of memories."""
