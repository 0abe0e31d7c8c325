"""What every room speaks: entries, fields, problems, plans, words, days. Nothing here reads a file."""
