"""A mail carries an older version of a file than the one that says it had been saved before the mail was sent.

The other version lies elsewhere in the archive, under the same name and with the same creation. Either the mail was
sent with the older one, or the other was made later and says an earlier save. A version saved after the mail is what
becomes of every file.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import HOUR, cite_row, shown
from forensics.checks.case.document_created_after_mail import RULE as AFTER_MAIL
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.times import time_row
from forensics.knowledge.constants import is_library_time, is_template_time
from forensics.model.documents import DATED_FROM
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas
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
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.later_version_at_hand",
    version=1,
    title="A mail carries an older version than there was",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.CREATED | DocumentHas.MODIFIED_INSTANT,
    bins=(Bin("saved_between"),),
    group=AFTER_MAIL.group,
    proposition=Proposition.BACKDATED,
    ceiling=Strength.CONTEXT,
    benign=("file_version", "filled_form", "author_clock", "date_set_by_tool", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:X-08", "kb:ARC-21", "kb:O-26"),
)

_SAID = {
    "saved": says(
        "rule.case.later_version_at_hand.saved",
        one=(
            "The mail of {mail} carries “{name}” as it was last saved at {saved}; another file of that name and of "
            "the same creation ({created}) says it was last saved at {changed}, before that mail was sent."
        ),
    ),
    "by_another": says(
        "rule.case.later_version_at_hand.by_another",
        one=(
            "The mail of {mail} carries “{name}” as {carried_saver} last saved it at {saved}; another file of that "
            "name and of the same creation ({created}) says it was last saved at {changed}, before that mail was sent, "
            "by {saver}."
        ),
    ),
}

ROWS_NEEDED = {"messages": 1, "documents": 2}

QUERY = f"""
WITH dated AS MATERIALIZED (
    SELECT sha256, format, created, modified, coalesce(created.instant, created.wall) AS made,
           modified.instant AS saved, last_author.value AS saver
    FROM documents WHERE made >= {DATED_FROM} AND saved IS NOT NULL AND NOT starts_with(format, 'image.')),
again AS (SELECT format, made FROM dated GROUP BY ALL HAVING count(DISTINCT saved) > 1),
versions AS MATERIALIZED (FROM dated SEMI JOIN again USING (format, made)),
named AS MATERIALIZED (
    SELECT sha256, lower(o."name") AS "name", arg_min(o."name", location_text) AS written,
           arg_min(location, location_text) AS location
    FROM occurrences o SEMI JOIN versions USING (sha256)
    WHERE o."name" <> '' AND parent_sha256 NOT IN (SELECT sha256 FROM documents) GROUP BY ALL),
carried AS (
    SELECT DISTINCT o.sha256, lower(o."name") AS "name", m.item, i.sha256 AS mail_sha256, i.location AS mail_location,
           m.date, coalesce(m.instant, m.arrived) AS sent
    FROM occurrences o SEMI JOIN versions USING (sha256) JOIN flat.items i ON i.sha256 = o.message_sha256
    JOIN flat.mails m USING (item) WHERE o."name" <> '' AND o.parent_sha256 = o.message_sha256 AND m.date IS NOT NULL)
SELECT DISTINCT ON (c.mail_sha256, c.sha256)
       c."name", a.written, c.sha256,
       b.sha256 AS other_sha256, x.created, x.modified, y.modified AS other_modified, x.saver,
       y.saver AS other_saver, a.location, b.location AS other_location, c.mail_sha256, c.mail_location, c.date
FROM carried c JOIN versions x USING (sha256) JOIN named a ON a.sha256 = c.sha256 AND a."name" = c."name"
JOIN named b ON b."name" = c."name" AND b.sha256 <> c.sha256
JOIN versions y ON y.sha256 = b.sha256 AND y.format = x.format AND y.made = x.made
WHERE y.saved > x.saved + {HOUR} AND y.saved < c.sent - {HOUR}
ORDER BY c.mail_sha256, c.sha256, y.saved, b.sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail carries, and a later version of it that is earlier than the mail."""

    name: str
    """In lower case."""
    written: str
    sha256: str
    other_sha256: str
    created: TimeRow
    modified: TimeRow
    other_modified: TimeRow
    saver: str
    other_saver: str
    location: Location
    other_location: Location
    mail_sha256: str
    mail_location: Location
    date: TimeRow


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each; a creation that templates and libraries bring along makes no two files versions of one."""
    for row in rows:
        made = row.created.instant if row.created.instant is not None else row.created.wall
        if made is None or is_template_time(made) or is_library_time(made):
            continue
        values = {"mail": shown(row.date), "name": row.written[:120], "created": shown(row.created)}
        values |= {"saved": shown(row.modified), "changed": shown(row.other_modified)}
        another = bool(row.saver and row.other_saver and row.saver != row.other_saver)
        if another:
            values |= {"saver": row.other_saver[:120], "carried_saver": row.saver[:120]}
        yield Observation(
            sentence=_SAID["by_another" if another else "saved"](**values),
            bin="saved_between",
            evidence=(
                cite_row("last save", row.modified, Role.EITHER, row.sha256, row.location),
                cite_row("last save", row.other_modified, Role.EITHER, row.other_sha256, row.other_location),
                cite_row("Date", row.date, Role.WITNESS, row.mail_sha256, row.mail_location),
            ),
            suspect=f"file:{row.name[:120]}",
            subjects=(
                SubjectRef(role=Role.EITHER, sha256=row.other_sha256, location=row.other_location),
                SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),
                SubjectRef(role=Role.WITNESS, sha256=row.mail_sha256, location=row.mail_location),
            ),
        )


def cases() -> Iterator[Case]:
    """Cases of a version that was saved on 7 March, and of a template's creation."""

    def row(saver: str = "Anna", created: str = "2017-03-01T10:00:00Z") -> Row:
        return Row(
            name="budget.xlsx",
            written="Budget.xlsx",
            sha256="1" * 64,
            other_sha256="2" * 64,
            created=time_row(created, path="created"),
            modified=time_row("2017-03-06T10:00:00Z", path="modified"),
            other_modified=time_row("2017-03-07T10:00:00Z", path="modified"),
            saver="Anna",
            other_saver=saver,
            location=location("leak/1.eml"),
            other_location=location("leak/budget.xlsx"),
            mail_sha256="3" * 64,
            mail_location=location("leak/1.eml"),
            date=time_row("2017-03-08T10:00:00+00:00", path="header:Date[0]"),
        )

    yield fires((row(),), "a version of the day between", bin="saved_between")
    yield fires((row("Ben"),), "of another saver", bin="saved_between")
    yield silent((row(created="2006-09-16T00:00:00Z"),), "a blank workbook's creation")
    yield silent((), "a version saved after the mail")
