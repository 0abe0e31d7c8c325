"""The query language: from what is typed to a condition, and to what is lit in a text."""
