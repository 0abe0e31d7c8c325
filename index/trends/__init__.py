"""Trends: counts of the memories over time, problems that come back, entries that are used again."""
