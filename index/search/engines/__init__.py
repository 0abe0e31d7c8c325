"""The engines that find: the index of Whoosh on the disk, and one in memory."""
