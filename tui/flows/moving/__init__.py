"""Flows from one entry to another, and the way back."""
