"""Builders of small model objects: for the cases of rules, for tests and for docs. Everything here is invented.

Times are written as ISO 8601 with offset (``2017-03-06T10:00:00+01:00``), or without for a local time. A bare
``HH:MM:SS`` stands on 2017-03-06, UTC.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from forensics.model.documents import ArchiveFacts, ArchiveMember, DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Fact, Precision, Timestamp
from forensics.model.items import Occurrence
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.mail import (
    AuthenticationResult,
    BodyMark,
    HeaderField,
    MailMessage,
    MimePart,
    Party,
    Signature,
    TraceField,
    Twins,
    id_bits,
)
from forensics.model.rules import Context, Evidence, Has, Observation, Role, Sentence, SubjectRef
from forensics.model.tables import TimeRow

DAY = "2017-03-06"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Kind(StrEnum):
    """What a rule or explainer does on a case."""

    FIRES = "fires"
    SILENT = "silent"
    EXPLAINED = "explained"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case of a rule or explainer: what it is given and what it must do."""

    kind: Kind
    subject: object
    """The item for an item rule; a tuple of rows for a case rule or an explainer."""
    why: str
    """What the case shows, for the rule's page."""
    bin: str = ""
    by: str = ""
    """Cause that explains the observation."""
    count: int = 1
    """How many observations."""
    observations: tuple[Observation, ...] = ()
    """What an explainer is offered."""
    context: Context

    @property
    def text(self) -> str:
        """The case as a line of the rule's page."""
        outcome = {Kind.FIRES: self.bin, Kind.SILENT: "silent", Kind.EXPLAINED: f"explained by {self.by}"}[self.kind]
        return f"{self.why}: {outcome}"


AS_OF = "2026-01-01T00:00:00+00:00"


def fires(subject: object, why: str, *, bin: str, count: int = 1) -> Case:
    """A case on which the rule yields *count* observations, the first in *bin*, which nothing explains."""
    return Case(kind=Kind.FIRES, subject=subject, why=why, bin=bin, count=count, context=context())


def silent(subject: object, why: str, *, observations: tuple[Observation, ...] = ()) -> Case:
    """A case on which the rule yields nothing, or the explainer explains nothing."""
    return Case(kind=Kind.SILENT, subject=subject, why=why, observations=observations, context=context())


def explained(
    subject: object, why: str, *, by: str, count: int = 1, observations: tuple[Observation, ...] = ()
) -> Case:
    """A case on which the rule settles cause *by* as the explanation, or the explainer explains all it is offered."""
    return Case(
        kind=Kind.EXPLAINED,
        subject=subject,
        why=why,
        by=by,
        count=count,
        observations=observations,
        context=context(),
    )


def context(as_of: str = AS_OF) -> Context:
    """A context with a fixed as-of."""
    return Context(as_of=ticks(as_of))


def ticks(text: str) -> int:
    """Return the instant of an ISO time, or its wall reading if it has no offset."""
    at = _read(text)
    return int((at.replace(tzinfo=at.tzinfo or UTC) - _EPOCH) / timedelta(microseconds=1)) * (TICKS_PER_SECOND // 10**6)


def time(
    text: str,
    *,
    path: str = "header:Date[0]",
    raw: bytes | None = None,
    start: int | None = 0,
    owner: str = "",
    clock: ClockKind = ClockKind.SENDER,
    description: Description = Description.SENT,
    precision: Precision = Precision.SECOND,
) -> Timestamp:
    """A timestamp from an ISO time; without offset it is a local time."""
    at = _read(text)
    wall = ticks(at.replace(tzinfo=None).isoformat())
    offset = at.utcoffset()
    body = text.encode("ascii") if raw is None else raw
    return Timestamp(
        instant=Absence.NOT_PRESENT if offset is None else ticks(text),
        wall=wall,
        offset_s=Absence.NOT_PRESENT if offset is None else int(offset.total_seconds()),
        precision=precision,
        description=description,
        clock=clock,
        owner=owner,
        raw=body,
        locator=Locator(ranges=() if start is None else ((start, start + len(body)),), path=path),
    )


def rfc_date(text: str, weekday: str | None = None) -> bytes:
    """Write an ISO time as RFC 5322 does, with its own or another weekday; ``""`` leaves the weekday out."""
    at = _read(text)
    name = _NAMES[at.weekday()] if weekday is None else weekday
    zone = "" if at.tzinfo is None else f" {at:%z}"
    lead = f"{name}, " if name else ""
    return f"{lead}{at.day} {_MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S}{zone}".encode("ascii")


def message(
    date: str | None = f"{DAY}T10:00:00+00:00",
    *,
    weekday: str | None = None,
    raw_date: bytes | None = None,
    hops: Sequence[tuple[str, str]] = (),
    sender: str = "anna@example.org",
    subject: str = "Minutes",
    message_id: str = "1@example.org",
    list_id: str = "",
    client: str = "",
    ids: Sequence[Timestamp] = (),
    fields: Sequence[tuple[str, str]] = (),
    hop_ids: Sequence[str] = (),
    signatures: Sequence[tuple[str, str]] = (),
    results: Sequence[AuthenticationResult] = (),
    twins: Sequence[Twins] = (),
    parties: Sequence[tuple[str, str, str]] = (),
    form: Sequence[str] = (),
    marks: Sequence[BodyMark] = (),
    boundary: str = "",
    attached: Sequence[MimePart] = (),
) -> MailMessage:
    """A message.

    Args:
        date: ISO time of its Date field; ``None``: it has none.
        weekday: English name written before it, if not the true one.
        raw_date: bytes of the Date field's body, if not those of *date*.
        hops: ``(by host, ISO time)`` in the order of travel, oldest first.
        sender: address of From.
        subject: decoded subject.
        message_id: without angle brackets.
        list_id: List-Id, if it came through a list.
        client: User-Agent.
        ids: times inside its ids, as `id_time` gives them.
        fields: names and bodies of further header fields.
        hop_ids: ids of the hops, oldest first.
        signatures: domains and selectors of DKIM signatures.
        results: what its servers tested, as `tested` gives it; they stand in the first of *fields*.
        twins: its text and HTML, compared.
        parties: field, name and address of further mailboxes; *sender* comes first.
        form: features of how its client writes.
        marks: what its texts hide or lead to.
        boundary: its boundary, one of Exchange's.
        attached: its parts, as `attachment` gives them.
    """
    written: list[tuple[str, bytes]] = []
    stamps: list[Timestamp] = []
    trace: list[TraceField] = []
    position = 0
    for index, (host, at) in enumerate(reversed(hops)):
        queue = hop_ids[len(hops) - 1 - index] if hop_ids else str(index)
        lead = f"Received: from example.net by {host} with ESMTP id {queue}; ".encode("ascii")
        body = rfc_date(at)
        path = f"header:Received[{index}]"
        stamp = time(at, path=path, raw=body, start=position + len(lead), owner=host, clock=ClockKind.SERVER)
        end = position + len(lead) + len(body) + 2
        trace.append(TraceField(index=index, by=host, id=queue, time=stamp, start=position, end=end))
        stamps.append(stamp)
        written.append(("Received", lead + body + b"\r\n"))
        position = end
    sent: Timestamp | Absence = Absence.NOT_PRESENT
    if date is not None:
        body = rfc_date(date, weekday) if raw_date is None else raw_date
        sent = time(date, raw=body, start=position + len(b"Date: "))
        stamps.append(sent)
        written.append(("Date", b"Date: " + body + b"\r\n"))
    signed = [("DKIM-Signature", f"v=1; d={domain}; s={selector}") for domain, selector in signatures]
    mixed = [("Content-Type", "multipart/alternative; boundary=b")] if twins else []
    written += [(name, f"{name}: {text}\r\n".encode()) for name, text in (*mixed, *fields, *signed)]
    position = sum([len(raw) for _, raw in written])
    headers, start = [], 0
    for name, raw in written:
        headers.append(HeaderField(name, name.lower(), raw, start))
        start += len(raw)
    return MailMessage(
        size=position + 2,
        headers=tuple(headers),
        root=MimePart(
            number="",
            start=0,
            body_start=position + 2,
            end=position + 2,
            headers=(),
            media_type="text/plain",
            boundary=boundary.encode() or None,
            parts=tuple(attached),
        ),
        date=sent,
        message_id=message_id,
        subject=subject,
        parties=tuple([_party(*one) for one in (("from", "", sender), *parties) if one[2]]),
        trace=tuple(trace),
        signatures=tuple(_signatures(headers, signatures)),
        timestamps=(*stamps, *ids),
        in_reply_to=(),
        references=(),
        list_id=list_id,
        client=client,
        mask=_message_mask(sent, trace, message_id, list_id, weekday)
        | id_bits(ids)
        | (Has.BUILD if hop_ids else Has.NOTHING)
        | (Has.SIGNATURE if signatures else Has.NOTHING)
        | (Has.RESULTS if results else Has.NOTHING)
        | (Has.TWINS if twins else Has.NOTHING)
        | (Has.HTML if marks else Has.NOTHING)
        | (Has.EXCHANGE_BOUNDARY if boundary else Has.NOTHING)
        | (Has.STATED_SIZE if attached else Has.NOTHING)
        | (Has.NOTHING if subject.isascii() else Has.NON_ASCII),
        twins=tuple(twins),
        form=tuple(form),
        marks=tuple(marks),
        results=tuple(_placed(headers, results)),
    )


def attachment(size: int, stated: int, media_type: str = "application/pdf") -> MimePart:
    """A part of some size whose header states one."""
    raw = f"Content-Disposition: attachment; filename=x; size={stated}\r\n".encode()
    field = HeaderField("Content-Disposition", "content-disposition", raw, 500)
    return MimePart(
        number="2",
        start=500,
        body_start=500 + len(raw) + 2,
        end=600 + size,
        headers=(field,),
        media_type=media_type,
        filename="x",
        size=size,
        stated_size=stated,
    )


def tested(
    method: str,
    result: str = "pass",
    *,
    server: str = "mx.example",
    below: int = 1,
    instance: int | None = None,
    **properties: str,
) -> AuthenticationResult:
    """One authentication result; ``header_d`` stands for the property ``header.d``."""
    return AuthenticationResult(
        server=server,
        method=method,
        result=result,
        properties={name.replace("_", "."): value for name, value in properties.items()},
        index=0,
        below=below,
        instance=instance,
        start=0,
        end=0,
    )


def _placed(headers: Sequence[HeaderField], results: Sequence[AuthenticationResult]) -> Iterator[AuthenticationResult]:
    for result in results:
        field = next(field for field in headers if field.key == "authentication-results")
        yield msgspec.structs.replace(result, start=field.start, end=field.end)


def _party(field: str, name: str, address: str) -> Party:
    return Party(field=field, index=0, name=name, address=address, domain=address.rpartition("@")[2], valid=True)


def _signatures(headers: Sequence[HeaderField], made: Sequence[tuple[str, str]]) -> Iterator[Signature]:
    signed = [field for field in headers if field.key == "dkim-signature"]
    for index, (field, (domain, selector)) in enumerate(zip(signed, made, strict=False)):
        yield Signature(kind="dkim", index=index, domain=domain, selector=selector, start=field.start, end=field.end)


def id_time(
    text: str, path: str = "header:Message-ID[0]/token", scheme: str = "Mutt", clock: ClockKind = ClockKind.SENDER
) -> Timestamp:
    """A time inside an id; without offset it is local. A signature's time has no scheme."""
    stamp = time(text, path=path, raw=b"token", clock=clock, description=Description.IDENTIFIED)
    return msgspec.structs.replace(stamp, scheme=scheme)


def trace(*times: str) -> MailMessage:
    """A message that ``relay1.example``, ``relay2.example``... stamped at these times, in the order of travel."""
    hops = [(f"relay{number}.example", at) for number, at in enumerate(times, 1)]
    return message(f"{DAY}T00:00:00+00:00", hops=hops)


def document(
    created: str | None = None,
    modified: str | None = None,
    *,
    format: str = "ooxml.word",
    author: str = "",
    last_author: str = "",
    application: str = "",
    owner: str = "",
    clock: ClockKind = ClockKind.APPLICATION,
    properties: tuple[Fact, ...] = (),
) -> DocumentFacts:
    """A document or image with its two own times."""
    first = _document_time(created, "created", Description.CREATION, owner, clock)
    last = _document_time(modified, "modified", Description.MODIFICATION, owner, clock)
    mask = Has.PICTURE if format.startswith("image.") else Has.OFFICE
    for stamp, bit, instant_bit in (
        (first, Has.CREATED, Has.CREATED_INSTANT),
        (last, Has.MODIFIED, Has.MODIFIED_INSTANT),
    ):
        if stamp is not None:
            mask |= bit | (instant_bit if isinstance(stamp.instant, int) else Has.NOTHING)
    return DocumentFacts(
        format=format,
        properties=properties,
        timestamps=tuple([stamp for stamp in (first, last) if stamp is not None]),
        author=author,
        last_author=last_author,
        application=application,
        created=first,
        modified=last,
        mask=mask | (Has.AUTHOR if author else 0) | (Has.LAST_AUTHOR if last_author else 0),
    )


def fact(name: str, value: str, *, path: str = "", start: int = 0) -> Fact:
    """A fact whose bytes are its value."""
    raw = value.encode()
    return Fact(
        name=name, value=value, raw=raw, locator=Locator(ranges=((start, start + len(raw)),), path=path or name)
    )


def archive(*members: ArchiveMember) -> ArchiveFacts:
    """A zip archive of these members."""
    return ArchiveFacts(format="archive.zip", members=members, mask=Has.MEMBER_TIME)


def member(
    name: str = "a.txt", *, index: int = 0, times: tuple[Timestamp, ...] = (), conflicts: tuple[Fact, ...] = ()
) -> ArchiveMember:
    """A stored member of 3 bytes."""
    return ArchiveMember(
        index=index,
        name=name,
        size=3,
        stored_size=3,
        method=0,
        flags=0,
        made_by=20,
        crc32=0,
        encrypted=False,
        header_start=0,
        times=times,
        conflicts=conflicts,
    )


def occurrence(
    name: str = "", *, declared_type: str = "", extension_type: str = "", media_type: str = "", sha256: str = "0" * 64
) -> Occurrence:
    """A file in the folder ``leak``, 3 bytes long."""
    return Occurrence(
        sha256=sha256,
        size=3,
        location=location(f"leak/{name}", sha256=sha256),
        name=name,
        declared_type=declared_type,
        extension_type=extension_type,
        media_type=media_type,
        mask=(Has.NAME if name else 0)
        | (Has.DECLARED_TYPE if declared_type else 0)
        | (Has.EXTENSION_TYPE if extension_type else 0)
        | (Has.FOUND_TYPE if media_type else 0),
    )


def location(path: str = "leak/1.eml", *, sha256: str = "0" * 64) -> Location:
    """A file of the source ``sample``."""
    return Location((Step(kind=StepKind.FILE, name=path, start=0, end=3, sha256=sha256, source="sample"),))


def time_row(text: str, *, path: str = "modified", start: int = 0) -> TimeRow:
    """A timestamp inside a row, from an ISO time; without offset it is a local time."""
    stamp = time(text, path=path, start=start)
    instant, wall = stamp.instant, stamp.wall
    return TimeRow(
        instant if isinstance(instant, int) else None,
        wall if isinstance(wall, int) else None,
        None if isinstance(instant, int) else str(instant),
        stamp.offset_s if isinstance(stamp.offset_s, int) else None,
        stamp.precision,
        stamp.description,
        stamp.clock,
        stamp.owner,
        stamp.raw,
        path,
        start,
        start + len(stamp.raw),
        "",
    )


def observation(
    rule: str = "mail.trace_reversal",
    *,
    sha256: str = "0" * 64,
    bin: str = "back>5min",
    compare: str = "",
    cluster: str = "",
    values: dict[str, str] | None = None,
    role: Role = Role.SUSPECT,
) -> Observation:
    """An observation of one item, as the engine stores it; its sentence is the rule's."""
    evidence = Evidence(
        role=role, label="Date", value="x", raw=b"x", locator=Locator(ranges=((0, 1),), path="header:Date[0]")
    )
    return Observation(
        sentence=Sentence(f"rule.{rule}", values or {}),
        bin=bin,
        evidence=(evidence,),
        suspect="header:Date[0]",
        subjects=(SubjectRef(role=role, sha256=sha256, location=location(sha256=sha256)),),
        cluster=cluster,
        compare=compare,
    )


def _read(text: str) -> datetime:
    return datetime.fromisoformat(f"{DAY}T{text}+00:00" if len(text) == 8 else text)


def _document_time(
    text: str | None, path: str, description: Description, owner: str, clock: ClockKind
) -> Timestamp | None:
    if text is None:
        return None
    return time(text, path=path, owner=owner, clock=clock, description=description)


def _message_mask(
    sent: Timestamp | Absence, hops: Sequence[TraceField], message_id: str, list_id: str, weekday: str | None
) -> int:
    mask = Has.FROM
    if isinstance(sent, Timestamp):
        mask |= Has.DATE | (Has.NOTHING if weekday == "" else Has.WEEKDAY)
        if isinstance(sent.instant, int):
            mask |= Has.DATE_INSTANT | Has.DATE_OFFSET
    if hops:
        mask |= Has.TRACE_TIME_1 | (Has.TRACE_TIME_2 if len(hops) > 1 else Has.NOTHING)
    return mask | (Has.MESSAGE_ID if message_id else 0) | (Has.LIST if list_id else 0)
