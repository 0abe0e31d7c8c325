"""Tests of the seam between the house and the formats of its files."""
