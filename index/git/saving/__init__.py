"""Commits: checked ahead, made of single files, and the rest of one that was killed."""
