"""Mails for examples, from their fields and hops."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypedDict, Unpack

import msgspec

from forensics.examples.located import located
from forensics.examples.times import DAY, rfc_date, time, weekday_of
from forensics.model.authentication import AuthenticationResult, Signature
from forensics.model.facts import ABSENT, Absence, ClockKind, Description, Located, Timestamp
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, Message, MimePart, MimeTree, Party, StatedCount, TraceField
from forensics.model.mail_texts import BodyMark, FileMention, Twins
from forensics.model.signed_parts import SignedPart
from forensics.model.time_kinds import TimeKind

_PLAIN = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*")
"""Addresses that no grammar refuses."""


class Fields(TypedDict, total=False):
    """What stands in the message as it is given, under the same name."""

    list_id: str
    counts: tuple[StatedCount, ...]
    twins: tuple[Twins, ...]
    form: tuple[str, ...]
    marks: tuple[BodyMark, ...]
    mentions: tuple[FileMention, ...]
    signed_parts: tuple[SignedPart, ...]
    breaks_off: bool
    rewritten: str


class Said(Fields, total=False):
    """What header fields say besides: each stands in one of the fields that are given, else in one of its own."""

    subject: str
    message_id: str
    client: str
    """In User-Agent or X-Mailer."""
    topic: str
    """In Thread-Topic."""


_FIELDS = {
    "subject": (("Subject",), "Minutes"),
    "message_id": (("Message-ID",), "1@example.org"),
    "client": (("User-Agent", "X-Mailer"), ""),
    "topic": (("Thread-Topic",), ""),
}
"""Names of the header fields that say a value, and what they say where nothing else is given."""


def message(
    date: str | None = f"{DAY}T10:00:00+00:00",
    *,
    weekday: str | None = None,
    raw_date: bytes | None = None,
    hops: Sequence[tuple[str, str]] = (),
    hop_ids: Sequence[str] = (),
    program: str = "",
    sender: str = "anna@example.org",
    parties: Sequence[tuple[str, str, str]] = (),
    ids: Sequence[Timestamp] = (),
    fields: Sequence[tuple[str, str]] = (),
    signatures: Sequence[tuple[str, str]] = (),
    results: Sequence[AuthenticationResult] = (),
    boundary: str = "",
    attached: Sequence[MimePart] = (),
    **facts: Unpack[Said],
) -> Message:
    """A message.

    Args:
        date: ISO time of its Date field; ``None``: it has none.
        weekday: English name written before it, if not the true one.
        raw_date: bytes of the Date field's body, if not those of *date*.
        hops: ``(by host, ISO time)`` in the order of travel, oldest first.
        hop_ids: their ids, oldest first.
        program: what their servers call their program, with a blank after it.
        sender: address of From.
        parties: field, name and address of further mailboxes; *sender* comes first.
        ids: times inside its ids, as `id_time` gives them.
        fields: names and bodies of further header fields.
        signatures: domains and selectors of DKIM signatures.
        results: what its servers tested, as `tested` gives it; they stand in the first of *fields*.
        boundary: its boundary.
        attached: its parts, as `attachment` gives them.
        facts: all else.
    """
    trace = tuple(_trace(hops, hop_ids, program))
    sent = _sent(date, weekday, raw_date, trace[-1].locator.ranges[0][1] if trace else 0)
    mixed = [("Content-Type", "multipart/alternative; boundary=b")] if facts.get("twins") else []
    headers = _written(_received(hops, hop_ids, program), sent, (*mixed, *fields), signatures)
    end = headers[-1].end + 2 if headers else 2
    given: dict[str, Any] = {"list_id": "", "in_reply_to": (), "references": (), **facts}
    root = _root(headers, end, boundary, attached, facts)
    given |= {key: _in_field(headers, names, given.get(key, usual)) for key, (names, usual) in _FIELDS.items()}
    return Message(
        size=end,
        tree=MimeTree(root),
        parts=tuple(root.leaves()),
        date=sent,
        weekday=weekday_of(date, weekday) if date is not None else None,
        parties=tuple([_party(headers, *one) for one in (("from", "", sender), *parties) if one[2]]),
        trace=trace,
        signatures=tuple(_signatures(headers, signatures)),
        timestamps=tuple([one for one in (*[hop.time for hop in trace], sent, *ids) if isinstance(one, Timestamp)]),
        results=tuple(_placed(headers, results)),
        from_list=bool(facts.get("list_id")),
        non_ascii=not facts.get("subject", "").isascii(),
        items=len(attached),
        **given,
    )


def _written(
    received: Iterable[bytes],
    sent: Timestamp | Absence,
    others: Iterable[tuple[str, str]],
    signatures: Iterable[tuple[str, str]],
) -> tuple[HeaderField, ...]:
    """Return header fields: the trace, Date, the others, DKIM signatures."""
    written = [("Received", field) for field in received]
    if isinstance(sent, Timestamp):
        written.append(("Date", b"Date: " + sent.raw + b"\r\n"))
    signed = [("DKIM-Signature", f"v=1; d={domain}; s={selector}") for domain, selector in signatures]
    written += [(name, f"{name}: {text}\r\n".encode()) for name, text in (*others, *signed)]
    return tuple(_headers(written))


def _in_field(headers: Sequence[HeaderField], names: Sequence[str], value: str) -> Located:
    """Return a value as one of these fields says it, or as one of its own."""
    for field in headers:
        if field.name in names:
            return Located(value, field.raw, field.locator(0))
    return located(value, f"header:{names[0]}[0]", raw=f"{names[0]}: {value}\r\n".encode()) if value else ABSENT


def _sent(date: str | None, weekday: str | None, raw: bytes | None, position: int) -> Timestamp | Absence:
    if date is None:
        return Absence.NOT_PRESENT
    return time(date, raw=rfc_date(date, weekday) if raw is None else raw, start=position + len(b"Date: "))


def _root(
    headers: tuple[HeaderField, ...], end: int, boundary: str, attached: Sequence[MimePart], facts: Said
) -> MimePart:
    page = any(mark.part for mark in facts.get("marks", ()))
    parts = attached or (_twin_parts(end) if facts.get("twins") else ())
    return MimePart(
        number="",
        start=0,
        body_start=end,
        end=end,
        headers=headers,
        media_type="text/html" if page else "text/plain",
        boundary=boundary.encode() or None,
        parts=tuple(parts),
    )


def _twin_parts(end: int) -> tuple[MimePart, ...]:
    """Return the text and the HTML of an alternative, without bytes."""
    types = ("1", "text/plain"), ("2", "text/html")
    return tuple(
        [
            MimePart(number=number, start=end, body_start=end, end=end, headers=(), media_type=kind)
            for number, kind in types
        ]
    )


def _received(hops: Sequence[tuple[str, str]], ids: Sequence[str], program: str) -> list[bytes]:
    """The Received fields as they stand in the mail, the newest first, each ended by its date."""
    newest = list(zip(hops, ids or [str(index) for index in range(len(hops))][::-1], strict=True))[::-1]
    return [
        f"Received: from example.net by {host} {program}with ESMTP id {queue}; ".encode("ascii")
        + rfc_date(at)
        + b"\r\n"
        for (host, at), queue in newest
    ]


def _trace(hops: Sequence[tuple[str, str]], ids: Sequence[str], program: str) -> Iterator[TraceField]:
    position = 0
    for index, (field, (host, at)) in enumerate(zip(_received(hops, ids, program), reversed(hops), strict=True)):
        end = position + len(field)
        body = rfc_date(at)
        path = f"header:Received[{index}]"
        stamp = time(
            at,
            path=path,
            kind=TimeKind.HOP,
            index=index,
            raw=body,
            start=end - len(body) - len(b"\r\n"),
            owner=host,
            clock=ClockKind.SERVER,
        )
        queue = ids[len(hops) - 1 - index] if ids else str(index)
        token = located(queue, f"{path}/id", start=position + field.index(f" id {queue};".encode()) + len(b" id "))
        place = Locator(ranges=((position, end),), path=path)
        yield TraceField(index=index, by=host, id=token, time=stamp, raw=field, locator=place)
        position = end


def _headers(written: Sequence[tuple[str, bytes]]) -> Iterator[HeaderField]:
    start = 0
    for name, raw in written:
        yield HeaderField(name.rstrip(), name.rstrip().lower(), raw, start)
        start += len(raw)


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
        size_written=Located(str(stated), raw, field.locator(0)),
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
        raw=b"",
        locator=Locator(),
    )


def _placed(headers: Sequence[HeaderField], results: Sequence[AuthenticationResult]) -> Iterator[AuthenticationResult]:
    for result in results:
        field = next(field for field in headers if field.key == "authentication-results")
        yield msgspec.structs.replace(result, raw=field.raw, locator=field.locator(0))


def _party(headers: Sequence[HeaderField], field: str, name: str, address: str) -> Party:
    holder = next((one for one in headers if one.key == field and address.encode() in one.raw), None)
    start = holder.start + holder.raw.index(address.encode()) if holder is not None else 0
    return Party(
        field=field,
        index=0,
        name=name,
        address=address,
        domain=address.rpartition("@")[2],
        valid=_PLAIN.fullmatch(address) is not None,
        written=located(address, f"header:{field.title()}[0]", start=start),
    )


def _signatures(headers: Sequence[HeaderField], made: Sequence[tuple[str, str]]) -> Iterator[Signature]:
    signed = [field for field in headers if field.key == "dkim-signature"]
    for index, (field, (domain, selector)) in enumerate(zip(signed, made, strict=False)):
        place = field.locator(index)
        yield Signature(kind="dkim", index=index, domain=domain, selector=selector, raw=field.raw, locator=place)


def id_time(
    text: str,
    scheme: str = "Mutt",
    *,
    kind: TimeKind = TimeKind.MESSAGE_ID,
    index: int = 0,
    clock: ClockKind = ClockKind.SENDER,
) -> Timestamp:
    """A time inside an id; without offset it is local. What writes its time out, as a signature, has no scheme."""
    path, told = f"{kind}[{index}]", Description.IDENTIFIED
    stamp = time(text, path=path, kind=kind, index=index, raw=b"token", clock=clock, description=told)
    return msgspec.structs.replace(stamp, scheme=scheme)


def trace(*times: str) -> Message:
    """A message that ``relay1.example``, ``relay2.example``... stamped at these times, in the order of travel."""
    hops = [(f"relay{number}.example", at) for number, at in enumerate(times, 1)]
    return message(f"{DAY}T00:00:00+00:00", hops=hops)
