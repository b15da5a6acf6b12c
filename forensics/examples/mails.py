"""Mails for examples, from their fields and hops."""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

import msgspec

from forensics.examples.times import DAY, rfc_date, time
from forensics.model.facts import Absence, ClockKind, Description, Timestamp
from forensics.model.mail import (
    AuthenticationResult,
    BodyMark,
    HeaderField,
    MailMessage,
    MimePart,
    Party,
    Signature,
    StatedCount,
    TraceField,
    Twins,
    id_bits,
)
from forensics.model.rules import Has


def message(
    date: str | None = f"{DAY}T10:00:00+00:00",
    *,
    weekday: str | None = None,
    raw_date: bytes | None = None,
    hops: Sequence[tuple[str, str]] = (),
    sender: str = "anna@example.org",
    subject: str = "Minutes",
    topic: str = "",
    message_id: str = "1@example.org",
    list_id: str = "",
    client: str = "",
    ids: Sequence[Timestamp] = (),
    fields: Sequence[tuple[str, str]] = (),
    hop_ids: Sequence[str] = (),
    program: str = "",
    signatures: Sequence[tuple[str, str]] = (),
    results: Sequence[AuthenticationResult] = (),
    twins: Sequence[Twins] = (),
    parties: Sequence[tuple[str, str, str]] = (),
    form: Sequence[str] = (),
    marks: Sequence[BodyMark] = (),
    births: bool = False,
    boundary: str = "",
    counts: Sequence[StatedCount] = (),
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
        topic: Thread-Topic.
        message_id: without angle brackets.
        list_id: List-Id, if it came through a list.
        client: User-Agent.
        ids: times inside its ids, as `id_time` gives them.
        fields: names and bodies of further header fields.
        hop_ids: ids of the hops, oldest first.
        program: what the hops' servers call their program, with a blank after it.
        signatures: domains and selectors of DKIM signatures.
        results: what its servers tested, as `tested` gives it; they stand in the first of *fields*.
        twins: its text and HTML, compared.
        parties: field, name and address of further mailboxes; *sender* comes first.
        form: features of how its client writes.
        marks: what its texts hide or lead to.
        births: whether marks are among them whose birth is known.
        boundary: its boundary, one of Exchange's.
        counts: what its header says of its length.
        attached: its parts, as `attachment` gives them.
    """
    trace = tuple(_trace(hops, hop_ids, program))
    written = [("Received", field) for field in _received(hops, hop_ids, program)]
    position = trace[-1].end if trace else 0
    sent: Timestamp | Absence = Absence.NOT_PRESENT
    if date is not None:
        body = rfc_date(date, weekday) if raw_date is None else raw_date
        sent = time(date, raw=body, start=position + len(b"Date: "))
        written.append(("Date", b"Date: " + body + b"\r\n"))
    signed = [("DKIM-Signature", f"v=1; d={domain}; s={selector}") for domain, selector in signatures]
    mixed = [("Content-Type", "multipart/alternative; boundary=b")] if twins else []
    written += [(name, f"{name}: {text}\r\n".encode()) for name, text in (*mixed, *fields, *signed)]
    headers = tuple(_headers(written))
    end = sum([len(raw) for _, raw in written]) + len(b"\r\n")
    stamps = [hop.time for hop in trace if isinstance(hop.time, Timestamp)]
    present = (
        (Has.BUILD, hop_ids),
        (Has.CLIENT, client),
        (Has.FILE_DATE, any("/Content-Disposition/" in one.locator.path for one in ids)),
        (Has.INNER_TRACE, any(one.locator.path.startswith("header:X-Received[") for one in ids)),
        (Has.SIGNATURE, signatures),
        (Has.RESULTS, results),
        (Has.TWINS, twins),
        (Has.HTML, marks),
        (Has.TEXT_BIRTH, births),
        (Has.EXCHANGE_BOUNDARY, boundary),
        (Has.STATED_SIZE, attached),
        (Has.STATED_LENGTH, counts),
        (Has.THREAD_TOPIC, topic),
        (Has.POSTFIX_ID, "(Postfix" in program and hop_ids),
        (Has.ZONE_COMMENT, b"(" in (raw_date or b"")),
        (Has.ORIGINAL_ARRIVAL, any(one.locator.path.endswith("/FILETIME") for one in ids)),
        (Has.NON_ASCII, not subject.isascii()),
    )
    mask = _message_mask(sent, trace, message_id, list_id, weekday) | id_bits(ids)
    return MailMessage(
        size=end,
        headers=headers,
        root=MimePart(
            number="",
            start=0,
            body_start=end,
            end=end,
            headers=(),
            media_type="text/plain",
            boundary=boundary.encode() or None,
            parts=tuple(attached),
        ),
        date=sent,
        message_id=message_id,
        subject=subject,
        topic=topic,
        counts=tuple(counts),
        parties=tuple([_party(*one) for one in (("from", "", sender), *parties) if one[2]]),
        trace=trace,
        signatures=tuple(_signatures(headers, signatures)),
        timestamps=(*stamps, *([sent] if isinstance(sent, Timestamp) else []), *ids),
        in_reply_to=(),
        references=(),
        list_id=list_id,
        client=client,
        mask=reduce(or_, [bit for bit, one in present if one], mask),
        twins=tuple(twins),
        form=tuple(form),
        marks=tuple(marks),
        results=tuple(_placed(headers, results)),
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
        stamp = time(at, path=path, raw=body, start=end - len(body) - len(b"\r\n"), owner=host, clock=ClockKind.SERVER)
        queue = ids[len(hops) - 1 - index] if ids else str(index)
        yield TraceField(index=index, by=host, id=queue, time=stamp, start=position, end=end)
        position = end


def _headers(written: Sequence[tuple[str, bytes]]) -> Iterator[HeaderField]:
    start = 0
    for name, raw in written:
        yield HeaderField(name, name.lower(), raw, start)
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
