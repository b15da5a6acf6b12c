"""Make the tables of ``births.py`` from the knowledge base: ``python -m forensics.knowledge.make_births FOLDER``.

FOLDER holds the knowledge base's CSVs. Written beside this file: ``field_births.csv``, ``program_births.csv``,
``client_sightings.csv``, ``exchange_online.csv``, ``selector_windows.csv``, ``tld_births.csv``, ``emoji_births.csv``.
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from forensics.knowledge.births import FIRM_FIELDS, OTHER_FIELDS

Rows = Iterator[tuple[str, ...]]
LEAST_CLIENTS = 20
"""Mails below which the first one of a client says nothing."""
FIRST_EMOJI = 0x1F300
"""Below it are characters that are older than their use as emoji."""
_COLLECTED = ("2015-08-01", "2015-11-01")
"""Emoji 1.0 and 2.0 took in characters that Unicode had had for years."""
_UNICODE_8 = "2015-06-17"
_OF_UNICODE_8 = frozenset(
    (
        *range(0x1F32D, 0x1F330),
        0x1F37E,
        0x1F37F,
        *range(0x1F3CF, 0x1F3D4),
        *range(0x1F3F8, 0x1F400),
        0x1F4FF,
        *range(0x1F54B, 0x1F54F),
        0x1F643,
        0x1F644,
        0x1F6D0,
        *range(0x1F910, 0x1F919),
        *range(0x1F980, 0x1F985),
        0x1F9C0,
    )
)
"""Characters of Unicode 8.0 (DerivedAge) that became emoji at once."""
_PROGRAMS = {
    "Apple iOS build": "iPhone Mail",
    "Mozilla Thunderbird": "Thunderbird",
    "Roundcube Webmail": "Roundcube Webmail",
    "Microsoft Outlook": "Microsoft Outlook",
    "Microsoft Exchange Server": "Exchange",
    "Exim": "Exim",
}
"""Products whose versions mail shows, and the word that shows them; git tags of Postfix are often import dates."""


def fields(rows: Iterable[dict[str, str]]) -> Rows:
    """Names whose first sighting means their birth; many others are old and only reach mail archives late."""
    for row in rows:
        if row["header_name_lowercase"] in FIRM_FIELDS | OTHER_FIELDS:
            yield row["header_name_lowercase"], row["first_seen_utc"], row["n_messages"]


def programs(rows: Iterable[dict[str, str]]) -> Rows:
    """Earliest release of every version."""
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        word = _PROGRAMS.get(row["product"])
        if word:
            key = (word, row["build"])
            first[key] = min(first.get(key, "9999"), row["release_date"])
    for (word, version), released in sorted(first.items()):
        yield word, version, released


def clients(rows: Iterable[dict[str, str]]) -> Rows:
    """Client strings and their first sighting."""
    for row in rows:
        if int(row["n_messages"]) >= LEAST_CLIENTS:
            yield row["mailer_string"], row["first_seen_by_top_received_utc"], row["n_messages"]


def builds(rows: Iterable[dict[str, str]]) -> Rows:
    """Exchange Online's builds, by number."""
    for row in sorted(rows, key=lambda row: int(row["build_prefix"].rpartition(".")[2])):
        number = row["build_prefix"].rpartition(".")[2]
        yield number, row["first_seen_utc"], row["median_seen_utc"], row["last_seen_utc"], row["n_hops_observed"]


def selectors(rows: Iterable[dict[str, str]]) -> Rows:
    """DKIM selectors; ARC's seals are made by hops, not by senders."""
    for row in rows:
        if row["kind"] == "DKIM":
            yield row["domain"], row["selector"], row["first_seen_utc"], row["last_seen_utc"], row["n_signatures"]


def tlds(rows: Iterable[dict[str, str]]) -> Rows:
    """Top-level domains of the programme of 2012 on; older ones are known by year only."""
    for row in rows:
        if row["delegation_date"] >= "2013":
            yield row["tld"], row["delegation_date"]


def emoji(rows: Iterable[dict[str, str]]) -> Rows:
    """Emoji of one code point, with variation selectors left out."""
    first: dict[str, str] = {}
    for row in rows:
        points = [point for point in re.split(r"[\s-]+", row["codepoints"]) if point not in {"FE0F", "FE0E"}]
        released = row["release_date"]
        if (
            len(points) == 1 and int(points[0], 16) >= FIRST_EMOJI and re.fullmatch(r"\d{4}-\d\d-\d\d", released)
        ):  # not the drafts
            if released in _COLLECTED:
                if int(points[0], 16) not in _OF_UNICODE_8:
                    continue
                released = _UNICODE_8
            first[points[0]] = min(first.get(points[0], "9999"), released)
    yield from sorted(first.items())


TABLES = (
    ("header_first_seen", "field_births", ("field", "first_seen", "n"), fields),
    ("software_releases", "program_births", ("program", "version", "released"), programs),
    ("mailer_observed", "client_sightings", ("client", "first_seen", "n"), clients),
    ("exchange_online_builds", "exchange_online", ("build", "first_seen", "median_seen", "last_seen", "n"), builds),
    ("dkim_selector_windows", "selector_windows", ("domain", "selector", "first_seen", "last_seen", "n"), selectors),
    ("tld_delegation", "tld_births", ("tld", "delegated"), tlds),
    ("emoji_versions", "emoji_births", ("codepoint", "released"), emoji),
)


def main(folder: Path) -> None:
    """Write all tables."""
    for source, name, columns, make in TABLES:
        with (folder / f"{source}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(make(csv.DictReader(file)))
        with Path(__file__).with_name(f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
