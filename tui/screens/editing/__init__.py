"""Changing: new entries, fields, XML, and the review before a commit."""
