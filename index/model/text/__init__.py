"""Text as such: its letters, lines and margins, two texts compared, three made one."""
