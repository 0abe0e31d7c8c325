"""The query language: from typed text to a condition, and to the words highlighted in a text."""
