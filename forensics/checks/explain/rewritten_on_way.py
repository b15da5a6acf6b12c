"""Many mails of the archive are not written as their programs write: a converter or gateway wrote them anew."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks._facts import settled
from forensics.examples.cases import Case, explained, observation, silent
from forensics.model.rules import BenignState, Context, Observation, State
from forensics.model.sentences import says

CAUSE = "rewritten_on_way"

_ARCHIVE_REWRITTEN = says(
    "note.archive_rewritten",
    one=(
        "{k} of {n} other mails in this archive do not follow their programs' conventions: it was converted or "
        "copied by a program that rewrites headers."
    ),
)
_ARCHIVE_AS_WRITTEN = says(
    "note.archive_as_written",
    one="The other mails in this archive follow their programs' conventions, except {k} of {n}.",
)

LEAST_HITS, LEAST_SHARE, MANY = 5, 0.01, 100
"""Other mails that show it, and their share: in genuine lists as delivered it is 1 in 4,000, in archives that one
converter wrote a sixth. With fewer mails, a handful of counter-examples proves nothing."""

QUERY = """
WITH hits AS (SELECT DISTINCT sha256 FROM observations WHERE rule = 'mail.client_form')
SELECT h.sha256, (SELECT count(*) FROM hits) - 1 AS k,
       (SELECT count(*) FROM messages WHERE client.value <> '' OR message_id.value <> '') - 1 AS n
FROM hits h ORDER BY h.sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One observed mail, and how many of the archive's other mails show the same."""

    sha256: str
    k: int
    n: int


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Settle the cause where one in a hundred mails of the archive shows it; a few odd mails are no conversion."""
    found = {row.sha256: row for row in rows}
    for index, seen in enumerate(observations):
        row = found.get(seen.subjects[0].sha256) if seen.rule == "mail.client_form" else None
        if row is None:
            continue
        if row.k >= LEAST_HITS and row.k >= LEAST_SHARE * row.n:
            yield index, settled(CAUSE, State.EXPLAINS, _ARCHIVE_REWRITTEN(k=row.k, n=row.n))
        elif row.n >= MANY:
            yield index, settled(CAUSE, State.EXCLUDED, _ARCHIVE_AS_WRITTEN(k=row.k, n=row.n))


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def row(k: int, n: int) -> Row:
        return Row(sha256="0" * 64, k=k, n=n)

    seen = (observation("mail.client_form", bin="one"),)
    yield explained((row(500, 3_000),), "a sixth of the archive", by=CAUSE, observations=seen)
    yield silent((row(25, 9_000),), "a few in a large archive", observations=seen)
    yield explained((row(6, 60),), "a tenth of a small folder", by=CAUSE, observations=seen)
    yield silent((row(4, 300),), "too few to tell a converter", observations=seen)
    yield silent((row(2, 60),), "a small folder, where that says nothing", observations=seen)
    yield silent((), "an observation of another rule", observations=(observation(),))
