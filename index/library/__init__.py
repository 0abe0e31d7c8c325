"""A tree as it was last read: its entries, the user's read marks, the changes that others make."""
