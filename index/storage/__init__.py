"""The disk: files written whole, listings of folders, the user's own folders."""
