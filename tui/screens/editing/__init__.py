"""Changing: new entries, fields, source, and the review before a commit."""
