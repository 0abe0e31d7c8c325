"""What goes over several screens: an edit, a sync, the end of what was interrupted, leaving."""
