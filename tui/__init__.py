"""The terminal app, and the command line in front of it."""

import os

# At Textual's 60 frames a second the rows of a key, their page and the counts wait up to 16 ms each.
os.environ.setdefault("TEXTUAL_FPS", "240")
