"""What conclusions ask of the tables, for the mails of the ranking alone: each query once for all entries."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

import msgspec

from forensics.model.rows.copies import ChangeRow
from forensics.model.rows.quotes import DifferenceRow
from forensics.model.rows.restored import RestoredEditRow
from forensics.model.rows.times import TimeRow
from forensics.model.time_kinds import TimeKind
from forensics.stages.observed import Rows

MAILS = """
WITH asked AS MATERIALIZED (
    SELECT sha256, m.* FROM flat.mails m JOIN flat.items USING (item)
    WHERE sha256 IN (SELECT unnest($items::VARCHAR[]))),
alike AS (
    SELECT message_id, letters_sha256, count(DISTINCT item) AS n FROM flat.mails
    WHERE message_id <> '' AND letters_sha256 <> '' AND message_id IN (SELECT message_id FROM asked) GROUP BY ALL)
SELECT sha256, sender, sender_domain, a.message_id, id_host, subject, first_hop, date, a.letters_sha256,
       coalesce(n - 1, 0) AS twins
FROM asked a LEFT JOIN alike ON alike.message_id = a.message_id AND alike.letters_sha256 = a.letters_sha256
ORDER BY sha256
"""
SIGNED = """
SELECT sha256, "domain", header_holds, body_holds,
       coalesce(CASE WHEN header_holds THEN header = 'altered' WHEN body_holds THEN body_steps IS NOT NULL END, false)
           AS mended
FROM flat.judged JOIN flat.items USING (item)
WHERE kind = 'dkim' AND sha256 IN (SELECT unnest($items::VARCHAR[])) ORDER BY sha256, index
"""
RELIED = frozenset(
    (
        *(TimeKind.HOP, TimeKind.HOP_ID, TimeKind.INNER_HOP, TimeKind.ARRIVAL, TimeKind.ARRIVAL_FILETIME),
        *(TimeKind.TENANT_ARRIVAL, TimeKind.TENANT_ARRIVAL_FILETIME, TimeKind.NETWORK_ID, TimeKind.TENANT_NETWORK_ID),
        *(TimeKind.MESSAGE_ID, TimeKind.BOUNDARY, TimeKind.THREAD_REPLY, TimeKind.INJECTION_DATE),
        *(TimeKind.SIGNED, TimeKind.ARC_SIGNED, TimeKind.SEALED),
    )
)
"""Times that are made when a mail is written, signed or passed on: those that clocks are counted by."""
TIMES = """
SELECT sha256, [{'instant': t.instant, 'clock': t.clock, 'owner': t.owner, 'path': t.path, 'start': t.start}
                FOR t IN timestamps IF t.instant IS NOT NULL AND list_contains($kinds::VARCHAR[], t.kind)] AS times
FROM messages WHERE sha256 IN (SELECT unnest($items::VARCHAR[])) ORDER BY sha256
"""
RESTORED = """
SELECT sha256, "domain", witness, len(steps) > 0 AS mended, edits FROM restored
WHERE sha256 IN (SELECT unnest($items::VARCHAR[])) ORDER BY sha256, kind <> 'dkim', kind, index
"""
FIELDS = """
SELECT r.sha256, r.kind, r.index, s."domain", field, signed, shown
FROM repairs r JOIN signatures s USING (sha256, kind, index)
WHERE part = 'header' AND NOT clears AND sha256 IN (SELECT unnest($items::VARCHAR[]))
ORDER BY r.sha256, r.kind <> 'dkim', r.kind, r.index, field
"""
COPIES = """
SELECT sha256, other_sha256, changed, added, changes FROM copies
WHERE changed > 0 AND sha256 IN (SELECT unnest($items::VARCHAR[])) ORDER BY sha256, other_sha256
"""
QUOTES = """
SELECT * FROM (
    SELECT q.sha256, q.original_sha256, m.sender, unnest(q.differences) AS edit
    FROM quotes q JOIN flat.items USING (sha256) JOIN flat.mails m USING (item)
    WHERE q.differing > 0 AND q.sha256 IN (SELECT unnest($items::VARCHAR[]))
        AND q.original_sha256 IN (SELECT unnest($items::VARCHAR[])))
ORDER BY original_sha256, sha256, edit.line.start
"""


class MailRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one mail says of itself."""

    sha256: str
    sender: str | None
    sender_domain: str | None
    message_id: str | None
    id_host: str | None
    subject: str | None
    first_hop: str | None
    date: TimeRow | None
    letters_sha256: str | None
    twins: int
    """Other mails under its Message-ID whose texts have the same letters, wherever they stand."""


class SignedRow(msgspec.Struct, frozen=True):
    """What is known of one signature of a mail; ``None``: nothing tests it."""

    sha256: str
    domain: str
    header_holds: bool | None
    body_holds: bool | None
    mended: bool = False
    """Whether what holds, the header or else the body, does so once what servers did to it is undone."""


class StampRow(msgspec.Struct, frozen=True, gc=False):
    """One clock of a mail."""

    instant: int
    clock: str
    owner: str
    path: str
    start: int | None


class TimesRow(msgspec.Struct, frozen=True):
    """The clocks of a mail that are counted."""

    sha256: str
    times: list[StampRow]


class RestoredRow(msgspec.Struct, frozen=True):
    """The signed words of a body that is here in others."""

    sha256: str
    domain: str
    witness: str
    mended: bool
    """Whether what servers did to the body is undone as well."""
    edits: list[RestoredEditRow]


class FieldRow(msgspec.Struct, frozen=True):
    """A field of a signed header as it was signed."""

    sha256: str
    kind: str
    index: int
    domain: str
    field: str
    signed: str
    shown: str


class CopyRow(msgspec.Struct, frozen=True):
    """Where two versions of one mail differ."""

    sha256: str
    other_sha256: str
    changed: int
    added: int
    """Other than 0 where one has text of its own before or after what both have."""
    changes: list[ChangeRow]


class QuoteRow(msgspec.Struct, frozen=True):
    """One edit of a mail that quotes another."""

    sha256: str
    original_sha256: str
    sender: str | None
    edit: DifferenceRow


R = TypeVar("R", MailRow, SignedRow, TimesRow, RestoredRow, FieldRow, CopyRow, QuoteRow)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Rows by digest of their mail; those of quotes by that of the original and that of the mail that quotes it."""

    mails: Mapping[str, list[MailRow]] = {}
    signed: Mapping[str, list[SignedRow]] = {}
    times: Mapping[str, list[TimesRow]] = {}
    restored: Mapping[str, list[RestoredRow]] = {}
    fields: Mapping[str, list[FieldRow]] = {}
    copies: Mapping[str, list[CopyRow]] = {}
    quotes: Mapping[tuple[str, str], list[QuoteRow]] = {}

    def mail(self, sha256: str) -> MailRow | None:
        """Return what a mail says of itself; ``None`` for what is no mail."""
        return next(iter(self.mails.get(sha256, ())), None)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Digests of the mails that each question is about."""

    mails: Collection[str] = ()
    signed: Collection[str] = ()
    times: Collection[str] = ()
    words: Collection[str] = ()
    copies: Collection[str] = ()
    quotes: Collection[str] = ()


def ask(asked: Asked, rows: Rows) -> Facts:
    """Read what is asked for; a question about no mail is not put."""
    quotes: dict[tuple[str, str], list[QuoteRow]] = {}
    for row in _rows(rows, QUOTES, asked.quotes, QuoteRow):
        quotes.setdefault((row.original_sha256, row.sha256), []).append(row)
    return Facts(
        mails=_by_mail(_rows(rows, MAILS, asked.mails, MailRow)),
        signed=_by_mail(_rows(rows, SIGNED, asked.signed, SignedRow)),
        times=_by_mail(_rows(rows, TIMES, asked.times, TimesRow, kinds=sorted(RELIED))),
        restored=_by_mail(_rows(rows, RESTORED, asked.words, RestoredRow)),
        fields=_by_mail(_rows(rows, FIELDS, asked.words, FieldRow)),
        copies=_by_mail(_rows(rows, COPIES, asked.copies, CopyRow)),
        quotes=quotes,
    )


def _rows(rows: Rows, sql: str, items: Collection[str], kind: type[R], **others: object) -> Iterable[R]:
    return rows(sql, {"items": sorted(items), **others}, kind) if items else ()


def _by_mail(found: Iterable[R]) -> dict[str, list[R]]:
    by_mail: dict[str, list[R]] = {}
    for row in found:
        by_mail.setdefault(row.sha256, []).append(row)
    return by_mail
