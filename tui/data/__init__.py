"""Data for the screens, prepared in threads: the tree, the hits of a query, sessions, typed drafts."""
