"""Frame of every screen, and the screens of no area: help, palette, questions, welcome."""
