"""What every front end needs and none owns: the words and lines that show an entry."""
