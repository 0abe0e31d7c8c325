"""Read a whole tree and print seconds, megabytes and CPU seconds: `entries` with memarium, or `lxml`."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def megabytes() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and of those that it has started and ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def with_memarium(root: Path) -> object:
    """Return every entry of the tree, read as the app does."""
    from index.library.parallel import read_records
    from index.library.reader import without_collection
    from index.storage.scan import scan

    with without_collection(keep=True):
        return list(read_records(scan(root)[0], here=True))


def with_lxml(root: Path) -> object:
    """Return every parsed file, each element visited: its name, attributes, text and tail."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    held = []
    for path in sorted(root.rglob("*.xml")):
        tree = etree.fromstring(path.read_bytes(), parser)
        for element in tree.iter():
            _ = (element.tag, dict(element.attrib), element.text, element.tail)
        held.append(tree)
    return held


def main() -> None:
    """Time the reader that the command line names."""
    how, root = sys.argv[1], Path(sys.argv[2])
    work = {"entries": with_memarium, "lxml": with_lxml}[how]
    import lxml.etree  # noqa: F401 - imported before the clock starts, on both sides

    before, used = megabytes(), cpu_seconds()
    started = time.perf_counter()
    held = work(root)
    print(time.perf_counter() - started, megabytes() - before, cpu_seconds() - used)
    del held


if __name__ == "__main__":
    main()
