"""Looking back: versions, what was deleted, and putting it back."""
