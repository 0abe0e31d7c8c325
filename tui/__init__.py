"""The terminal app, and the command line in front of it."""
