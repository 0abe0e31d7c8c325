"""Edits of an XML file as splices: fields set, entries placed, moved and brought back."""
