"""The words of every room: entries, fields, problems, plans, vocabulary, days. Nothing here reads a file."""
