"""Which words of altered mails others still have as they were signed: proven by the stated hash of the body.

Mails of which no body hash holds are read again from their sources, with those that quote them, that they quote, or
that are versions of them. Others' words are put in the place of their own until the body is the one that was signed.
"""

from collections.abc import Iterator

import msgspec

from forensics import parsers
from forensics.authenticity.repairs.bodies import BodySearch, Target
from forensics.authenticity.repairs.mails import Body, Mail, read_mail
from forensics.model.locations import Location
from forensics.model.rows.located import row_of
from forensics.model.rows.restored import RestoredEditRow, RestoredRow
from forensics.relations.quotes.shown import Shown, locate, read_shown
from forensics.relations.restoring.candidates import Chosen, candidates, is_of_form
from forensics.relations.restoring.edits import edits_of
from forensics.relations.restoring.wordings import wording_of_other, wording_of_text
from forensics.stages.altered_texts import AlteredText, altered_texts
from forensics.stages.rereading import Rereading
from forensics.stages.restorable import RESTORABLE, Restorable, Witness
from forensics.stages.stage import Settings, Tables, Write

NAME = "restored"
VERSION = 1
READS = ("messages", "occurrences", "signatures", "repairs", "quotes", "copies", "counterparts", "originals")
WRITES = ("restored", "notices")
TAKES = ("contents", "limits")
ROWS_NEEDED = {"signatures": 1}

MOST_BYTES = 30_000_000
"""Hashed for one mail: 0.15 s."""
MOST_MAIL = 1_000_000
"""Bytes of a mail that is looked at."""
CITED = 1_000
"""Bytes of a line that a row quotes."""
_locations = msgspec.json.Decoder(Location)


class _Met(msgspec.Struct, frozen=True):
    """A candidate whose hash is stated."""

    chosen: Chosen
    text: AlteredText
    body: Body
    targets: list[Target]


def loads() -> tuple[str, ...]:
    """Return the modules of the parsers that read the texts of messages."""
    return parsers.modules(parsers.MESSAGES)


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Try the words of others in every mail whose signed body is unknown."""
    stage = _Restoring(settings, write)
    for row in tables.rows(RESTORABLE, {}, Restorable):
        stage.restore(row)
    stage.tell()


class _Search:
    """One mail, and what its signatures state of it.

    Attributes:
        mail: as it is.
        unfinished: whether a limit kept something from being tried.
    """

    def __init__(self, mail: Mail, row: Restorable) -> None:
        self.mail = mail
        self.unfinished = False
        self._targets = list(dict.fromkeys([target for one in row.signatures if (target := one.target) is not None]))
        self._ways = [(), *[tuple(way) for way in row.ways]]
        self._hashed = 0

    def holding(self, mail: Mail) -> tuple[Body, list[Target]] | None:
        """Return a body that is signed, as it stands in a mail or once it is repaired as others of its route."""
        search = BodySearch(mail, self._targets)
        found = search.run_known(self._ways)
        self._hashed += search.hashed
        return found

    def met(self, text: AlteredText, witness: Shown, part: str) -> _Met | None:
        """Return what of a text is to be undone so that the body is signed."""
        edits = edits_of(wording_of_text(text.said, text.lines, part), wording_of_other(witness, part))
        self.unfinished |= edits is None
        for chosen in candidates(edits or []):
            for mail in text.mails(chosen):
                if self._hashed > MOST_BYTES:
                    self.unfinished = True
                    return None
                if (found := self.holding(mail)) is not None:
                    return _Met(chosen, text, *found)
        return None


class _Restoring:
    """One run of the stage; counts what was left out."""

    def __init__(self, settings: Settings, write: Write) -> None:
        self._write = write
        self._limits = settings.limits
        self._mails = Rereading(settings.contents, write, "engine.restored_unread", "engine.restored_fault")
        self._unfinished = 0

    def restore(self, row: Restorable) -> None:
        """Write a row for each signature that states the hash of what others make of a mail."""
        with self._mails.guarded(row.location):
            data = self._mails.read(row.location)
            if data is None:
                return
            search = _Search(read_mail(data, self._limits), row)
            if len(data) > MOST_MAIL:
                search.unfinished = True
            elif search.holding(search.mail) is None:  # else a limit kept a repair from it: nobody's words are missing
                for found in self._rows(row, search):
                    self._write("restored", found)
            self._unfinished += search.unfinished

    def _rows(self, row: Restorable, search: _Search) -> Iterator[RestoredRow]:
        """Yield the rows of the first mail that restores this one."""
        texts = altered_texts(search.mail, self._limits)
        for witness in row.witnesses if texts else ():
            data = self._mails.read(_locations.decode(witness.location))
            if data is None or len(data) > MOST_MAIL:
                continue
            shown, _ = read_shown(data, self._limits)
            for text in texts:
                met = search.met(text, shown, witness.part)
                if met is not None:
                    yield from self._of(row, met, witness, data, shown)
                    return

    def _of(self, row: Restorable, met: _Met, witness: Witness, data: bytes, shown: Shown) -> Iterator[RestoredRow]:
        edits = [
            RestoredEditRow(
                archived=edit.archived[:CITED],
                restored=edit.restored[:CITED],
                of_form=is_of_form(edit),
                line=row_of(met.text.located(*edit.line), CITED),
                witness_line=row_of(locate(data, self._limits, shown, *edit.other_line), CITED),
            )
            for edit, _ in sorted(met.chosen, key=lambda one: one[0].start)
        ]
        for signed in row.signatures:
            if signed.target in met.targets:
                yield RestoredRow(
                    sha256=row.sha256,
                    kind=signed.kind,
                    index=signed.index,
                    domain=signed.domain,
                    selector=signed.selector,
                    witness_sha256=witness.sha256,
                    witness_location=witness.location,
                    witness=witness.part,
                    steps=list(met.body.steps),
                    edits=edits,
                )

    def tell(self) -> None:
        """Write a notice for each kind of what was left out."""
        said = "altered mails in which not all words of others were tried"
        self._mails.tell(("engine.restored_limit", self._unfinished, said))
