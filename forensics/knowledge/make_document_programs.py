"""Make ``document_programs.csv`` from the knowledge base.

``python -m forensics.knowledge.make_document_programs FOLDER``, where FOLDER holds ``pdf_producers.csv`` and
``office_builds.csv``.
"""

import csv
import re
import sys
from collections.abc import Iterable
from pathlib import Path

_PRODUCERS = {
    "LibreOffice": "LibreOffice",
    "GPL Ghostscript": "Ghostscript",
    "TCPDF": "TCPDF",
    "mPDF": "mPDF",
    "pikepdf": "pikepdf",
    "PyPDF2/pypdf": "pypdf",
}
"""Producers whose versions documents show, and the word for them."""
_FAMILIES = {"iOS (Producer": "iOS", "macOS (Producer": "macOS", "Chrome / Skia": "Skia"}
_VERSION = re.compile(r"\d{1,4}(?:\.\d{1,5}){0,4}")


def programs(producers: Iterable[dict[str, str]], office: Iterable[dict[str, str]]) -> dict[tuple[str, str], str]:
    """Return the earliest release of every version, by word and version."""
    first: dict[tuple[str, str], str] = {}
    for row in producers:
        name = row["producer"]
        word = _PRODUCERS.get(name) or next((word for lead, word in _FAMILIES.items() if name.startswith(lead)), "")
        version = row["version"].removeprefix("m").removeprefix("v")
        old = word == "LibreOffice" and version.startswith("3.")  # dates of an import
        if word and not old and row["date_kind"] == "release" and _VERSION.fullmatch(version):
            first[word, version] = min(first.get((word, version), "9999"), row["date"])
    for row in office:
        if row["field"] in ("major_version", "product") and row["release_date"]:
            version, _, system = row["value"].partition(" ")
            word = "Office for Mac" if system else "Office"
            first[word, version] = row["release_date"]
    return {key: min(released, *_later(first, key)) for key, released in first.items()}


def _later(first: dict[tuple[str, str], str], key: tuple[str, str]) -> list[str]:
    """Return the releases of later versions of the same branch: none can be older than what it follows."""
    own = [int(piece) for piece in key[1].split(".")]
    parsed = [(word, [int(piece) for piece in version.split(".")], day) for (word, version), day in first.items()]
    return [day for word, version, day in parsed if word == key[0] and version[:2] == own[:2] and version >= own]


def main(folder: str) -> None:
    """Write the table beside this file."""
    tables = []
    for name in ("pdf_producers.csv", "office_builds.csv"):
        with (Path(folder) / name).open(encoding="utf-8", newline="") as file:
            tables.append(list(csv.DictReader(file)))
    with (Path(__file__).parent / "document_programs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("word", "version", "released"))
        writer.writerows([(*key, released) for key, released in sorted(programs(*tables).items())])


if __name__ == "__main__":
    main(sys.argv[1])
