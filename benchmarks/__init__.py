import tui  # noqa: F401 - it says how often Textual paints, and comes before Textual for that
