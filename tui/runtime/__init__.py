"""Work beside the event loop, and the terminal around it.

A module that is here for milliseconds alone ends its docstring with the row of `make bench` that it serves.
"""
