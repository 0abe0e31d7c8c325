"""What screens show, made ready in threads: the tree, what a query finds, sessions, what was typed."""
