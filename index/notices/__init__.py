"""Notices: dead links, limits, twins, entries that went or grew old, in files that read well."""
