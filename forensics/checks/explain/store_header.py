"""Explains what a header says of its program where the store wrote that header itself, when the message was saved.

Outlook and converters that save a message without a delivered header write one: Date, Subject and the names from its
properties, the saving program as X-Mailer, a boundary of that moment. Then neither speaks of the sender's program. It
is settled only where the message itself shows when the header was written: no server's field stands in it though the
store says that the mail was sent or delivered, this copy had been made before the header's boundary (or the release of
the program that it names) could be, and it was saved at that time. A copy that was made together with its header may
have been made up with it: there the cause stays open.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks._facts import DAY, clock, settled
from forensics.checks._programs import releases
from forensics.examples.cases import Case, explained, observation, silent
from forensics.examples.times import ticks
from forensics.model.rules import STORE_HEADER, BenignState, Context, Observation, Role, State
from forensics.model.sentences import says

CAUSE = STORE_HEADER

_BOUNDARY = says(
    "note.header_at_saving",
    one=(
        "The header has no server's field, though the store says that the mail was sent or delivered; its boundary was "
        "made at {at}. This copy is older (made at {made} UTC) and was saved at {saved} UTC, and the header with it."
    ),
)
_PROGRAM = says(
    "note.header_by_later_program",
    one=(
        "The header has no server's field, though the store says that the mail was sent or delivered; it names "
        "{program}, released on {born}. This copy is older (made at {made} UTC) and was saved at {saved} UTC, and the "
        "header with it."
    ),
)
_MAYBE = says(
    "note.header_without_server",
    one=(
        "The header has no server's field, though the store says that the mail was sent or delivered: the store or an "
        "export may have written it. Nothing shows that this copy is older than its header."
    ),
)

_OF_PROGRAM = {"mail.mark_after_date": frozenset({"program", "program_seen"})}
"""Bins on the sender's program, of rules that have others: a store takes subject and addresses from the mail."""
_UNSENT = 8
"""MSGFLAG_UNSENT of PidTagMessageFlags: a draft."""

QUERY = """
WITH seen AS (
    SELECT DISTINCT sha256 FROM observations JOIN flat.items USING (sha256) JOIN flat.mails USING (item)
    WHERE stored AND hops = 0 AND rule IN ('mail.mark_after_date', 'mail.boundary_time', 'mail.client_form'))
SELECT DISTINCT sha256, client.value AS client,
       len([t FOR t IN timestamps IF t.kind IN ('submitted', 'stored') AND t.instant IS NOT NULL]) > 0 AS passed,
       TRY_CAST([f.value FOR f IN stored IF f.name = 'mapi.message_flags'][1] AS BIGINT) AS flags,
       len(results) + (SELECT count(*) FROM signatures s WHERE s.sha256 = m.sha256) AS tested,
       [t.instant FOR t IN timestamps IF t.kind = 'mapi_created'][1] AS made,
       [t.instant FOR t IN timestamps IF t.kind = 'ole_created' OR t.kind = 'ole_modified' OR
        t.kind = 'mapi_modified'] AS saved,
       [coalesce(t.instant, t.wall) FOR t IN timestamps IF t.kind = 'boundary'][1] AS boundary
FROM messages m SEMI JOIN seen USING (sha256) ORDER BY ALL
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An observed message of a store whose header has no trace field."""

    sha256: str
    client: str
    passed: bool
    """The store has a time at which it was submitted or delivered."""
    flags: int | None
    tested: int
    """Signatures, and results of tests: servers write these."""
    made: int | None
    """When the store made this copy."""
    saved: list[int | None]
    """When it last changed it, and when the file was written."""
    boundary: int | None
    """When the outermost boundary was made; a local reading where it has no zone."""


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Settle the cause where the copy is older than its header, and leave it open where nothing shows that."""
    known = {row.sha256: _state(row) for row in rows}
    for at, seen in enumerate(observations):
        if seen.bin in _OF_PROGRAM.get(seen.rule, (seen.bin,)):
            accused = {one.sha256 for one in seen.subjects if one.role is not Role.WITNESS}
            state = known.get(accused.pop()) if len(accused) == 1 else None
            if state is not None:
                yield at, state


def _state(row: Row) -> BenignState | None:
    if not row.passed or row.tested or (row.flags or 0) & _UNSENT:
        return None
    if row.made is not None:
        later = [at for at in row.saved if at is not None and at > row.made]
        # A local reading is up to 14 h off.
        near = [at for at in later if row.boundary is not None and abs(at - row.boundary) <= DAY]
        if row.boundary is not None and row.boundary > row.made + 2 * DAY and near:
            values = {"at": clock(row.boundary), "made": clock(row.made), "saved": clock(max(near))}
            return settled(CAUSE, State.EXPLAINS, _BOUNDARY(**values))
        program = max(releases(row.client), key=lambda one: one.born, default=None)
        if program is not None and row.boundary is None and row.made < program.surprising * DAY:
            after = [at for at in later if at >= program.surprising * DAY]
            if after:
                values = {"program": program.shown[:200], "born": clock(program.born * DAY)[:10]}
                values |= {"made": clock(row.made), "saved": clock(max(after))}
                return settled(CAUSE, State.EXPLAINS, _PROGRAM(**values))
    return settled(CAUSE, State.OPEN, _MAYBE())


def cases() -> Iterator[Case]:
    """Cases of when copy and header were made."""

    def row(boundary: str | None = "2015-03-23T10:41:34+00:00", **changed: object) -> Row:
        found = Row(
            sha256="0" * 64,
            client="Microsoft Outlook 15.0",
            passed=True,
            flags=1,
            tested=0,
            made=ticks("2006-06-07T12:15:10+00:00"),
            saved=[ticks("2006-06-07T12:15:10+00:00"), ticks("2015-03-23T09:41:34+00:00")],
            boundary=ticks(boundary) if boundary else None,
        )
        return msgspec.structs.replace(found, **changed)

    mark = (observation("mail.mark_after_date", bin="program"),)
    made = (observation("mail.boundary_time", bin="later>1d"),)
    yield explained((row(),), "saved nine years after the copy was made", by=CAUSE, observations=(*mark, *made))
    yield explained((row(None),), "a text without parts, saved by a later program", by=CAUSE, observations=mark)
    young = row(made=ticks("2015-03-22T10:00:00+00:00"))
    yield silent((young,), "the copy was made when its header was: both may be made up", observations=mark)
    yield silent((row(made=None),), "nothing says when the copy was made", observations=mark)
    yield silent((row(saved=[ticks("2011-03-23T09:41:34+00:00")]),), "saved at another time", observations=made)
    yield silent((row(None, client="Mutt/1.5"),), "neither boundary nor a version of known release", observations=made)
    yield silent((row(passed=False),), "the store does not say that it was sent", observations=mark)
    yield silent((row(flags=9),), "a draft", observations=mark)
    yield silent((row(tested=1),), "a signature stands in the header: it came that way", observations=mark)
    domain = (observation("mail.mark_after_date", bin="domain"),)
    yield silent((row(),), "the sender's address, which the store takes from the mail", observations=domain)
    yield silent((), "a mail with its servers' fields, or as it was sent", observations=mark)
