"""Clocks of senders: what servers stamped tells by how much each is off.

A mail's error is its Date less the stamp of the first server that is not the sender's own computer. What many mails of
one sender and program share in direction and amount is a clock's, not the doing of one mail.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from statistics import median_low
from sys import intern

import msgspec

from forensics.checks._facts import DAY, MINUTE, OFFSETS_APART, settled, span
from forensics.model.rules import BenignState, State
from forensics.model.sentences import Saying, Value, says

SERVED = r"""WITH handed AS MATERIALIZED (FROM flat.hops SEMI JOIN {of} USING (item))
    SELECT item, arg_max(instant, place) AS served FROM handed
    WHERE instant IS NOT NULL AND "from" <> ''
      AND NOT regexp_matches("from", '(?i)localhost|\b127\.0\.0\.1\b|\[(?:IPv6:)?::1\]') GROUP BY item"""
"""The query of the instant of the oldest trace field in which another host handed the mail over, for each item of a
table ``of`` that has one. A field without "from", or from the host itself, may be stamped by the sender's own clock."""

WINDOWS = ((30 * DAY, 0), (15 * DAY, 15 * DAY), (0, 30 * DAY))
"""A month before, around and after the mail: a clock goes wrong one day, and is set right on another."""
LEAST_MAILS, LEAST_DAYS = 5, 3
"""Other mails with the error, and days on which servers had them."""
HABIT_MAILS, HABIT_SHARE, HABIT_DAYS = 20, 0.2, 30
"""Of all other mails, where no month shows the error in half of them (two computers): as for a habit in grading."""
DOUBT = 10 * MINUTE
"""Least error: below it, clocks of those days and seconds on the way."""
_CLOCK_OFF = says(
    "note.clock_off",
    one=(
        "The clock that dates the mails of {sender} is wrong: {k} of {n} other mails within {span} differ from "
        "their first server in the same direction by as much, about {median}. Once that is subtracted, nothing "
        "of this remains."
    ),
)
_CLOCK_OFF_BY_HABIT = says(
    "note.clock_off_by_habit",
    one=(
        "One of the clocks that date the mails of {sender} is wrong: {k} of {n} other mails differ from their "
        "first server in the same direction by as much, about {median}, over {span}. Once that is subtracted, "
        "nothing of this remains."
    ),
)


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One dated mail of a sender whose Date is off in five mails, or one before or after it in its thread."""

    sha256: str
    sender: str
    program: str
    at: int
    wall: int | None
    served: int | None
    """When the first server that is not the sender's own computer had it."""


class Error(msgspec.Struct, frozen=True):
    """The known error of the clock behind one mail's Date."""

    ahead: int
    """Negative where it is behind."""
    state: BenignState


class Clocks:
    """All mails by the clock that dated them: a sender's program."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.mails = {row.sha256: _shared(row) for row in rows}
        self._by_served: dict[tuple[str, str], list[Row]] = {}
        for row in self.mails.values():
            if row.served is not None and row.sender:
                self._by_served.setdefault((row.sender, row.program), []).append(row)
        self._by_date = {key: sorted(found, key=_dated) for key, found in self._by_served.items()}

    def error(self, sha256: str, left_out: AbstractSet[str]) -> Error | None:
        """Return by how much the clock behind a mail's Date is off, by other mails alone; None where they do not tell.

        Args:
            sha256: the mail.
            left_out: mails that are accused together with it: they are no witnesses.
        """
        mail = self.mails.get(sha256)
        if mail is None or not mail.sender:
            return None
        own = None if mail.served is None else mail.at - mail.served
        if own is not None and abs(own) <= DOUBT:
            return None
        key = (mail.sender, mail.program)
        # Without a server's stamp the neighbours are those whose Dates, by the same clock, are near.
        rows, place = (self._by_date, _dated) if mail.served is None else (self._by_served, _served)
        ordered = rows.get(key, [])
        for before, after in WINDOWS:
            start = bisect_left(ordered, place(mail) - before, key=place)
            end = bisect_right(ordered, place(mail) + after, key=place)
            near = _witnesses(ordered[start:end], left_out)
            ahead, alike = _alike(near, own)
            # A Date set back is what a forger wants: days behind need more than a month's mails.
            if _many(alike) and 2 * len(alike) >= len(near) and ahead > -OFFSETS_APART:
                return _error_of(mail, ahead if own is None else own, alike, near, _CLOCK_OFF, before + after)
        every = _witnesses(ordered, left_out)
        ahead, alike = _alike(every, own)
        over = max(map(_served, alike), default=0) - min(map(_served, alike), default=0)
        often = len(every) >= HABIT_MAILS and len(alike) >= HABIT_SHARE * len(every)
        if _many(alike) and often and over >= HABIT_DAYS * DAY:
            return _error_of(mail, ahead if own is None else own, alike, every, _CLOCK_OFF_BY_HABIT, over)
        return None


def _shared(row: Row) -> Row:
    """Return a mail that shares its texts with the others: there may be hundreds of thousands."""
    return msgspec.structs.replace(row, sender=intern(row.sender), program=intern(row.program))


def _dated(row: Row) -> int:
    return row.at


def _served(row: Row) -> int:
    return row.served or 0


def _ahead(row: Row) -> int:
    return row.at - _served(row)


def _witnesses(rows: Iterable[Row], left_out: AbstractSet[str]) -> list[Row]:
    """Return one mail for each Date: copies of one mail are no second witness."""
    return list({row.at: row for row in rows if row.sha256 not in left_out}.values())


def _alike(rows: Sequence[Row], own: int | None) -> tuple[int, list[Row]]:
    """Return the error that mails share, and those that show it: about the mail's own, else the middle one's."""
    off = [row for row in rows if abs(_ahead(row)) > DOUBT]
    if not off:
        return 0, []
    about = median_low([_ahead(row) for row in off]) if own is None else own
    doubt = min(max(5 * MINUTE, abs(about) // 20), DAY)
    alike = [row for row in off if abs(_ahead(row) - about) <= doubt]
    return (median_low([_ahead(row) for row in alike]) if alike else 0), alike


def _many(alike: Sequence[Row]) -> bool:
    return len(alike) >= LEAST_MAILS and len({_served(row) // DAY for row in alike}) >= LEAST_DAYS


def _error_of(mail: Row, ahead: int, alike: Sequence[Row], among: Sequence[Row], note: Saying, over: int) -> Error:
    middle = span(median_low([_ahead(row) for row in alike]))
    values: dict[str, Value] = {
        "sender": mail.sender[:120],
        "k": len(alike),
        "n": len(among),
        "median": middle,
        "span": span(over),
    }
    return Error(ahead, settled("sender_clock", State.EXPLAINS, note(**values)))
