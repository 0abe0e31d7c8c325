"""Widgets that list and compare versions."""
