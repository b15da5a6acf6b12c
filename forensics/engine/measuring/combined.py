"""On how many mails of a corpus moderate findings of several rules meet, and which of them share nothing."""

from collections.abc import Mapping, Sequence

from forensics.engine.measuring.alarms import accused
from forensics.engine.measuring.counts import ItemRow, digest
from forensics.model.findings import Finding, StoredFinding
from forensics.model.measuring import CombinedCount, Meeting
from forensics.model.rules import Strength
from forensics.stages.grading.owners import Reads, apart, countable
from forensics.stages.grading.rank import Weighted, counts, rank

DIGITS = 16
"""Hex digits of a mail's digest in a row."""


def mails_counted(
    mails: Sequence[ItemRow], routes: Mapping[str, str], findings: Sequence[Finding], corpus: str
) -> tuple[CombinedCount, ...]:
    """Return a row for each route: its mails, their senders, and those that a single finding accuses at strong.

    Args:
        mails: all of the corpus that are held to be clean.
        routes: of each, by digest.
        findings: of the corpus.
        corpus: its name.
    """
    strong = {item for one in findings if one.strength == Strength.STRONG.word for item in accused(one)}
    whole = digest(row.sha256 for row in mails)
    found = []
    for route in sorted({routes[row.sha256] for row in mails}):
        of_route = [row for row in mails if routes[row.sha256] == route]
        found.append(
            CombinedCount(
                corpus=corpus,
                route=route,
                mails=len({row.sha256 for row in of_route}),
                senders=len({row.sender for row in of_route}),
                strong=len(strong & {row.sha256 for row in of_route}),
                items=whole,
            )
        )
    return tuple(found)


def meetings(
    mails: Sequence[ItemRow], routes: Mapping[str, str], findings: Sequence[StoredFinding], corpus: str
) -> tuple[Meeting, ...]:
    """Return a row for each mail on which findings of two rules or more are moderate or above, by digest.

    Args:
        mails: all of the corpus that are held to be clean.
        routes: of each, by digest.
        findings: of the corpus.
        corpus: its name.
    """
    seen: dict[str, Sequence[StoredFinding]] = {}
    reads = Reads()
    for stored in findings:
        reads.take(stored)

    def keep(sha256: str, found: Sequence[Weighted]) -> None:
        seen[sha256] = countable(found)

    # The ranking knows for which items a finding counts.
    rank([stored for stored in findings if counts(stored.finding)], keep)
    senders = {row.sha256: row.sender for row in mails}
    numbers: dict[str, int] = {}
    found = []
    for sha256 in sorted(seen.keys() & senders.keys()):
        met = sorted({stored.finding.rule for stored in seen[sha256]})
        if len(met) > 1:
            found.append(
                Meeting(
                    corpus=corpus,
                    route=routes[sha256],
                    mail=sha256[:DIGITS],
                    sender=numbers.setdefault(senders[sha256], len(numbers) + 1),
                    met=" ".join(met),
                    apart=" ".join(sorted(["+".join(two) for two in apart(sha256, seen[sha256], reads)])),
                )
            )
    return tuple(found)
