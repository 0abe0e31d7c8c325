"""Colours, styles, words for kinds and days, and the filter for hostile text."""
