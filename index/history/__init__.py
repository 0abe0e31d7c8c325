"""What happened to entries: their versions, what was deleted, merged, restored."""
