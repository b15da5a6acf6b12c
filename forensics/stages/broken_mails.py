"""The mails that are to be repaired, and all mails of their routes."""

from collections.abc import Iterator
from itertools import islice

import msgspec

from forensics.authenticity.repairs.headers import Hints
from forensics.authenticity.repairs.mending import Signed
from forensics.model.locations import Location
from forensics.stages.observed import Rows

BOXES = 40
"""Of a thread: the names and addresses that a repair may put back."""
_BATCH = 5_000
"""Mails whose signatures are held together."""
ROUTES = """
judged AS MATERIALIZED (
    SELECT item, bool_or(body_holds) AS holds FROM flat.signatures WHERE body_holds IS NOT NULL GROUP BY item),
routes AS MATERIALIZED (
    SELECT item, coalesce(arrived, m.instant) AS stood, holds,
           CASE WHEN list_id <> '' THEN list_id WHEN contains(host, ':') THEN ''
                ELSE coalesce(organization, '') END AS route
    FROM flat.mails m SEMI JOIN (SELECT item FROM flat.items WHERE parsed) USING (item)
    LEFT JOIN (SELECT item, host FROM flat.hops WHERE place = 1) USING (item)
    LEFT JOIN flat.organizations ON "name" = host LEFT JOIN judged USING (item) WHERE NOT m.stored)
"""
"""Of every mail: narrow, since there may be a million; a thread is known by a number made of its first mail's id."""
_SIGNED = """
SELECT s.sha256, {
    'kind': s.kind, 'index': s.index, 'canonicalization': s.canonicalization, 'signed_fields': s.signed_fields,
    'body_length': s.body_length, 'algorithm': s.algorithm, 'body_hash_stated': s.body_hash_stated,
    'body_hash': s.body_hash, 'header': coalesce(v.header, ''), 'signed_digest': coalesce(v.signed_digest, ''),
    'digest_name': coalesce(v.digest_name, ''), 'signature': s.signature, 'record': coalesce(k.record, ''::BLOB)
    } AS signed
FROM signatures s LEFT JOIN verdicts v USING (sha256, kind, index)
LEFT JOIN (SELECT "key", any_value(record) AS record FROM keys GROUP BY "key") k ON k."key" = v."key"
WHERE s.kind <> 'as' AND s.sha256 IN (SELECT unnest($mails::VARCHAR[])) ORDER BY s.sha256, s.kind DESC, s.index
"""
_THREADS = """
threads AS MATERIALIZED (
    SELECT m.item, md5_number(coalesce(id, message_id)) AS thread FROM flat.mails m
    LEFT JOIN (SELECT item, id FROM flat.links WHERE place = 1) USING (item) WHERE coalesce(id, message_id) <> ''),
near AS MATERIALIZED (SELECT thread FROM threads SEMI JOIN wanted USING (item) GROUP BY thread)"""
_BOXES = f"""
WITH wanted AS MATERIALIZED (
    SELECT item, sha256 FROM flat.items WHERE sha256 IN (SELECT unnest($mails::VARCHAR[]))), {_THREADS}
SELECT w.sha256, {{'name': "name", 'address': address}} AS box
FROM (SELECT thread, address, max(p."name") AS "name", count(*) AS n
      FROM threads SEMI JOIN near USING (thread) JOIN flat.parties p USING (item)
      WHERE p.field IN ('from', 'to', 'cc') AND p.address <> '' GROUP BY thread, address
      QUALIFY row_number() OVER (PARTITION BY thread ORDER BY n DESC, address) <= {BOXES})
JOIN threads USING (thread) JOIN wanted w USING (item) ORDER BY w.sha256, n DESC, address
"""
_BROKEN = f"""
WITH {ROUTES},
wanted AS MATERIALIZED (
    SELECT item, sha256, location FROM flat.items SEMI JOIN (
        SELECT item FROM routes WHERE NOT holds
        UNION SELECT item FROM routes JOIN flat.items USING (item)
              SEMI JOIN (SELECT sha256 FROM verdicts WHERE header = 'altered') USING (sha256)) USING (item)
    SEMI JOIN (SELECT sha256 FROM signatures WHERE kind <> 'as') USING (sha256)), {_THREADS},
titled AS (
    SELECT thread, list(subject ORDER BY n DESC, subject)[:6] AS subjects
    FROM (SELECT thread, subject, count(*) AS n FROM threads SEMI JOIN near USING (thread)
          JOIN flat.mails USING (item) WHERE subject <> '' GROUP BY ALL) GROUP BY thread),
envelopes AS MATERIALIZED (
    SELECT sender, address, count(*) AS n FROM flat.parties p JOIN flat.mails USING (item)
    WHERE field IN ('return-path', 'sender') AND address <> '' GROUP BY ALL),
accounts AS (
    SELECT sender, list(address ORDER BY n DESC, address)[:4] AS accounts FROM envelopes
    ANTI JOIN (SELECT address FROM envelopes GROUP BY address HAVING count(*) > 5) USING (address) GROUP BY sender)
SELECT w.sha256, w.location, r.route, r.stood, m.sender, coalesce(subjects, []) AS subjects,
       coalesce(accounts, []) AS accounts
FROM wanted w JOIN routes r USING (item) JOIN flat.mails m USING (item)
LEFT JOIN threads USING (item) LEFT JOIN titled USING (thread) LEFT JOIN accounts ON accounts.sender = m.sender
ORDER BY w.location, w.sha256
"""
"""Mails of which no body hash holds, or a signature whose signed digest is known does not, with what others say. Their
signatures and who took part in their threads are asked for some at a time: of all they take more memory than a query
has."""
ALL = f"""
WITH {ROUTES}
SELECT sha256, location, route, stood, coalesce(sender, '') AS sender, coalesce(holds, false) AS intact
FROM routes JOIN flat.items USING (item) JOIN flat.mails USING (item)
WHERE route IN (SELECT unnest($routes)) AND stood IS NOT NULL ORDER BY location, sha256
"""
"""All mails of some routes; those that are signed and intact need not be read."""


class _Box(msgspec.Struct, frozen=True):
    name: str | None
    address: str


class Broken(msgspec.Struct, frozen=True):
    """A mail that is to be repaired."""

    sha256: str
    location: Location
    route: str
    stood: int | None
    sender: str | None
    subjects: list[str]
    accounts: list[str]
    signatures: list[Signed] = []
    boxes: list[_Box] = []
    """Who took part in its thread, the most frequent first."""


class _Signed(msgspec.Struct, frozen=True):
    sha256: str
    signed: Signed


class _Named(msgspec.Struct, frozen=True):
    sha256: str
    box: _Box


class RouteMail(msgspec.Struct, frozen=True):
    """A row of `ALL`."""

    sha256: str
    location: Location
    route: str
    stood: int
    sender: str
    intact: bool


def broken_mails(rows: Rows) -> Iterator[Broken]:
    """Yield mails of which no body hash holds, or a signature whose signed digest is known does not, by place."""
    mails = iter(rows(_BROKEN, {}, Broken))
    while some := list(islice(mails, _BATCH)):
        given = {"mails": [mail.sha256 for mail in some]}
        signed: dict[str, list[Signed]] = {}
        for row in rows(_SIGNED, given, _Signed):
            signed.setdefault(row.sha256, []).append(row.signed)
        boxes: dict[str, list[_Box]] = {}
        for named in rows(_BOXES, given, _Named):
            boxes.setdefault(named.sha256, []).append(named.box)
        for mail in some:
            own = signed[mail.sha256]
            yield msgspec.structs.replace(mail, signatures=own, boxes=boxes.get(mail.sha256, []))


def hints(broken: Broken) -> Hints:
    """Return what other mails say of a mail that is to be repaired."""
    boxes: list[bytes] = []
    for box in broken.boxes:
        address = box.address.encode()
        if box.name:
            boxes.append(b"%s <%s>" % (box.name.encode(), address))
        boxes.append(address)
    return Hints(
        accounts=tuple([account.encode() for account in broken.accounts]),
        boxes=tuple(boxes),
        subjects=tuple([subject.encode() for subject in broken.subjects]),
    )
