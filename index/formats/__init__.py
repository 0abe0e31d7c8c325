"""A file's bytes to entries and back, format by format."""
