"""Whether a month of a mailbox lacks more than chance allows.

Messages of one thread go missing together (a list is added to a conversation, a patch series went elsewhere too), so
that the threads are counted that lack any, not the messages: on whole months of four lists, messages mark 3 of 123 and
threads none. All tests of a case share one error: each has its part of `ERROR`.
"""

from forensics.model.ledger import Mark
from forensics.stages.grading.bounds import incomplete_beta

ERROR = 1e-4
"""Chance at which all months of a case together may be marked though nothing is behind it, in each kind of test."""
NUMBERS_SHARE = 0.01
"""Of numbers that a complete mailbox may lack: refused and withdrawn mails, and those that were numbered twice."""
ACTIVE_DAYS = 10
"""Days with mail, on either side of a silence, below which nothing is said of it."""
SILENT_DAYS = 7
"""A shorter silence is never marked: a holiday, or a server that was down."""


def at_least(k: int, n: int, p: float) -> float:
    """Return the chance of *k* or more of *n* where each has the chance *p*: the exact binomial tail."""
    if k <= 0 or p >= 1.0:
        return 1.0
    if p <= 0.0:
        return 0.0
    return incomplete_beta(p, k, n - k + 1)


def silence(days: int, before: float, after: float) -> float:
    """Return the chance of so many days without a mail.

    Args:
        days: whole days without a mail.
        before: share of days with mail in the half-year before; 0 to 1.
        after: in the half-year after.

    The smaller share counts: a mailbox that is hardly used before or after its silence was not cut there. Days are
    taken as independent, which they are not: weekends and holidays come together. So a short silence is never rare.
    """
    return 1.0 if days < SILENT_DAYS else (1.0 - min(before, after)) ** days


def marks(
    *, tests: int, threads: tuple[int, int, float], numbers: tuple[int, int, float] | None, silences: tuple[float, int]
) -> tuple[Mark, ...]:
    """Return in what a month shows more than chance allows.

    Args:
        tests: months of the case that are tested.
        threads: incomplete ones, all, and the share that is expected.
        numbers: those that are left out, all, and the share in a middle month of the mailbox; none: nothing to compare
            with.
        silences: chance of the month's least likely silence, and days of the case after which one could begin.
    """
    found = []
    if at_least(*threads) < ERROR / max(tests, 1):
        found.append(Mark.MISSING)
    if numbers is not None:
        missing, n, share = numbers
        if at_least(missing, n, max(share, NUMBERS_SHARE)) < ERROR / max(tests, 1):
            found.append(Mark.NUMBERS)
    chance, days = silences
    if chance < ERROR / max(days, 1):
        found.append(Mark.SILENCE)
    return tuple(found)
