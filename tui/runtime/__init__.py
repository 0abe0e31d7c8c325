"""Work beside the event loop, and the terminal around it."""
