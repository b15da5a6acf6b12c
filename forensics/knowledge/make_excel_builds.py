"""Make ``excel_builds.csv`` from the knowledge base: ``python -m forensics.knowledge.make_excel_builds FOLDER``.

FOLDER holds ``software_releases.csv``, which has the builds of Microsoft 365 Apps by the day of their release.
"""

import csv
import re
import sys
from collections.abc import Iterable
from pathlib import Path

_PRODUCT = "Microsoft 365 Apps"
_BUILD = re.compile(r"16\.0\.(\d{4,5})\.\d+")
FIRST_LISTED = 7571
"""The list begins in January 2017: older builds stand there with days on which they were only updated."""
MOST_EARLIER = 5
"""A day that so many lower builds are later than is a slip of the list."""


def builds(rows: Iterable[dict[str, str]]) -> dict[int, str]:
    """Return the first release of every build; no build is given a later day than one of a higher number."""
    first: dict[int, str] = {}
    for row in rows:
        found = _BUILD.fullmatch(row["build"])
        if found is not None and row["product"].startswith(_PRODUCT) and int(found[1]) >= FIRST_LISTED:
            first[int(found[1])] = min(first.get(int(found[1]), "9999"), row["release_date"])
    slips = {
        build
        for build, day in first.items()
        if sum(lower < build and first[lower] > day for lower in first) > MOST_EARLIER
    }
    kept = {build: day for build, day in first.items() if build not in slips}
    return {build: min(day for other, day in kept.items() if other >= build) for build in kept}


def main(folder: Path) -> None:
    """Write the table beside this file."""
    with (folder / "software_releases.csv").open(encoding="utf-8", newline="") as file:
        found = builds(csv.DictReader(file))
    with Path(__file__).with_name("excel_builds.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("build", "released"))
        writer.writerows(sorted(found.items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
