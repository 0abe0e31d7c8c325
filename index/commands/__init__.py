"""The commands: the library without a screen, for scripts, agents and screen readers.

Results go to standard output, talk to standard error. Exit status: 0 found or done, 1 nothing found or
problems present, 2 wrong usage, 3 refused or failed.
"""
