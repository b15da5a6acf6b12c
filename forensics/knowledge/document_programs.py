"""When versions of programs that write documents were released; ``document_programs.toml`` says where it comes from."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import resources
from typing import NamedTuple

SLACK_DAYS = 90
"""Renderers of Google and Chrome's early channels run ahead of the release by up to nine weeks."""
OFFICE_SLACK_DAYS = 730
"""Previews of an Office version were in use for up to two years."""

_FORMS = (
    ("LibreOffice", re.compile(r"LibreOffice[ /](\d{1,2}(?:\.\d{1,3}){1,3})(?![\d.]*\.(?:alpha|beta))")),
    ("macOS", re.compile(r"(?:Mac OS X|macOS Version) (\d{1,2}(?:\.\d{1,2}){1,2})\b.{0,40}Quartz PDFContext")),
    ("macOS", re.compile(r"^macOS (\d{1,2}\.\d{1,2})$")),
    ("iOS", re.compile(r"iOS Version (\d{1,2}(?:\.\d{1,2}){1,2})\b.{0,40}Quartz PDFContext")),
    ("Skia", re.compile(r"Skia/PDF m(\d{1,3})\b")),
    ("Ghostscript", re.compile(r"GPL Ghostscript (\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)")),
    ("TCPDF", re.compile(r"TCPDF (\d\.\d{1,2}(?:\.\d{1,3})?)")),
    ("mPDF", re.compile(r"mPDF v?(\d{1,2}\.\d{1,2}(?:\.\d{1,3})?)")),
    ("pikepdf", re.compile(r"pikepdf (\d{1,2}\.\d{1,2}(?:\.\d{1,3})?)")),
    ("Office", re.compile(r"Microsoft(?: Office)? (?:Word|Excel|PowerPoint) (\d{2})\.0[03]00$")),
    ("Office", re.compile(r"Microsoft(?: Office)? (?:Word|Excel|PowerPoint) ([89]|1\d)\.0$")),
    ("Office", re.compile(r"Microsoft (?:Office|Word|Excel|PowerPoint) ([89]|1\d)\.0 Object Library$")),
    ("Office for Mac", re.compile(r"Microsoft Macintosh (?:Word|Excel|PowerPoint) (1[24])\.0$")),
    ("Office for Mac", re.compile(r"Microsoft Macintosh (?:Word|Excel|PowerPoint) (1[24])\.0[03]00$")),
    ("Office", re.compile(r"Microsoft\W{1,3}(?:Office )?(?:Word|Excel|PowerPoint)\W{1,3}(?:LTSC )?(20[012]\d)\b")),
)
"""Word of the table, and how a document writes the program and its version."""
_YEARS = {"2007": "12", "2010": "14", "2013": "15", "2016": "16"}


class Program(NamedTuple):
    """A program and its version, as a document names them."""

    name: str
    """The words that name it."""
    released: int
    """Day of its release, days since 1970."""
    slack_days: int
    """By how much it was in use before, at most."""


def programs(text: str) -> Iterator[Program]:
    """Yield the programs of a known release that a text names."""
    for word, form in _FORMS:
        match = form.search(text[:400])
        if match is not None and (day := _released(word, _YEARS.get(match[1], match[1]))):
            yield Program(match[0][:80], day, OFFICE_SLACK_DAYS if word.startswith("Office") else SLACK_DAYS)


def _released(word: str, version: str) -> int:
    """Return the first release of a version, or of any that begins with it; 0 if none is known."""
    return _table().get((word, version), 0)


@cache
def _table() -> dict[tuple[str, str], int]:
    epoch = date(1970, 1, 1)
    first: dict[tuple[str, str], int] = {}
    with resources.files(__package__).joinpath("document_programs.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = (date.fromisoformat(row["released"]) - epoch).days
            pieces = row["version"].split(".")
            for count in range(1, len(pieces) + 1):
                key = (row["word"], ".".join(pieces[:count]))
                first[key] = min(first.get(key, day), day)
    return first
