"""Flows that take entries out of the app: to the clipboard, to a file."""
