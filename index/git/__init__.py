"""git, without a notion of entries: commits and their files, and how a save becomes a commit."""
