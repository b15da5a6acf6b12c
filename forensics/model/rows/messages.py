"""Table ``messages``."""

import hashlib
from bisect import bisect_right

import msgspec

from forensics.model.facts import Timestamp
from forensics.model.mail import HeaderField, MailMessage, MimePart
from forensics.model.presence.message import presence
from forensics.model.rows import times
from forensics.model.rows.times import TimeRow, instant_of

_QUOTED_BYTES = 1000
"""Bytes of a Message-ID, Subject or client's field that its row carries."""
_QUOTED_PARTIES = frozenset(("from", "sender", "reply-to", "return-path"))
_QUOTED_FIELDS = _QUOTED_PARTIES | {">from", ">>from"}


class PartyRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A mailbox in an address field of a message."""

    field: str
    name: str
    address: str
    domain: str
    raw: bytes = b""
    """As written, from ``start``; of those who send and who are to be answered only, else empty."""
    start: int | None = None


class HopRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A trace field of a message, topmost first."""

    by: str
    from_: str
    with_: str
    id: str
    instant: int | None
    for_: str = ""
    id_start: int | None = None


class ResultRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One authentication result that a server wrote into a message."""

    server: str
    method: str
    result: str
    below: int
    instance: int | None = None
    """ARC ``i=`` where it is a sealed one."""
    index: int = 0
    """Position of its field among the fields of that name, 0 = topmost."""
    domain: str = ""
    """What a ``dkim`` result is about: the domain of ``header.d``, else of ``header.i``, lower case."""
    raw: bytes = b""
    """Bytes of its field, from ``start``; of the topmost ``dkim`` result only, else empty."""
    start: int | None = None


class TextRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One text of a message: `forensics.model.mail.TextDigest`."""

    words: str
    links: str = ""


class MessageRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One parsed message (a content)."""

    sha256: str
    size: int
    mask: int
    message_id: str
    message_id_raw: bytes
    """Bytes of the Message-ID field between ``start`` and ``end``."""
    message_id_start: int | None
    message_id_end: int | None
    subject: str
    subject_raw: bytes = b""
    """Bytes of the topmost Subject field between ``start`` and ``end``."""
    subject_start: int | None = None
    subject_end: int | None = None
    from_address: str
    """By which the sender is known; empty where From names nobody: its parties have it as written."""
    from_domain: str
    client: str
    client_raw: bytes = b""
    """Bytes of the field that names the client, from ``client_start``."""
    client_start: int | None = None
    list_id: str
    in_reply_to: list[str]
    references: list[str]
    date: TimeRow | None
    arrived: int | None
    """Instant of the newest trace field: the receiving server's time."""
    first_hop: str
    """``by`` host of the oldest trace field with an instant."""
    timestamps: list[TimeRow]
    parties: list[PartyRow]
    hops: list[HopRow]
    body_sha256: str
    """Digest over the digests of all leaves, text with LF line ends: equal bodies are equal here."""
    letters_sha256: str = ""
    """Digest over the letters of its texts: equal in copies marked for their readers; empty where there are few."""
    texts: list[TextRow] = []
    """What each of its texts says; none where one was read in part, and in cases made before it was kept."""
    files_sha256: str = ""
    """Digest over the digests of all leaves that are not shown as text, as ``body_sha256``; empty where none is."""
    form: list[str] = []
    """How the client writes, ``kind=value`` each."""
    results: list[ResultRow] = []
    rewritten: str = ""
    """What a server wrote of having changed the body on the way, as written; empty where none says so."""


def row_of(sha256: str, message: MailMessage) -> MessageRow:
    """Make the row of a message."""
    sender = message.sender
    identifier = message.first("message-id") if message.message_id else None
    identifier_raw = identifier.raw[:_QUOTED_BYTES] if identifier else b""
    program = _client_field(message) if message.client else None
    title = message.first("subject")
    title_raw = title.raw[:_QUOTED_BYTES] if title else b""
    instants = [instant_of(hop.time) for hop in message.trace]
    oldest = next((hop.by for hop, at in zip(reversed(message.trace), reversed(instants), strict=True) if at), "")
    return MessageRow(
        sha256=sha256,
        size=message.size,
        mask=presence(message),
        message_id=message.message_id,
        message_id_raw=identifier_raw,
        message_id_start=identifier.start if identifier else None,
        message_id_end=identifier.start + len(identifier_raw) if identifier else None,
        subject=message.subject,
        subject_raw=title_raw,
        subject_start=title.start if title else None,
        subject_end=title.start + len(title_raw) if title else None,
        from_address=message.sender_known_as,
        from_domain=sender.domain if sender else "",
        client=message.client,
        client_raw=program.raw[:_QUOTED_BYTES] if program else b"",
        client_start=program.start if program else None,
        list_id=message.list_id,
        in_reply_to=list(message.in_reply_to),
        references=list(message.references),
        date=times.row_of(message.date) if isinstance(message.date, Timestamp) else None,
        arrived=next((at for at in instants if at is not None), None),
        first_hop=oldest,
        timestamps=[times.row_of(stamp) for stamp in message.timestamps],
        parties=_parties(message),
        hops=[
            HopRow(
                by=hop.by,
                from_=hop.from_,
                with_=hop.with_,
                id=hop.id,
                instant=at,
                for_=hop.for_,
                id_start=hop.id_start,
            )
            for hop, at in zip(message.trace, instants, strict=True)
        ],
        body_sha256=_body_digest(message.root),
        letters_sha256=message.letters_sha256,
        texts=[TextRow(words=text.words, links=text.links) for text in message.texts],
        files_sha256=_files_digest(message.root),
        form=list(message.form),
        results=_results(message) if message.results else [],
        rewritten=message.rewritten,
    )


def _results(message: MailMessage) -> list[ResultRow]:
    """Make the rows of what servers tested; the field of the topmost test of a signature is quoted."""
    topmost = next((one for one in message.results if one.method == "dkim" and one.instance is None), None)
    field = next((field for field in message.headers if topmost is not None and field.start == topmost.start), None)
    rows = []
    for one in message.results:
        quoted = field if one is topmost else None
        rows.append(
            ResultRow(
                server=one.server,
                method=one.method,
                result=one.result,
                below=one.below,
                instance=one.instance,
                index=one.index,
                domain=one.signer,
                raw=quoted.raw[:_QUOTED_BYTES] if quoted is not None else b"",
                start=quoted.start if quoted is not None else None,
            )
        )
    return rows


def _client_field(message: MailMessage) -> HeaderField | None:
    """Return the field that `MailMessage.client` was read from: the first that is not blank."""
    named = [message.first("user-agent"), message.first("x-mailer")]
    return next((field for field in named if field is not None and field.body.strip()), None)


def _parties(message: MailMessage) -> list[PartyRow]:
    """Make the rows of mailboxes, with the bytes of those who send or are to be answered."""
    fields = [field for field in message.headers if field.key in _QUOTED_FIELDS]
    starts = [field.start for field in fields]
    rows = []
    for party in message.parties:
        raw, start = b"", None
        if party.field in _QUOTED_PARTIES and 0 < party.end - party.start <= _QUOTED_BYTES:
            place = bisect_right(starts, party.start)
            if place and party.start < fields[place - 1].end:
                at = party.start - starts[place - 1]
                raw, start = fields[place - 1].raw[at : at + party.end - party.start], party.start
        rows.append(
            PartyRow(
                field=party.field, name=party.name, address=party.address, domain=party.domain, raw=raw, start=start
            )
        )
    return rows


def _body_digest(root: MimePart) -> str:
    return _joined([leaf.text_sha256 or leaf.sha256 for leaf in root.leaves()])


def _files_digest(root: MimePart) -> str:
    found = [leaf.text_sha256 or leaf.sha256 for leaf in root.leaves() if not leaf.is_text]
    return _joined(found) if found else ""


def _joined(digests: list[str]) -> str:
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode("ascii")).hexdigest()
