"""Table ``messages``."""

import hashlib
from collections.abc import Sequence

import msgspec

from forensics.model.facts import Located, Timestamp
from forensics.model.mail import BodyPart, Message
from forensics.model.presence.message import presence
from forensics.model.rows import located, properties, times
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.properties import PropertyRow
from forensics.model.rows.times import TimeRow, instant_of

_QUOTED_BYTES = 1000
"""Bytes of a field that its row carries."""


class PartyRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A mailbox in an address field of a message."""

    field: str
    name: str
    address: str
    domain: str


class HopRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A trace field of a message, topmost first."""

    by: str
    from_: str
    with_: str
    instant: int | None
    for_: str = ""


class ResultRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One authentication result that a server wrote into a message."""

    server: str
    method: str
    result: str
    below: int
    instance: int | None = None
    """ARC ``i=`` where it is a sealed one."""
    field: str = "authentication-results"
    """Key of its field: that, ``arc-authentication-results`` or ``received-spf``."""
    index: int = 0
    """Position of its field among the fields of that name, 0 = topmost."""
    domain: str = ""
    """What a ``dkim`` result is about: the domain of ``header.d``, else of ``header.i``, lower case."""
    written: LocatedRow | None = None
    """The result with its field; of the topmost ``dkim`` result only."""


class TextRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One text of a message: `forensics.model.mail_texts.TextDigest`."""

    words: str
    links: str = ""


class GivenRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A number that a mailbox or a tracker gave: `forensics.model.numbers.GivenNumber`."""

    kind: str
    by: str
    opens: bool
    written: LocatedRow


class StatedRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What a mail says of a file that it carries, `forensics.model.mail_texts.SaidOfFile`."""

    name: str
    """Of the file; empty where the mail names none."""
    kind: str
    low: int
    high: int
    shown: LocatedRow
    part: str
    exact: bool


class MessageRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One parsed message (a content)."""

    sha256: str
    size: int
    mask: int
    message_id: LocatedRow
    """With its field."""
    subject: LocatedRow
    """With the topmost field."""
    from_address: str
    """By which the sender is known; empty where From names nobody: its parties have it as written."""
    from_domain: str
    client: LocatedRow
    """With the field that names it."""
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
    mailboxes: list[LocatedRow | None]
    """As many: the address of each with its mailbox as written; of those who send or are to be answered only. It stands
    beside ``parties`` since most queries of these need no bytes."""
    hops: list[HopRow]
    queue_ids: list[LocatedRow]
    """As many as ``hops``, likewise: the id that each server gave."""
    body_sha256: str
    """Digest over the digests of all its parts, text with LF line ends: equal bodies are equal here."""
    letters_sha256: str = ""
    """Digest over the letters of its texts: equal in copies marked for their readers; empty where there are few."""
    texts: list[TextRow] = []
    """What each of its texts says; none where one was read in part."""
    files_sha256: str = ""
    """Digest over the digests of all parts that are not shown as text, as ``body_sha256``; empty where none is."""
    form: list[str] = []
    """How the client writes, ``kind=value`` each."""
    server_form: list[str] = []
    """How the servers that it passed last write, ``kind=value`` each."""
    numbered_by: str = ""
    """Whose number ``list_number`` is; empty if it has none."""
    list_number: LocatedRow | None = None
    """The number that a list server gave it, with its field."""
    given: list[GivenRow] = []
    """Numbers that mailboxes gave it, and trackers what it is about."""
    results: list[ResultRow] = []
    rewritten: str = ""
    """What a server wrote of having changed the body on the way, as written; empty where none says so."""
    sketch: list[int] = []
    """Of its own words, `forensics.model.mail.Message.sketch`."""
    stored: list[PropertyRow] = []
    """What the store that keeps it says of it, `forensics.model.mail.Message.stored`."""
    stated: list[StatedRow] = []
    """How many pages, slides or bytes its text gives a file that comes with it."""


def row_of(sha256: str, message: Message) -> MessageRow:
    """Make the row of a message."""
    sender = message.sender
    instants = [instant_of(hop.time) for hop in message.trace]
    files = [part for part in message.parts if not part.is_text]
    oldest = next((hop.by for hop, at in zip(reversed(message.trace), reversed(instants), strict=True) if at), "")
    return MessageRow(
        sha256=sha256,
        size=message.size,
        mask=presence(message),
        message_id=located.row_of(message.message_id, _QUOTED_BYTES),
        subject=located.row_of(message.subject, _QUOTED_BYTES),
        from_address=message.sender_known_as,
        from_domain=sender.domain if sender else "",
        client=located.row_of(message.client, _QUOTED_BYTES),
        list_id=message.list_id,
        in_reply_to=list(message.in_reply_to),
        references=list(message.references),
        date=times.row_of(message.date) if isinstance(message.date, Timestamp) else None,
        arrived=next((at for at in instants if at is not None), None),
        first_hop=oldest,
        timestamps=[times.row_of(stamp) for stamp in message.timestamps],
        parties=[
            PartyRow(field=party.field, name=party.name, address=party.address, domain=party.domain)
            for party in message.parties
        ],
        mailboxes=[
            located.row_of(written) if (written := party.written) is not None and written.raw else None
            for party in message.parties
        ],
        hops=[
            HopRow(by=hop.by, from_=hop.from_, with_=hop.with_, instant=at, for_=hop.for_)
            for hop, at in zip(message.trace, instants, strict=True)
        ],
        queue_ids=[located.row_of(hop.id) for hop in message.trace],
        body_sha256=_joined(message.parts),
        letters_sha256=message.letters_sha256,
        texts=[TextRow(words=text.words, links=text.links) for text in message.texts],
        files_sha256=_joined(files) if files else "",
        form=list(message.form),
        server_form=list(message.server_form),
        numbered_by=message.numbered_by,
        list_number=located.row_of(message.list_number, _QUOTED_BYTES) if message.numbered_by else None,
        given=[
            GivenRow(kind=one.kind, by=one.by, opens=one.opens, written=located.row_of(one.written, _QUOTED_BYTES))
            for one in message.given
        ],
        results=_results(message) if message.results else [],
        rewritten=message.rewritten,
        sketch=list(message.sketch),
        stored=properties.rows_of(message.stored) if message.stored else [],
        stated=_stated(message) if message.mentions else [],
    )


def _stated(message: Message) -> list[StatedRow]:
    return [
        StatedRow(
            name="" if mention.kind == "said" else mention.shown.value,
            kind=one.kind,
            low=one.low,
            high=one.high,
            shown=located.row_of(one.shown, _QUOTED_BYTES),
            part=mention.part,
            exact=one.exact,
        )
        for mention in message.mentions
        for one in mention.stated
    ]


def _results(message: Message) -> list[ResultRow]:
    """Make the rows of what servers tested; the field of the topmost test of a signature is quoted."""
    topmost = next((one for one in message.results if one.method == "dkim" and one.instance is None), None)
    return [
        ResultRow(
            server=one.server,
            method=one.method,
            result=one.result,
            below=one.below,
            instance=one.instance,
            field=one.field,
            index=one.index,
            domain=one.signer,
            written=located.row_of(Located(one.result, one.raw, one.locator), _QUOTED_BYTES)
            if one is topmost
            else None,
        )
        for one in message.results
    ]


def _joined(parts: Sequence[BodyPart]) -> str:
    digests = [part.text_sha256 or part.sha256 for part in parts]
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode("ascii")).hexdigest()
