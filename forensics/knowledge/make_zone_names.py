"""Make ``zone_names.csv`` from the installed ``tzdata`` package: ``python -m forensics.knowledge.make_zone_names``.

For every name of a zone that people write (``CEST``), the offsets for which any place used it since 1970. Numeric names
of the tz database (``+04``) are left out.
"""

import csv
import sys
from datetime import UTC, datetime, timedelta

from forensics.knowledge.make_offsets import FIRST, LAST, STEP, zones

LEGACY = {
    "ADT": (4,),
    "AST": (3,),
    "BST": (6,),
    "CST": (9.5, 10.5),
    "EDT": (11,),
    "EST": (10, 11),
    "GST": (4,),
    "MEST": (2,),
    "MET": (1,),
    "PST": (8,),
    "SGT": (8,),
    "WIT": (7,),
    "WST": (8, 9),
}
"""Hours of names that the tz database gave up or never had, and systems went on to write (its file NEWS, 2014f)."""


def names() -> dict[str, set[int]]:
    """Return name to offsets in seconds."""
    found = {"UTC": {0}, "UT": {0}} | {name: {int(hours * 3600) for hours in all_} for name, all_ in LEGACY.items()}
    for zone in zones():
        at, end = datetime(FIRST, 1, 1, tzinfo=UTC), datetime(LAST, 1, 1, tzinfo=UTC)
        while at < end:
            local = at.astimezone(zone)
            name, offset = local.tzname() or "", local.utcoffset() or timedelta(0)
            if name.isalpha():
                found.setdefault(name, set()).add(round(offset.total_seconds() / 60) * 60)
            at += STEP
    return found


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("name", "offset_s"))
    for name, offsets in sorted(names().items()):
        writer.writerows([(name, offset) for offset in sorted(offsets)])
