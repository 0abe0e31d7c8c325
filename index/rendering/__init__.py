"""The words and lines that show an entry, for every front end."""
