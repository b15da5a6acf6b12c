"""Explains a mark of the other computer, program or provider that a finding on the same mail lists already.

Whoever writes from elsewhere leaves many marks at once. They are one observation, that of `case.sender_profile`; what
other rules see of them adds nothing. An answer that would go to another correspondent is no mark of a computer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from forensics.checks._facts import settled
from forensics.checks._setups import independent
from forensics.examples.cases import Case, explained, observation, silent
from forensics.model.rules import BenignState, Context, Observation, State
from forensics.model.sentences import says

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


# A server had the mail where one wrote a time into its trace.
QUERY = """
SELECT sha256, json_keys(observation->'$.keys') AS marks
FROM observations JOIN flat.items i USING (sha256)
WHERE rule = 'case.sender_profile'
  AND EXISTS (FROM flat.hops h WHERE h.item = i.item AND h.instant IS NOT NULL)
ORDER BY sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail whose marks one finding lists."""

    sha256: str
    marks: tuple[str, ...]


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Settle the cause for the marks of a mail whose marks are listed together, if a server had it."""
    listed = {row.sha256: row.marks for row in rows}
    for index, seen in enumerate(observations):
        marks = listed.get(seen.subjects[0].sha256, ())
        wanted = _FACETS.get(seen.rule, ())
        if marks and seen.bin not in _OF_OTHERS and (ANY in wanted or any(independent(one) in wanted for one in marks)):
            yield index, settled(CAUSE, State.EXPLAINS, _SAME_SETUP(n=len(marks)))


def cases() -> Iterator[Case]:
    """Cases of one mail with new marks."""
    listed = (Row(sha256="0" * 64, marks=("domain", "form id", "program", "server")),)
    answers = observation("case.reply_elsewhere", bin="new_house")
    unsigned = observation("case.signature_missing", bin="unsigned")
    both = (answers, unsigned)
    yield explained(listed, "another server and a private address for answers", by=CAUSE, observations=both)
    yield silent((), "no other mark: the answers alone lead elsewhere", observations=(answers,))
    other = observation("case.reply_elsewhere", bin="other_person")
    yield silent(listed, "answers to another correspondent", observations=(other,))
    zone = observation("case.sender_offset", bin="usual_one_fits")
    yield silent(listed, "the zone is none of the marks", observations=(zone,))
