"""The headless library: what the memories say, where they are, what happened to them."""
