"""What is to be tried of one selector, and the keys that were found of it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from forensics.authenticity.key_records import read_record
from forensics.authenticity.recovery import Signed
from forensics.casestore import Queries
from forensics.engine.recovering.selectors import Selector, Support, misfits, tally
from forensics.model.keys import Key, Obtained
from forensics.model.recovering import RecoveredKey

MOST_PAIRS = 6
"""That are tried until a key is found: where so many fail, what is left was changed on its way or has many keys."""


class Found(NamedTuple):
    """A key that was found."""

    record: bytes
    origin: str
    pairs: int
    cpu_s: float


class Work:
    """What is to be tried of one selector.

    Attributes:
        records: keys that are known, those that were found here among them.
        tried: pairs since the last key was found.
        cpu_s: processor seconds that these took.
        pairs: that are left to try; none before its signatures were looked at.
        looked: keys of that selector, of all domains, that were known when its signatures were looked at.
        undecided: mails that another key would decide.
        found: keys that were found here.
    """

    def __init__(self, selector: Selector, records: Iterable[bytes]) -> None:
        self.selector = selector
        self.records = list(records)
        self.tried, self.looked, self.cpu_s = 0, 0, 0.0
        self.pairs: Iterator[tuple[Signed, Signed]] | None = None
        self.undecided = selector.mails
        self.found: list[Found] = []

    @property
    def turn(self) -> tuple[float, str, str, int]:
        """Say who comes first: many mails would be decided, and few pairs failed, each of which bodes ill."""
        one = self.selector
        return (-self.undecided / 4**self.tried, one.domain, one.selector, one.size)


def described(queries: Queries, work: Work) -> Iterator[RecoveredKey]:
    """Yield the keys that were found of a selector, with what they open now that all are known."""
    known = tally(queries, work.selector, work.records)
    by_record = {support.record: support for support in known.supports}
    for found in work.found:
        support = by_record[found.record]
        count, first = misfits(queries, work.selector, known.supports, support)
        yield RecoveredKey(
            key=key_of(work.selector, found, support),
            bits=read_record(found.record).bits,
            opened=support.opened,
            holds=support.holds,
            tested=known.tested,
            senders=len(support.senders),
            misfits=count,
            misfitting=tuple(first),
            pairs=found.pairs,
            cpu_s=round(found.cpu_s, 2),
        )


def key_of(selector: Selector, found: Found, support: Support) -> Key:
    """Return a key with the span in which its signatures were made."""
    return Key(
        domain=selector.domain,
        selector=selector.selector,
        record=found.record,
        origin=found.origin,
        obtained=Obtained.RECOVERED,
        first_seen=support.first,
        last_seen=support.last,
    )
