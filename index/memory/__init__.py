"""One file, one tree: lossless XML, entries, and where they are."""
