"""Which honest damage was done to signed mails on their way, undone so that the signature holds again.

Mails are read again from their sources. A mail whose repair would remove a text waits until all are repaired: whether
the text is its route's own is asked of all mails of the route.
"""

from collections.abc import Mapping, Sequence

import msgspec

from forensics.authenticity.repairs import own_text
from forensics.authenticity.repairs.headers import Hints
from forensics.authenticity.repairs.mails import Mail, read_mail
from forensics.authenticity.repairs.mending import Mender, Signed
from forensics.authenticity.repairs.rows import body_rows, field_rows
from forensics.errors import IntakeError, IntegrityError, Interrupted, StorageFull
from forensics.model.items import Notice
from forensics.model.locations import Location
from forensics.model.rows.repairs import RepairRow
from forensics.stages.running import fault, noted
from forensics.stages.stage import Settings, Tables, Write

NAME = "repair"
VERSION = 1
READS = ("keys", "messages", "occurrences", "signatures", "verdicts")
WRITES = ("repairs", "notices")
TAKES = ("contents", "limits")

_NONE = own_text.Counts(0, 0, 0)
MOST_READ = 50_000
"""Mails that are read only to see what their route's mails end with."""

_ROUTES = """
judged AS MATERIALIZED (
    SELECT item, bool_or(body_holds) AS holds FROM flat.signatures WHERE body_holds IS NOT NULL GROUP BY item),
routes AS MATERIALIZED (
    SELECT item, sha256, location, coalesce(arrived, m.instant) AS stood, sender, holds,
           CASE WHEN list_id <> '' THEN list_id WHEN contains(host, ':') THEN ''
                ELSE coalesce(organization, '') END AS route
    FROM flat.items JOIN flat.mails m USING (item)
    LEFT JOIN (SELECT item, host FROM flat.hops WHERE place = 1) USING (item)
    LEFT JOIN flat.organizations ON "name" = host LEFT JOIN judged USING (item) WHERE parsed)
"""
_BROKEN = f"""
WITH {_ROUTES},
wanted AS MATERIALIZED (
    SELECT item, sha256 FROM routes WHERE NOT holds
    UNION SELECT item, sha256 FROM routes
          SEMI JOIN (SELECT sha256 FROM verdicts WHERE header = 'altered') USING (sha256)),
signed AS (
    SELECT s.sha256, list({{
        'kind': s.kind, 'index': s.index, 'canonicalization': s.canonicalization, 'signed_fields': s.signed_fields,
        'body_length': s.body_length, 'algorithm': s.algorithm, 'body_hash_stated': s.body_hash_stated,
        'body_hash': s.body_hash, 'header': coalesce(v.header, ''), 'signed_digest': coalesce(v.signed_digest, ''),
        'digest_name': coalesce(v.digest_name, ''), 'signature': s.signature, 'record': coalesce(k.record, ''::BLOB)
        }} ORDER BY s.kind DESC, s.index) AS signatures
    FROM signatures s SEMI JOIN wanted USING (sha256) LEFT JOIN verdicts v USING (sha256, kind, index)
    LEFT JOIN (SELECT "key", any_value(record) AS record FROM keys GROUP BY "key") k ON k."key" = v."key"
    WHERE kind <> 'as' GROUP BY s.sha256),
threads AS MATERIALIZED (
    SELECT m.item, coalesce(id, message_id) AS thread, subject FROM flat.mails m
    LEFT JOIN (SELECT item, arg_min(id, place) AS id FROM flat.links GROUP BY item) USING (item)),
near AS MATERIALIZED (SELECT thread FROM threads SEMI JOIN wanted USING (item) WHERE thread <> '' GROUP BY thread),
named AS (
    SELECT thread, list({{'name': "name", 'address': address}} ORDER BY n DESC, address)[:40] AS boxes
    FROM (SELECT thread, p.address, max(p."name") AS "name", count(*) AS n
          FROM threads SEMI JOIN near USING (thread) JOIN flat.parties p USING (item)
          WHERE p.field IN ('from', 'to', 'cc') AND p.address <> '' GROUP BY ALL) GROUP BY thread),
titled AS (
    SELECT thread, list(subject ORDER BY n DESC, subject)[:6] AS subjects
    FROM (SELECT thread, subject, count(*) AS n FROM threads SEMI JOIN near USING (thread) WHERE subject <> ''
          GROUP BY ALL) GROUP BY thread),
envelopes AS MATERIALIZED (
    SELECT sender, address, count(*) AS n FROM flat.parties p JOIN flat.mails USING (item)
    WHERE field IN ('return-path', 'sender') AND address <> '' GROUP BY ALL),
accounts AS (
    SELECT sender, list(address ORDER BY n DESC, address)[:4] AS accounts FROM envelopes
    ANTI JOIN (SELECT address FROM envelopes GROUP BY address HAVING count(*) > 5) USING (address) GROUP BY sender)
SELECT r.sha256, r.location, r.route, r.stood, r.sender, signatures, coalesce(boxes, []) AS boxes,
       coalesce(subjects, []) AS subjects, coalesce(accounts, []) AS accounts
FROM wanted JOIN routes r USING (item) JOIN signed ON signed.sha256 = r.sha256 LEFT JOIN threads USING (item)
LEFT JOIN named USING (thread) LEFT JOIN titled USING (thread) LEFT JOIN accounts USING (sender)
ORDER BY r.location, r.sha256
"""
_ALL = f"""
WITH {_ROUTES}
SELECT sha256, location, route, stood, coalesce(sender, '') AS sender, coalesce(holds, false) AS intact
FROM routes WHERE route IN (SELECT unnest($routes)) AND stood IS NOT NULL ORDER BY location, sha256
"""


class _Box(msgspec.Struct, frozen=True):
    name: str | None
    address: str


class _Broken(msgspec.Struct, frozen=True):
    sha256: str
    location: Location
    route: str
    stood: int | None
    sender: str | None
    signatures: list[Signed]
    boxes: list[_Box]
    subjects: list[str]
    accounts: list[str]


class _Mail(msgspec.Struct, frozen=True):
    sha256: str
    location: Location
    route: str
    stood: int
    sender: str
    intact: bool


class _Waiting(msgspec.Struct, frozen=True):
    """A mail whose rows wait for what its route's mails end with."""

    rows: list[RepairRow]
    """Those of the body first."""
    route: str
    stood: int | None
    text: bytes


def loads() -> tuple[str, ...]:
    """Return nothing: it imports no module by name."""
    return ()


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Repair every mail of which no body hash holds, or a signature whose signed digest is known does not."""
    stage = _Repairing(tables, settings, write)
    waiting = [mail for broken in tables.rows(_BROKEN, {}, _Broken) if (mail := stage.mended(broken)) is not None]
    stage.settle(waiting)
    stage.tell()


class _Repairing:
    """One run of the stage; counts what was left out."""

    def __init__(self, tables: Tables, settings: Settings, write: Write) -> None:
        self._tables, self._write = tables, write
        self._contents, self._limits = settings.contents, settings.limits
        self._mender = Mender()
        self._unread = self._unfinished = self._uncounted = 0

    def mended(self, broken: _Broken) -> _Waiting | None:
        """Write the rows of a mail; return those that wait for its route."""
        try:
            mail = self._read(broken.location)
            if mail is None:
                return None
            mended = self._mender.mend(mail, broken.signatures, broken.route, _hints(broken))
            self._unfinished += mended.unfinished
            rows = [*body_rows(broken.sha256, mail, mended), *field_rows(broken.sha256, mail, mended)]
        except (Interrupted, StorageFull):
            raise
        except Exception:  # noqa: BLE001  a mail on which a repair crashes must not hide the others
            self._write("notices", noted(fault("engine.repair_fault", broken.location.text)))
            return None
        removed = mended.body.removed if mended.body is not None else ()
        text = own_text.text_of(removed)
        if text and broken.route and own_text.may_be_own(removed, broken.route):
            return _Waiting(rows, broken.route, broken.stood, text)
        for row in rows:
            self._write("repairs", _settled(row, False, _NONE) if text else row)
        return None

    def settle(self, waiting: Sequence[_Waiting]) -> None:
        """Write the rows of mails to which a text was added that may be their route's own."""
        texts: dict[str, dict[bytes, str]] = {}
        for mail in waiting:
            texts.setdefault(mail.route, {})[mail.text] = mail.rows[0].removed_sha256
        routes = self._counted(waiting, texts)
        for mail in waiting:
            found = _NONE
            if mail.stood is not None:
                found = routes[mail.route].near(mail.stood, texts[mail.route][mail.text])
            own = own_text.is_own(found, mail.text, mail.route)
            own = own and not own_text.longer_than_own(mail.text, texts[mail.route])
            for row in mail.rows:
                self._write("repairs", _settled(row, own, found))

    def _counted(
        self, waiting: Sequence[_Waiting], texts: Mapping[str, Mapping[bytes, str]]
    ) -> dict[str, own_text.RouteMails]:
        """Return all mails of the routes with what each ends with: nothing, where one is signed and intact."""
        repaired = {mail.rows[0].sha256: mail.rows[0].removed_sha256 for mail in waiting}
        routes = {route: own_text.RouteMails() for route in texts}
        if not routes:
            return routes
        for row in self._tables.rows(_ALL, {"routes": list(routes)}, _Mail):
            text = repaired.get(row.sha256, "")
            if not text and not row.intact:
                text = self._text(row, texts[row.route])
            routes[row.route].add(row.stood, row.sender, text)
        return routes

    def _text(self, row: _Mail, texts: Mapping[bytes, str]) -> str:
        self._uncounted += 1
        mail = self._read(row.location) if self._uncounted <= MOST_READ else None
        end = own_text.ending(mail) if mail is not None else b""
        return next((digest for text, digest in texts.items() if end.endswith(text)), "")

    def _read(self, location: Location) -> Mail | None:
        try:
            if self._contents is None:
                raise IntakeError("no source is at hand")
            return read_mail(self._contents.read(location), self._limits)
        except (IntakeError, IntegrityError):
            self._unread += 1
            return None

    def tell(self) -> None:
        """Write a notice for each kind of what was left out."""
        for code, count, text in (
            ("engine.repair_unread", self._unread, "mails whose sources are not at hand or cannot be read"),
            ("engine.repair_limit", self._unfinished, "mails of which not all repairs were tried"),
            ("engine.repair_limit", max(self._uncounted - MOST_READ, 0), "mails whose ends were not compared"),
        ):
            if count:
                self._write("notices", noted(Notice(code=code, text=f"{count:,} {text}")))


def _settled(row: RepairRow, own: bool, found: own_text.Counts) -> RepairRow:
    """Return a row of a mail to which a text was added, once it is known whether that is its route's own."""
    if row.part == "body":
        return msgspec.structs.replace(row, own=own, clears=own, n=found.n, k=found.k)
    return msgspec.structs.replace(row, clears=row.clears and (own or not row.field.startswith("content-")))


def _hints(broken: _Broken) -> Hints:
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
