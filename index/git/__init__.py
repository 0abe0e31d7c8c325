"""git, without a notion of entries: what is committed, and how a save becomes a commit."""
