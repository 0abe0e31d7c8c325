"""Problems of files, and their repair."""
