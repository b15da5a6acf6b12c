"""Rows of the case's tables: one frozen struct per table is its schema, its JSON line and its documentation.

Times are flattened: ``instant``, ``wall`` and ``offset_s`` are null where an absence beside them says why. Ranges are
``start``/``end`` of the first range of the locator, null where bytes cannot be named; ``path`` is the locator's path.
``location`` is the JSON text of a `Location`, since tables are joined on digests and never on places.
"""

from typing import NewType

import msgspec

Unsigned = NewType("Unsigned", int)
"""An unsigned 64-bit number as a container states it; every other integer fits a signed one."""


class TimeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A timestamp inside another row."""

    instant: int | None
    wall: int | None
    absence: str | None
    offset_s: int | None
    precision: str
    description: str
    clock: str
    owner: str
    raw: bytes
    path: str
    start: int | None
    end: int | None
    steps: str
    """JSON text of the locator's steps below the item; empty if none."""
    wall_absence: str | None = None
    """Why there is no wall reading."""
    offset_absence: str | None = None
    """Why there is no offset: none written, none by definition of the format, or one that cannot be read."""
    rest: str = ""
    """JSON text of the locator's ranges after the first; empty if none."""
    scheme: str = ""
    """Id scheme that gave the time; empty: it is written out."""


class ContentRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One distinct byte stream."""

    sha256: str
    size: int
    media_type: str
    parser: str
    """``id/version`` of the parser that read it; empty if none did."""
    status: str
    mask: int


class OccurrenceRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One place where a content stands."""

    sha256: str
    size: int
    location: str
    location_text: str
    source: str
    name: str
    declared_type: str
    extension_type: str
    media_type: str
    status: str
    parser: str
    reason: str
    """Notice code that explains a status other than parsed; empty otherwise."""
    depth: int
    parent_sha256: str
    """Digest of the item it was found in; empty for a source file."""
    message_sha256: str
    """Digest of the nearest enclosing message; empty if none."""
    mask: int
    times: list[TimeRow]


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


class SignatureRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One DKIM or ARC signature of a message."""

    sha256: str
    kind: str
    index: int
    instance: int | None
    domain: str
    selector: str
    algorithm: str
    canonicalization: str
    signed_fields: list[str]
    time: int | None
    expiration: int | None
    body_length: int | None
    signature: bytes
    header_digest: str
    body_hash_stated: str
    body_hash: str
    value: bytes = b""
    """First bytes of ``b=`` as written, from ``value_start``."""
    value_start: int | None = None
    hash_value: bytes = b""
    """First bytes of ``bh=`` as written, from ``hash_start``."""
    hash_start: int | None = None


class PropertyRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One property of a document or a conflict of an archive member."""

    name: str
    value: str
    raw: bytes
    path: str
    start: int | None
    end: int | None
    steps: str


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One document or image (a content)."""

    sha256: str
    format: str
    mask: int
    author: str
    last_author: str
    application: str
    created: TimeRow | None
    modified: TimeRow | None
    timestamps: list[TimeRow]
    properties: list[PropertyRow]
    author_path: str = ""
    """``path`` of the property that ``author`` was read from; empty if none."""
    last_author_path: str = ""


class MemberRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One member of an archive."""

    index: int
    name: str
    size: Unsigned
    stored_size: Unsigned
    method: int
    flags: int
    made_by: int
    crc32: int
    encrypted: bool
    header_start: Unsigned
    times: list[TimeRow]
    conflicts: list[PropertyRow]


class ArchiveRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One archive (a content)."""

    sha256: str
    format: str
    mask: int
    members: list[MemberRow]


class ObservationRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One observation, whole as JSON, with the columns that queries need."""

    rule: str
    rule_version: int
    bin: str
    sha256: str
    """First suspect or either."""
    location: str
    cluster: str
    compare: str
    observation: str
    """JSON text of an `Observation`, subjects filled in."""


class NoticeRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One notice about an item."""

    sha256: str
    location: str
    location_text: str
    code: str
    text: str
    start: int | None
    end: int | None
    unread: int


class FindingRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One finding, whole as JSON, with the columns that queries need."""

    id: str
    rule: str
    strength: str
    sha256: str
    cluster: str
    stored: str
    """JSON text of a `StoredFinding`."""


class RankRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the ranking, whole as JSON."""

    rank: int
    strength: str
    score: float
    ranked: str


class SetAsideRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the set-aside list, whole as JSON."""

    rule: str
    reason: str
    group: str
    count: int
    set_aside: str


TABLES: dict[str, type[msgspec.Struct]] = {
    "contents": ContentRow,
    "occurrences": OccurrenceRow,
    "messages": MessageRow,
    "signatures": SignatureRow,
    "documents": DocumentRow,
    "archives": ArchiveRow,
    "observations": ObservationRow,
    "notices": NoticeRow,
    "findings": FindingRow,
    "ranking": RankRow,
    "set_aside": SetAsideRow,
}
"""Table name to row type. The last three are made over the whole case and replaced when it changes."""
