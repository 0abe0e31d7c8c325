"""The timeline, the brief, trends, and the end of a session."""
