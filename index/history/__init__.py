"""What happened to the memories: git."""
