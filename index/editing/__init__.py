"""Changes: planned, checked, compared, written and committed, and taken back."""
