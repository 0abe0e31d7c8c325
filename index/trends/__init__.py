"""What becomes of the memories over time: how many, of what, what comes back, what is used again."""
