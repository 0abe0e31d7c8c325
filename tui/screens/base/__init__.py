"""What every screen is made of, and those that belong to none: help, palette, questions, welcome."""
