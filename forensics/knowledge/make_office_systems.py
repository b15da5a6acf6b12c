"""Make ``office_systems.csv`` from the knowledge base.

``python -m forensics.knowledge.make_office_systems FOLDER``, where FOLDER holds ``ole_os_versions.csv``.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path


def systems(rows: Iterable[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield number, name and day of release of each system whose release is known, by number."""
    for row in sorted(rows, key=lambda one: one["system_identifier"]):
        if row["release_date_rtm_or_ga"]:
            yield (
                row["system_identifier"].upper().replace("X", "x"),
                row["os"].partition(" (")[0],
                row["release_date_rtm_or_ga"],
            )


def main(folder: str) -> None:
    """Write the table beside this file."""
    with (Path(folder) / "ole_os_versions.csv").open(encoding="utf-8", newline="") as file:
        found = list(systems(csv.DictReader(file)))
    with (Path(__file__).parent / "office_systems.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("number", "system", "released"))
        writer.writerows(found)


if __name__ == "__main__":
    main(sys.argv[1])
