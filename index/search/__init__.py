"""Finding entries: the query language, the engines that answer, and the results."""
