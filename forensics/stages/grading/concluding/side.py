"""Which of two mails is likelier the changed one: by signatures, by who agrees with one of them, by clocks."""

from collections.abc import Iterator

from forensics.model.sentences import Sentence, says
from forensics.stages.grading.concluding import clocks
from forensics.stages.grading.concluding.entry import (
    ATTACHMENT_DIFFERS,
    COPY_DIFFERS,
    ONE_MESSAGE_ID,
    QUOTE_DIFFERS,
    SHARED_IDS,
    SIGNED_ELSEWHERE,
    Entry,
)
from forensics.stages.grading.concluding.facts import Facts
from forensics.stages.grading.concluding.lengths import DAY

_THIS = says("conclusion.side.this", one="Likelier changed is this one: {reasons}.")
_OTHER = says("conclusion.side.other", one="Likelier changed is the other one: {reasons}.")
_EITHER = says(
    "conclusion.side.either", one="Nothing here tells which of the two was changed: others have either wording."
)
_NOTHING = says("conclusion.side.nothing", one="Nothing here tells which of the two was changed, if either was.")
_CONTRARY = says(
    "conclusion.side.contrary",
    one="What tells which of the two was changed does not agree: for this one {this}; for the other {other}.",
)
_SIGNATURE = says(
    "conclusion.side.signature",
    one="no signature in it fits its text or header, one in the other fits",
)
_SIGNED_THERE = says("conclusion.side.signed_there", one="what its signature covers stands in the other and not in it")
_COPIES = says(
    "conclusion.side.copies",
    one="1 further mail under its Message-ID has the other's letters, none has its own",
    many="{n} further mails under its Message-ID have the other's letters, none has its own",
)
_HOLDS_THERE = says("conclusion.side.holds_there", one="a signature in the other holds, none in it does")
_REPLIERS = says(
    "conclusion.side.repliers",
    one="others who answer the mail that is quoted have the words as the other has them, none as it has them",
)
_ANSWERS = says(
    "conclusion.side.answers",
    one="answers to the mail that quotes have the words as the other has them, none as it has them",
)
_CLOCKS = says(
    "conclusion.side.clocks",
    one="its Date is contradicted by clocks in it that agree with each other, the other's is not",
)

ABOUT_TWO = (COPY_DIFFERS, ONE_MESSAGE_ID, SHARED_IDS, SIGNED_ELSEWHERE, ATTACHMENT_DIFFERS, QUOTE_DIFFERS)
FAR = 2 * DAY
"""By which clocks must contradict a Date to tell."""


def side(entry: Entry, facts: Facts) -> tuple[tuple[Sentence, ...], str]:
    """Return what is said of which mail was changed, and the digest of that mail; empty where nothing tells.

    Nothing is said of an entry about one mail, nor about more than two unless several quote one of them.
    """
    if not entry.item or not entry.of(*ABOUT_TWO):
        return (), ""
    other = entry.pair
    if not other:
        several = entry.of(QUOTE_DIFFERS) and entry.suspects(entry.item, QUOTE_DIFFERS)
        reasons = [why for sha256 in entry.others for why in _outvoted(entry.item, sha256, facts)] if several else []
        return (
            ((_THIS(reasons=tuple({why.key: why for why in reasons}.values())),), entry.item) if reasons else ((), "")
        )
    this = tuple(_reasons(entry.item, other, entry, facts))
    that = tuple(_reasons(other, entry.item, entry, facts))
    if this and that:
        return (_CONTRARY(this=this, other=that),), ""
    if this:
        return (_THIS(reasons=this),), entry.item
    if that:
        return (_OTHER(reasons=that),), other
    alike, *unlike = _wordings(entry.item, other, facts)
    return ((_EITHER() if alike and any(unlike) else _NOTHING()),), ""


def _reasons(one: str, other: str, entry: Entry, facts: Facts) -> Iterator[Sentence]:
    """Yield what speaks for the one having been changed and not the other."""
    fits, fits_there = _fits(one, facts), _fits(other, facts)
    if entry.accuses(one, other, SIGNED_ELSEWHERE):
        yield _SIGNED_THERE()
    elif fits is False and fits_there:
        yield _SIGNATURE()
    elif entry.of(QUOTE_DIFFERS) and _holds(other, facts) and not _holds(one, facts):
        yield _HOLDS_THERE()
    mine, theirs = facts.mail(one), facts.mail(other)
    if mine and theirs and not mine.twins and theirs.twins and mine.message_id == theirs.message_id:
        yield _COPIES(theirs.twins)
    yield from _outvoted(one, other, facts)
    if entry.of(SHARED_IDS) and _contradicted(one, entry, facts) and _contradicted(other, entry, facts) is False:
        yield _CLOCKS()


def _holds(sha256: str, facts: Facts) -> bool:
    return any(row.body_holds and row.header_holds for row in facts.signed.get(sha256, ()))


def _fits(sha256: str, facts: Facts) -> bool | None:
    """Whether a signature of a mail fits its body and nothing says that its header is another; None: none tells."""
    rows = facts.signed.get(sha256, ())
    if any(row.body_holds and row.header_holds is not False for row in rows):
        return True
    return False if any(row.body_holds is False or row.header_holds is False for row in rows) else None


def _outvoted(one: str, other: str, facts: Facts) -> Iterator[Sentence]:
    """Yield who has the words in which one mail quotes another as the other has them, if none has them as the one."""
    alike, of_repliers, of_answers = _wordings(one, other, facts)
    if not alike:
        if of_repliers:
            yield _REPLIERS()
        if of_answers:
            yield _ANSWERS()


def _wordings(one: str, other: str, facts: Facts) -> tuple[int, int, int]:
    """Count who else has the words in which one of two mails quotes the other.

    Returns:
        How many have them as the one mail has them; how many who answer the quoted mail, and how many answers to the
        mail that quotes, as the other has them. All are 0 where neither quotes the other in other words.
    """
    alike = of_repliers = of_answers = 0
    for row in facts.quotes.get((other, one), ()):
        alike += row.edit.repliers_as_quoted + row.edit.answers_as_quoted
        of_repliers += row.edit.repliers_as_original
        of_answers += row.edit.answers_as_original
    for row in facts.quotes.get((one, other), ()):
        alike += row.edit.repliers_as_original + row.edit.answers_as_original
        of_repliers += row.edit.repliers_as_quoted
        of_answers += row.edit.answers_as_quoted
    return alike, of_repliers, of_answers


def _contradicted(sha256: str, entry: Entry, facts: Facts) -> bool | None:
    """Whether clocks of two owners in a mail are days from its Date; False where two owners agree with it."""
    found = clocks.clocks_of(sha256, entry, facts)
    if found is None:
        return None
    group = clocks.against(found)
    if clocks.owners(group) > 1 and min(abs(clock.at - found.claim) for clock in group) > FAR:
        return True
    return False if clocks.owners(found.agreeing()) > 1 else None
