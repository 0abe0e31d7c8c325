"""Looking back: versions, deleted entries, and putting them back."""
