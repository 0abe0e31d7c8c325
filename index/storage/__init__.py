"""The disk: files written whole, what a folder holds, the user's own folders."""
