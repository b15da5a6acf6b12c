"""Which honest damage was done to signed mails on their way, undone so that the signature holds again.

Mails are read again from their sources. A mail whose repair would remove a text waits until all are repaired: whether
the text is its route's own is asked of all mails of the route.
"""

from collections.abc import Mapping, Sequence

import msgspec

from forensics.authenticity.repairs import own_text
from forensics.authenticity.repairs.mails import Mail, read_mail
from forensics.authenticity.repairs.mending import Mender
from forensics.authenticity.repairs.rows import body_rows, field_rows, untestable_rows
from forensics.model.locations import Location
from forensics.model.rows.repairs import RepairRow
from forensics.stages.broken_mails import ALL, Broken, RouteMail, broken_mails, hints
from forensics.stages.rereading import Rereading
from forensics.stages.stage import Settings, Tables, Write

NAME = "repair"
VERSION = 1
READS = ("keys", "messages", "occurrences", "signatures", "verdicts")
WRITES = ("repairs", "notices")
TAKES = ("contents", "limits")
ROWS_NEEDED = {"signatures": 1}

_NONE = own_text.Counts(0, 0, 0)
MOST_READ = 50_000
"""Mails that are read only to see what their route's mails end with."""


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
    waiting = [mail for broken in broken_mails(tables.rows) if (mail := stage.mended(broken)) is not None]
    stage.settle(waiting)
    stage.tell()


class _Repairing:
    """One run of the stage; counts what was left out."""

    def __init__(self, tables: Tables, settings: Settings, write: Write) -> None:
        self._tables, self._write = tables, write
        self._limits = settings.limits
        self._mails = Rereading(settings.contents, write, "engine.repair_unread", "engine.repair_fault")
        self._mender = Mender()
        self._unfinished = self._uncounted = 0

    def mended(self, broken: Broken) -> _Waiting | None:
        """Write the rows of a mail; return those that wait for its route."""
        with self._mails.guarded(broken.location):
            mail = self._read(broken.location)
            if mail is not None:
                return self._mended(broken, mail)
        return None

    def _mended(self, broken: Broken, mail: Mail) -> _Waiting | None:
        mended = self._mender.mend(mail, broken.signatures, broken.route, hints(broken))
        self._unfinished += mended.unfinished
        rows = [*body_rows(broken.sha256, mail, mended), *field_rows(broken.sha256, mail, mended)]
        for row in untestable_rows(broken.sha256, mail, broken.signatures, mended, broken.route):
            self._write("repairs", row)
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
        for row in self._tables.rows(ALL, {"routes": list(routes)}, RouteMail):
            text = repaired.get(row.sha256, "")
            if not text and not row.intact:
                text = self._text(row, texts[row.route])
            routes[row.route].add(row.stood, row.sender, text)
        return routes

    def _text(self, row: RouteMail, texts: Mapping[bytes, str]) -> str:
        self._uncounted += 1
        mail = self._read(row.location) if self._uncounted <= MOST_READ else None
        end = own_text.ending(mail) if mail is not None else b""
        return next((digest for text, digest in texts.items() if end.endswith(text)), "")

    def _read(self, location: Location) -> Mail | None:
        data = self._mails.read(location)
        return read_mail(data, self._limits) if data is not None else None

    def tell(self) -> None:
        """Write a notice for each kind of what was left out."""
        self._mails.tell(
            ("engine.repair_limit", self._unfinished, "mails of which not all repairs were tried"),
            ("engine.repair_limit", max(self._uncounted - MOST_READ, 0), "mails whose ends were not compared"),
        )


def _settled(row: RepairRow, own: bool, found: own_text.Counts) -> RepairRow:
    """Return a row of a mail to which a text was added, once it is known whether that is its route's own."""
    if row.part == "body":
        return msgspec.structs.replace(row, own=own, clears=own, n=found.n, k=found.k)
    return msgspec.structs.replace(row, clears=row.clears and (own or not row.field.startswith("content-")))
