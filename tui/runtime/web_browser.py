"""The web browser of the user, which opens an address."""

from __future__ import annotations

import subprocess
import sys

from index.model.addresses import is_url

_SECONDS = 20.0
_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"


def open_in_browser(url: str) -> bool:
    """Open the address of a web page in the user's browser; return whether there is one. For a thread.

    It is another process, isolated, without the terminal: whatever a browser prints would be drawn over.
    """
    if not is_url(url):
        return False
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _OPEN, url],
            check=False, timeout=_SECONDS, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
