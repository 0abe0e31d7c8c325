"""The terminal app, and the command line in front of it."""

import os

# At Textual's 60 frames a second, rows that come right after the letter that asked for them wait for the
# next but one.
os.environ.setdefault("TEXTUAL_FPS", "120")
