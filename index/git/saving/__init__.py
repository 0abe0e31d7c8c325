"""Commits: checked ahead, made of single files, and what a kill left of one."""
