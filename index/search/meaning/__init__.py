"""Entries that are related by meaning; `model.py` runs in helper processes and knows the heavy libraries."""
