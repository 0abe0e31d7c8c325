"""The history of entries: their versions, deletions, merges and restores."""
