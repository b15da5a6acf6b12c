"""From parsed facts to rows of the case's tables."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from forensics.model.codec import encode_text
from forensics.model.documents import ArchiveFacts, ArchiveMember, DocumentFacts
from forensics.model.facts import Absence, ClockKind, Description, Fact, Precision, Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Locator, Step
from forensics.model.mail import HeaderField, MailMessage, MimePart, Signature
from forensics.model.tables import (
    ArchiveRow,
    DocumentRow,
    HopRow,
    MemberRow,
    MessageRow,
    NoticeRow,
    PartyRow,
    PropertyRow,
    ResultRow,
    SignatureRow,
    TextRow,
    TimeRow,
    Unsigned,
)

_INT64 = 1 << 63

_QUOTED_BYTES = 1000
"""Bytes of a Message-ID, Subject or client's field that its row carries."""


def time_row(stamp: Timestamp) -> TimeRow:
    """Flatten a timestamp."""
    start, end = _range(stamp.locator)
    at, wall, offset = _storable(stamp.instant), _storable(stamp.wall), _storable(stamp.offset_s)
    return TimeRow(
        at,
        wall,
        None if at is not None else _absence(stamp.instant),
        offset,
        stamp.precision,
        stamp.description,
        stamp.clock,
        stamp.owner,
        stamp.raw,
        stamp.locator.path,
        start,
        end,
        encode_text(stamp.locator.steps) if stamp.locator.steps else "",
        None if wall is not None else _absence(stamp.wall),
        None if offset is not None else _absence(stamp.offset_s),
        encode_text(stamp.locator.ranges[1:]) if len(stamp.locator.ranges) > 1 else "",
        stamp.scheme,
    )


def _absence(value: int | Absence) -> str:
    """Say why a column is null; a number that no column holds counts as unparsable."""
    return value if isinstance(value, Absence) else Absence.UNPARSABLE


def _storable(value: int | Absence | None) -> int | None:
    """Return a number that a column can hold: hostile input states others, and its bytes are kept beside them."""
    return value if isinstance(value, int) and -_INT64 <= value < _INT64 else None


def _range(locator: Locator) -> tuple[int | None, int | None]:
    return locator.ranges[0] if locator.ranges else (None, None)


def instant_of(stamp: Timestamp | Absence | None) -> int | None:
    """Return the instant of a timestamp that has one."""
    if isinstance(stamp, Timestamp) and isinstance(stamp.instant, int):
        return stamp.instant
    return None


def message_row(sha256: str, message: MailMessage) -> MessageRow:
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
        mask=message.mask,
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
        date=time_row(message.date) if isinstance(message.date, Timestamp) else None,
        arrived=next((at for at in instants if at is not None), None),
        first_hop=oldest,
        timestamps=[time_row(stamp) for stamp in message.timestamps],
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


_QUOTED_PARTIES = frozenset(("from", "sender", "reply-to", "return-path"))
_QUOTED_FIELDS = _QUOTED_PARTIES | {">from", ">>from"}


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


def signature_row(sha256: str, signature: Signature) -> SignatureRow:
    """Make the row of a signature."""
    return SignatureRow(
        sha256=sha256,
        kind=signature.kind,
        index=signature.index,
        instance=_storable(signature.instance),
        domain=signature.domain,
        selector=signature.selector,
        algorithm=signature.algorithm,
        canonicalization=signature.canonicalization,
        signed_fields=list(signature.signed_fields),
        time=_storable(signature.time),
        expiration=_storable(signature.expiration),
        body_length=_storable(signature.body_length),
        signature=signature.signature,
        header_digest=signature.header_digest,
        body_hash_stated=signature.body_hash_stated,
        body_hash=signature.body_hash,
        value=signature.value,
        value_start=signature.value_start,
        hash_value=signature.hash_value,
        hash_start=signature.hash_start,
    )


def document_row(sha256: str, document: DocumentFacts) -> DocumentRow:
    """Make the row of a document or image."""
    return DocumentRow(
        sha256=sha256,
        format=document.format,
        mask=document.mask,
        author=document.author,
        last_author=document.last_author,
        application=document.application,
        created=time_row(document.created) if document.created else None,
        modified=time_row(document.modified) if document.modified else None,
        timestamps=[time_row(stamp) for stamp in document.timestamps],
        properties=_properties(document.properties),
        author_path=document.author_path,
        last_author_path=document.last_author_path,
    )


def _properties(facts: Iterable[Fact]) -> list[PropertyRow]:
    rows = []
    for fact in facts:
        start, end = _range(fact.locator)
        steps = encode_text(fact.locator.steps) if fact.locator.steps else ""
        rows.append(
            PropertyRow(
                name=fact.name,
                value=fact.value,
                raw=fact.raw,
                path=fact.locator.path,
                start=start,
                end=end,
                steps=steps,
            )
        )
    return rows


def archive_row(sha256: str, archive: ArchiveFacts) -> ArchiveRow:
    """Make the row of an archive with all its members."""
    return ArchiveRow(
        sha256=sha256, format=archive.format, mask=archive.mask, members=[_member(member) for member in archive.members]
    )


def _member(member: ArchiveMember) -> MemberRow:
    return MemberRow(
        index=member.index,
        name=member.name,
        size=Unsigned(member.size),
        stored_size=Unsigned(member.stored_size),
        method=member.method,
        flags=member.flags,
        made_by=member.made_by,
        crc32=member.crc32,
        encrypted=member.encrypted,
        header_start=Unsigned(member.header_start),
        times=[time_row(stamp) for stamp in member.times],
        conflicts=_properties(member.conflicts),
    )


def notice_row(sha256: str, location: str, location_text: str, notice: Notice) -> NoticeRow:
    """Make the row of a notice about an item."""
    start, end = _range(notice.locator) if notice.locator else (None, None)
    return NoticeRow(
        sha256=sha256,
        location=location,
        location_text=location_text,
        code=notice.code,
        text=notice.text,
        start=start,
        end=end,
        unread=min(notice.unread, _INT64 - 1),  # a size that hostile input states
    )


def timestamp(row: TimeRow) -> Timestamp:
    """Undo `time_row`."""
    steps = msgspec.json.decode(row.steps, type=tuple[Step, ...]) if row.steps else ()
    ranges: tuple[tuple[int, int], ...] = ()
    if row.start is not None and row.end is not None:
        rest = msgspec.json.decode(row.rest, type=tuple[tuple[int, int], ...]) if row.rest else ()
        ranges = ((row.start, row.end), *rest)
    return Timestamp(
        instant=row.instant if row.instant is not None else Absence(row.absence or ""),
        wall=row.wall if row.wall is not None else Absence(row.wall_absence or ""),
        offset_s=row.offset_s if row.offset_s is not None else Absence(row.offset_absence or ""),
        precision=Precision(row.precision),
        description=Description(row.description),
        clock=ClockKind(row.clock),
        owner=row.owner,
        raw=row.raw,
        locator=Locator(ranges=ranges, path=row.path, steps=steps),
        scheme=row.scheme,
    )
