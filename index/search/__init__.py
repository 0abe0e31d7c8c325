"""Finding entries: what people type, the engines that answer, and what they show."""
