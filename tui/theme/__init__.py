"""What is drawn with: colours, styles, the words of kinds and days, and what is taken out of hostile text."""
