"""`python -m memarium`: in the wheel this file is `memarium.py`."""

from tui.__main__ import main

if __name__ == "__main__":
    main()
