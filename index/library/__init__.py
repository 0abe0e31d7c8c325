"""A tree as it was last read: its entries, what the user has seen of them, what others write."""
