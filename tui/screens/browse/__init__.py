"""Browsing: the list, the page, and an entry as it was at a commit."""
