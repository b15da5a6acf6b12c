"""A mail's program is of a version that its sender used at another time than Date."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite_located, cite_row, clock, counts, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import ticks, time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.client_version",
    version=2,
    title="Program version of another period",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.FROM | MessageHas.CLIENT,
    bins=(
        *nested("ahead>30d", "ahead>90d"),
        Bin("behind>30d", ceiling=Strength.WEAK),
        Bin("behind>90d", ("behind>30d",), Strength.WEAK),
    ),
    group="date",
    compare_with="sender",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("other_device", "sender_clock", "shared_account", "unsolicited"),
    settle=settle.SENDING_SERVER,
    references=("kb:D-09", "kb:O-15", "kb:O-17", "kb:O-19", "kb:O-38"),
)

_SAID = {
    "ahead": says(
        "rule.case.client_version.ahead",
        one=(
            "The mail dated {date} was written with {program}; among the {n} other mails of {sender} from that "
            "program this version or a newer one first appears on {other}, {apart} later, and {across} mails "
            "after that Date show an older one."
        ),
    ),
    "behind": says(
        "rule.case.client_version.behind",
        one=(
            "The mail dated {date} was written with {program}; among the {n} other mails of {sender} from that "
            "program this version or an older one last appears on {other}, {apart} earlier, and {across} mails "
            "before that Date show a newer one."
        ),
    ),
}

LEAST = 8
"""Other mails of the sender by the same program."""
LEAST_ACROSS = 2
"""Of them, mails on the far side of Date that show an older, or a newer, version."""

ROWS_NEEDED = {"messages": 2}

# Lists of numbers compare as versions do. A candidate's version, or a newer one, appears among the sender's other mails
# a month after its Date at the earliest; or one as old a month before at the latest. More than a few say nothing. A
# list that puts itself into From writes with all programs of its authors.
QUERY = r"""
WITH texts AS MATERIALIZED (SELECT DISTINCT client FROM flat.mails WHERE client <> ''),
clients AS (
    SELECT client, lower(named.program) AS program, named.version AS text,
           [TRY_CAST(number AS BIGINT) FOR number IN string_split(named.version, '.')] AS version,
           [coalesce(number, 0) FOR number IN version] AS numbers
    FROM (SELECT client, regexp_extract(client, '(?i)(Thunderbird|Icedove|Betterbird|NeoMutt|Mutt|Evolution'
               || '|git-send-email|Alpine|KMail|Claws Mail|Sylpheed|Gnus|StGit|Apple Mail|(?:iPhone|iPad) Mail'
               || '|Microsoft Outlook|K-9 Mail|Roundcube Webmail|quilt|Mew)[ /(]+v?([0-9]+(?:\.[0-9]+)*)',
               ['program', 'version']) AS named FROM texts)
    WHERE named.program <> ''),
mails AS (
    SELECT item, sender, instant AS stood, program, text, version, numbers FROM flat.mails JOIN clients USING (client)
    WHERE instant IS NOT NULL AND sender <> '' AND replace(sender, '@', '.') <> lower(coalesce(list_id, ''))),
versions AS MATERIALIZED (
    FROM mails SEMI JOIN (SELECT sender, program FROM mails GROUP BY ALL HAVING count(*) > 8 AND min(text) < max(text))
    USING (sender, program)),
ordered AS (
    SELECT *, (count(*) OVER (PARTITION BY sender, program)) - 1 AS n,
           min(stood) OVER (PARTITION BY sender, program ORDER BY version
                         RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) AS first_newer,
           max(stood) OVER (PARTITION BY sender, program ORDER BY version
                         RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS last_older
    FROM versions),
odd AS MATERIALIZED (
    SELECT * FROM ordered
    WHERE first_newer - stood > 30 * 864000000000 OR stood - last_older > 30 * 864000000000
    QUALIFY count(*) OVER (PARTITION BY sender, program) <= 5 + n // 50),
beside AS (
    SELECT o.item, list({'at': v.stood, 'version': v.version} ORDER BY v.stood, v.version) AS others
    FROM odd o JOIN versions v ON v.sender = o.sender AND v.program = o.program AND v.item <> o.item GROUP BY o.item
    HAVING count(*) FILTER (first_newer > o.stood AND v.stood > o.stood AND v.numbers < o.numbers) > 1
        OR count(*) FILTER (last_older < o.stood AND v.stood < o.stood AND v.numbers > o.numbers) > 1),
sought AS (SELECT unnest(list(sha256)) AS sha256 FROM beside JOIN flat.items USING (item)),
read AS MATERIALIZED (SELECT sha256, client FROM messages SEMI JOIN sought USING (sha256))
SELECT sha256, o.sender, program, text, version, date, read.client, location, first_newer, last_older, others
FROM odd o JOIN beside USING (item) JOIN flat.items USING (item) JOIN read USING (sha256) JOIN flat.mails USING (item)
ORDER BY sha256
"""

_AHEAD = ((90 * DAY, "ahead>90d"), (30 * DAY, "ahead>30d"))
_BEHIND = ((90 * DAY, "behind>90d"), (30 * DAY, "behind>30d"))


class Other(msgspec.Struct, frozen=True):
    """Another mail of the sender by the program."""

    at: int
    version: list[int | None]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail whose version appears elsewhere in time only."""

    sha256: str
    sender: str
    program: str
    text: str
    version: list[int | None]
    date: TimeRow
    client: LocatedRow
    location: Location
    first_newer: int | None
    """Earliest of the others' Dates with this version or a newer one."""
    last_older: int | None
    others: list[Other]


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report a mail across which the sender's versions go on as if it were not there.

    Where more than a tenth of the steps between their other mails lead to an older version, they have two computers.
    """
    for row in rows:
        at = row.date.instant
        others = [(other.at, _version(other.version)) for other in row.others]
        if (
            at is None
            or len(others) < LEAST
            or sum(later < earlier for (_, earlier), (_, later) in pairwise(others)) * 10 > len(others)
        ):
            continue
        version = _version(row.version)
        older_after = sum(time > at and one < version for time, one in others)
        newer_before = sum(time < at and one > version for time, one in others)
        name = ""
        if row.first_newer is not None and older_after >= LEAST_ACROSS:
            name, other = bin_of(row.first_newer - at, _AHEAD), row.first_newer
        if not name and row.last_older is not None and newer_before >= LEAST_ACROSS:
            name, other = bin_of(at - row.last_older, _BEHIND), row.last_older
        if name:
            yield _observation(row, name, at, other, older_after if name.startswith("ahead") else newer_before)


def _version(numbers: Sequence[int | None]) -> tuple[int, ...]:
    return tuple([number or 0 for number in numbers])


def _observation(row: Row, name: str, at: int, other: int, across: int) -> Observation:
    values = {"program": f"{row.program} {row.text}"[:100], "sender": row.sender[:120], "date": clock(at)}
    values |= {"other": clock(other)[:10], "apart": span(other - at), "across": str(across), "n": str(len(row.others))}
    cited = [cite_row("Date", row.date, Role.SUSPECT, row.sha256, row.location)]
    if row.client.start is not None:
        label = row.client.raw.partition(b":")[0].decode("ascii")
        cited.append(cite_located(label, row.client, Role.WITNESS, row.sha256, row.location, value=values["program"]))
    counted = counts(
        RULE,
        "other mails of the sender from this program, and how many on the far side of Date break the order",
        {"sender": row.sender, "program": row.program},
        n=len(row.others),
        k=across,
    )
    return Observation(
        sentence=_SAID[name.partition(">")[0]](**values),
        bin=name,
        evidence=tuple(cited),
        suspect="header:Date[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counted,),
    )


def cases() -> Iterator[Case]:
    """Cases of a sender who went from version 1 in spring to version 3 in autumn."""

    def row(date: str, version: int, *, back: bool = False) -> Row:
        months = [(f"2017-{month:02}-06T10:00:00+00:00", 1 + (month - 1) // 4) for month in range(1, 13)]
        if back:
            months = [(text, 1 + number % 2) for number, (text, _) in enumerate(months)]
        others = [Other(ticks(text), [one]) for text, one in months]
        return Row(
            sha256="0" * 64,
            sender="anna@example.org",
            program="mutt",
            text=str(version),
            version=[version],
            date=time_row(date, path="header:Date[0]"),
            client=located_row(f"Mutt/{version}", "header:User-Agent[0]", raw=b"User-Agent: Mutt\r\n"),
            location=location(),
            first_newer=min([one.at for one in others if one.version >= [version]], default=None),
            last_older=max([one.at for one in others if one.version <= [version]], default=None),
            others=others,
        )

    yield fires((row("2017-02-20T10:00:00+00:00", 3),), "autumn's version in February", bin="ahead>90d")
    yield fires((row("2017-06-20T10:00:00+00:00", 3),), "autumn's version in June", bin="ahead>30d")
    yield fires((row("2017-12-20T10:00:00+00:00", 1),), "spring's version in December", bin="behind>90d")
    yield fires((row("2017-06-20T10:00:00+00:00", 1),), "spring's version in June", bin="behind>30d")
    yield silent((row("2017-08-20T10:00:00+00:00", 3),), "a fortnight before their others")
    yield silent((row("2016-02-20T10:00:00+00:00", 3, back=True),), "two computers, in turn")
