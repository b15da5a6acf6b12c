"""Explains a mark of the other computer, program or provider that a finding on the same mail lists already.

Whoever writes from elsewhere leaves many marks at once. They are one observation, that of `case.sender_profile`; what
other rules see of them adds nothing. An answer that would go to another correspondent is no mark of a computer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from forensics.checks._facts import settled
from forensics.checks._setups import Mark, independent
from forensics.checks.case.sender_profile import QUERY, Row, check
from forensics.examples.cases import Case, explained, observation, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import time_row
from forensics.model.rules import BenignState, Context, Observation, State
from forensics.model.sentences import says

__all__ = ["CAUSE", "QUERY", "Row", "cases", "explain"]

CAUSE = "other_device"

_SAME_SETUP = says(
    "note.same_setup",
    one=(
        "The mail has {n} marks of another computer, program or provider, which one finding lists together; this "
        "has the same cause and is counted there."
    ),
)

ANY = "any"
_FACETS: Mapping[str, tuple[str, ...]] = {
    "case.reply_elsewhere": (ANY,),
    "case.submission_address": (ANY,),
    "case.signature_missing": ("server", "signer"),
    "case.sender_offset": ("offset",),
    "case.client_version": ("program",),
}
"""Rules that see one facet of it, and the marks of which one must be listed."""
_OF_OTHERS = frozenset(("other_person",))
"""Bins that speak of a second person."""


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Settle the cause for the marks of a mail whose marks are listed together, if a server had it."""
    came = [row for row in rows if row.stamp is not None]
    listed = {seen.subjects[0].sha256: seen.keys for seen in check(came, context)}
    for index, seen in enumerate(observations):
        marks = listed.get(seen.subjects[0].sha256, {})
        wanted = _FACETS.get(seen.rule, ())
        if marks and seen.bin not in _OF_OTHERS and (ANY in wanted or any(independent(one) in wanted for one in marks)):
            yield index, settled(CAUSE, State.EXPLAINS, _SAME_SETUP(n=len(marks)))


def _row(*kinds: str, stamped: bool = True) -> Row:
    day = "2017-03-06T09:00:03+00:00"
    return Row(
        sha256="0" * 64,
        sender="anna@example.org",
        marks=[Mark(kind, "new", "old", 40) for kind in sorted(kinds)],
        by_server=False,
        date=time_row(day, path="header:Date[0]"),
        message_id=located_row("1@example.net", "header:Message-ID[0]"),
        signature=None,
        stamp=time_row(day, path="header:Received[0]") if stamped else None,
        location=location(),
    )


def cases() -> Iterator[Case]:
    """Cases of one mail with new marks."""
    marks = ("domain", "program", "form id", "server")
    answers = observation("case.reply_elsewhere", bin="new_house")
    unsigned = observation("case.signature_missing", bin="unsigned")
    both = (answers, unsigned)
    yield explained((_row(*marks),), "another server and a private address for answers", by=CAUSE, observations=both)
    yield silent((_row("domain", "server"),), "too few marks to be listed", observations=(answers,))
    yield silent((), "no other mark: the answers alone lead elsewhere", observations=(answers,))
    other = observation("case.reply_elsewhere", bin="other_person")
    yield silent((_row(*marks),), "answers to another correspondent", observations=(other,))
    zone = observation("case.sender_offset", bin="usual_one_fits")
    yield silent((_row(*marks),), "the zone is none of the marks", observations=(zone,))
    yield silent(
        (_row(*marks, stamped=False),), "no server had the mail: it came from nowhere", observations=(answers,)
    )
