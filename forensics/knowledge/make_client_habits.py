"""Make ``client_habits.csv`` from cases of genuine mail: ``python -m forensics.knowledge.make_client_habits CASE...``.

The programs and their habits are those of the project's knowledge base (2.2, 2.3). A habit is kept where at least
99.5 % of a program's mails that show its kind have it, in at least 10 of them.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator

import duckdb

from forensics.knowledge.client_habits import has

LEAST_MAILS, LEAST_SHARE = 10, 0.995
PROGRAMS = (
    ("Mutt", "^Mutt/", ("has=content-disposition", "has=mime-version", "date-day!=zero")),
    ("NeoMutt", "^NeoMutt/", ("mime-name=MIME-Version", "id-name=Message-ID", "date-day!=zero")),
    ("Thunderbird", "Thunderbird/|Icedove/", ("mime-name=MIME-Version", "date-day!=zero")),
    (
        "Gmail",
        "^@mail.gmail.com$",
        ("mime-name=MIME-Version", "id-name=Message-ID", "date-day!=zero", "date-weekday=yes"),
    ),
    ("Exchange Online", r"^@[^@]*\.prod\.outlook\.com$", ("mime-name=MIME-Version", "id-name=Message-ID")),
    ("KMail", "^KMail/", ("mime-name=MIME-Version",)),
    ("Alpine", "^Alpine", ("mime-name=MIME-Version", "id-name=Message-ID")),
    ("Evolution", "^Evolution|^Ximian", ("date-day!=bare",)),
    ("Claws Mail", "^Claws Mail", ("date-weekday=yes",)),
    ("Apple Mail", "^Apple Mail", ("id-name=Message-Id", "mime-name=Mime-Version", "date-day!=zero")),
    ("iPhone Mail", r"^(?:iPhone|iPad) Mail \(", ("id-name=Message-Id", "mime-name=Mime-Version", "date-day!=zero")),
    ("Outlook Express", "^Microsoft Outlook Express \\d", ("has=x-mimeole", "has=x-priority", "date-day!=zero")),
    ("Yahoo web", "YMailNorrin", ("date-zone=comment", "mime-name=MIME-Version")),
    ("Coremail", "^Coremail", ("date-zone=comment", "has=x-priority")),
    ("Roundcube", "^Roundcube", ("mime-name=MIME-Version", "date-day!=bare")),
    ("SquirrelMail", "^SquirrelMail", ("mime-name=MIME-Version", "has=x-priority", "has=importance")),
    ("QQMail", "^QQMail", ("mime-name=Mime-Version",)),
    ("StGit", "^StGit", ("mime-name=MIME-Version",)),
)
"""Program, what its mails show (User-Agent or X-Mailer; ``@`` and the host of the Message-ID where they name none), and
its habits; ``kind!=value``: never this value."""


def _mails(cases: list[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for case in cases:
        query = "SELECT client, message_id, form FROM read_parquet(?)"
        for client, identifier, form in duckdb.execute(query, [f"{case}/tables/messages/*.parquet"]).fetchall():
            yield client or f"@{identifier.rpartition('@')[2]}", frozenset(form)


def main() -> None:
    """Count and print."""
    compiled = [(program, re.compile(pattern), habits) for program, pattern, habits in PROGRAMS]
    mails, kept = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for client, form in _mails(sys.argv[1:]):
        for program, shown, habits in compiled:
            if shown.search(client):
                for habit in habits:
                    answer = has(habit, form)
                    mails[program, habit] += answer is not None
                    kept[program, habit] += answer is True
                break
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("program", "shown", "habit", "k", "n"))
    for program, pattern, habits in PROGRAMS:
        for habit in habits:
            k, n = kept[program, habit], mails[program, habit]
            if n >= LEAST_MAILS and k >= LEAST_SHARE * n:
                writer.writerow((program, pattern, habit, k, n))


if __name__ == "__main__":
    main()
