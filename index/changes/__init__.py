"""Planning structural changes: what files would be after them, checked, with nothing written."""
