"""What is on disk and in no commit, and what was typed and not saved."""
