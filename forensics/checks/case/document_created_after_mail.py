"""A document's own time is later than the mail that carries it: it cannot be the file that was sent then."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, LOCAL, bin_of, cite_row, settled, shown, span
from forensics.checks._reasons import BEYOND_LOCAL, LOCAL_TIME_WRITERS, LOCAL_WRITER_BY_MAIL, NO_CAMERA
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.times import DAY as DATE
from forensics.examples.times import time_row
from forensics.model.facts import ClockKind
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
    State,
    Strength,
    Subject,
    SubjectRef,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.document_created_after_mail",
    version=3,
    title="Document newer than the mail that carries it",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.DATED,
    bins=(*nested("later>1h", "later>1d"), Bin("local_later")),
    group="attachment clock",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.STRONG,
    benign=("author_clock", "local_time_as_utc", "camera_clock", "patch_tool", "migration_batch"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:ARC-21", "kb:O-26", "kb:O-27"),
)

_SAID = {
    "created": says(
        "rule.case.document_created_after_mail.created",
        one="The document says it was created at {time}, {late} after the mail that carries it ({mail}).",
    ),
    "modified": says(
        "rule.case.document_created_after_mail.modified",
        one="The document says it was last saved at {time}, {late} after the mail that carries it ({mail}).",
    ),
}

ROWS_NEEDED = {"messages": 1, "documents": 1}

QUERY = """
WITH dated AS MATERIALIZED (
    SELECT sha256, created, modified, application, format,
           greatest(coalesce(created.instant, created.wall), coalesce(modified.instant, modified.wall)) AS made
    FROM documents WHERE made IS NOT NULL),
carried AS (
    SELECT sha256, message_sha256, arg_min(location, location_text) AS location
    FROM occurrences SEMI JOIN dated USING (sha256) WHERE message_sha256 <> '' GROUP BY ALL),
pairs AS MATERIALIZED (
    SELECT c.sha256, created, modified, application, format, made, c.location, item, message_sha256 AS mail_sha256,
           i.location AS mail_location
    FROM carried c JOIN dated d USING (sha256) JOIN flat.items i ON i.sha256 = c.message_sha256),
late AS MATERIALIZED (
    FROM pairs JOIN flat.mails USING (item) WHERE made > coalesce(arrived, instant) + 36000000000),
stamps AS (
    SELECT item, arg_min("time", index) AS received FROM flat.stamps SEMI JOIN late USING (item)
    WHERE kind = 'hop' AND "time".instant IS NOT NULL GROUP BY item)
SELECT sha256, created, modified, application, format, location, mail_sha256, date, received, mail_location
FROM late LEFT JOIN stamps USING (item)
ORDER BY sha256, mail_sha256
"""

_INSTANT = ((DAY, "later>1d"), (HOUR, "later>1h"))
_LOCAL = ((0, "local_later"),)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A document and a mail that carries it, where one of its times is an hour later."""

    sha256: str
    created: TimeRow | None
    modified: TimeRow | None
    application: str
    format: str
    location: Location
    mail_sha256: str
    date: TimeRow | None
    received: TimeRow | None
    mail_location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Compare with the receiving server's time, or with Date where no server stamped the mail."""
    for row in rows:
        sent = row.received or row.date
        if sent is None or sent.instant is None:
            continue
        for label, at in (("created", row.created), ("modified", row.modified)):
            name, late = _judge(at, sent.instant)
            if name and at is not None:
                yield _observation(row, name, late, (label, at), sent)
                break


def _judge(at: TimeRow | None, sent: int) -> tuple[str, int]:
    if at is None:
        return "", 0
    if at.instant is not None:
        return bin_of(at.instant - sent, _INSTANT), at.instant - sent
    # A local time may be up to 14 h earlier than its reading says.
    late = (at.wall or 0) - LOCAL - sent
    return bin_of(late, _LOCAL), late


def _observation(row: Row, name: str, late: int, when: tuple[str, TimeRow], sent: TimeRow) -> Observation:
    label, at = when
    server = "Received, newest" if sent is row.received else "Date"
    values = {"time": shown(at), "mail": shown(sent), "late": span(late)}
    benign = [] if at.clock == ClockKind.CAMERA else [settled("camera_clock", State.EXCLUDED, NO_CAMERA())]
    if late > LOCAL or at.instant is None:
        benign.append(settled("local_time_as_utc", State.EXCLUDED, BEYOND_LOCAL()))
    elif row.format.startswith("ooxml.") and row.application.lower().startswith(LOCAL_TIME_WRITERS):
        note = LOCAL_WRITER_BY_MAIL(application=row.application[:60])
        benign.append(settled("local_time_as_utc", State.EXPLAINS, note))
    return Observation(
        sentence=_SAID[label](**values),
        bin=name,
        evidence=(
            cite_row(label, at, Role.EITHER, row.sha256, row.location),
            cite_row(server, sent, Role.EITHER, row.mail_sha256, row.mail_location),
        ),
        suspect=at.path,
        subjects=(
            SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),
            SubjectRef(role=Role.EITHER, sha256=row.mail_sha256, location=row.mail_location),
        ),
        benign=tuple(benign),
    )


def _row(
    created: str | None,
    modified: str | None,
    *,
    received: str | None = f"{DATE}T10:00:00+00:00",
    application: str = "Microsoft Office Word 16.0000",
    form: str = "ooxml.word",
) -> Row:
    return Row(
        sha256="1" * 64,
        created=time_row(created, path="created") if created else None,
        modified=time_row(modified, path="modified") if modified else None,
        application=application,
        format=form,
        location=location("leak/1.eml"),
        mail_sha256="2" * 64,
        date=time_row(f"{DATE}T09:00:00+00:00", path="header:Date[0]"),
        received=time_row(received, path="header:Received[0]") if received else None,
        mail_location=location("leak/1.eml"),
    )


def cases() -> Iterator[Case]:
    """Cases of instants and local times against a mail received at 10:00 UTC."""
    yield fires((_row(None, "2017-03-06T12:30:00Z"),), "saved two hours and a half after the mail", bin="later>1h")
    yield fires((_row("2017-05-06T12:30:00Z", None),), "made two months after the mail", bin="later>1d")
    yield fires((_row(None, "2017-03-08T12:30:00"),), "a local time two days later", bin="local_later")
    yield fires((_row(None, "2017-03-06T11:30:00Z", received=None),), "against Date alone", bin="later>1h")
    office = "LibreOffice/7.4.7.2$Linux_X86_64 LibreOffice_project/40$Build-2"
    early = (_row(None, "2017-03-06T15:40:00Z", application=office),)
    yield explained(early, "saved in Nepal, under the mark of UTC", by="local_time_as_utc")
    pdf = (_row(None, "2017-03-06T15:40:00Z", application="LibreOffice 7.4", form="pdf"),)
    yield fires(pdf, "a PDF, whose times have their zone", bin="later>1h")
    yield silent((_row("2017-03-06T09:00:00Z", "2017-03-06T09:55:00Z"),), "saved before it was sent")
    yield silent((_row(None, "2017-03-06T22:30:00"),), "a local time that may be earlier")
    yield silent((_row(None, "2017-03-06T10:30:00Z"),), "half an hour: two clocks")
