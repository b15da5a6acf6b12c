"""How often genuine mails reach a score: the distribution that ``forensics measure`` counts on clean corpora."""

from collections.abc import Sequence

import msgspec

from forensics.knowledge.clean_scores import at_least
from forensics.model.findings import Ranked
from forensics.stages.observed import Rows

MAILS = "SELECT sha256 FROM messages WHERE sha256 IN (SELECT unnest($items)) ORDER BY sha256"


class MailRow(msgspec.Struct, frozen=True):
    """One item that is a mail."""

    sha256: str


def with_clean_scores(ranking: Sequence[Ranked], rows: Rows, leave_out: Sequence[str]) -> tuple[Ranked, ...]:
    """Add to each ranked mail how many genuine mails score as high; nothing else has a distribution yet."""
    items = sorted({line.item.sha256 for line in ranking if line.item is not None})
    mails = {row.sha256 for row in rows(MAILS, {"items": items}, MailRow)}
    return tuple([_with_score(line, leave_out) if _is_in(line, mails) else line for line in ranking])


def _is_in(line: Ranked, mails: set[str]) -> bool:
    return line.item is not None and line.item.sha256 in mails


def _with_score(line: Ranked, leave_out: Sequence[str]) -> Ranked:
    count, n = at_least(line.score, tuple(leave_out))
    return msgspec.structs.replace(line, clean_score={"at_least": count, "n": n}) if n else line
