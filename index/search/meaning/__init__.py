"""Entries that are related by meaning; `sentence_model.py` runs in helper processes alone."""
