"""Copies of one mail, by Message-ID and text, whose sender, date or recipients differ: both are read and compared.

Most that differ are copies that a list or a server rewrote, as the comparison knows; a row is written for the others.

Source: knowledge base X-07.
"""

import msgspec

from forensics.model.codec import encode_text
from forensics.model.comparing import ComparedItem, line_of
from forensics.model.locations import Location
from forensics.model.rows.copy_claims import CopyClaimsRow
from forensics.relations.alike import MOST
from forensics.relations.comparing.mails import compare_mails
from forensics.relations.comparing.reading import header_whole
from forensics.stages.rereading import Rereading
from forensics.stages.stage import Settings, Tables, Write

NAME = "copy_claims"
VERSION = 2
READS = ("messages", "occurrences")
WRITES = ("copy_claims", "notices")
TAKES = ("contents", "limits")
ROWS_NEEDED = {"messages": 2}

CLAIMS = frozenset(
    ("date", "from", "from_name", "sender", "reply_to", "recipient_added", "recipient_removed", "recipient_name")
)
"""Kinds of differences for which a row is written; it has the others as well."""

# What a store keeps as properties has no header to compare. Short texts have no digest of their letters. Of mails
# without a text nothing says that they are one, and a header that breaks off has none.
_MAILS = """
WITH mails AS MATERIALIZED (
    SELECT item, message_id, coalesce(nullif(letters_sha256, ''), body_sha256) AS letters, instant FROM flat.mails
    WHERE message_id <> '' AND NOT stored AND body_sha256 NOT IN ('', sha256(''))),
groups AS MATERIALIZED (SELECT message_id, letters, count(*) AS n FROM mails GROUP BY ALL)"""
_MANY = f"{_MAILS} SELECT coalesce(sum(n), 0)::BIGINT AS n FROM groups WHERE n > {MOST}"
_PAIRS = f"""{_MAILS},
shared AS (SELECT message_id, letters FROM groups WHERE n BETWEEN 2 AND {MOST}),
copies AS MATERIALIZED (FROM mails SEMI JOIN shared USING (message_id, letters)),
named AS (
    SELECT item, list_sort(list(DISTINCT field || ':' || address || coalesce("name", ''))) AS claims FROM flat.parties
    SEMI JOIN copies USING (item) WHERE field IN ('from', 'sender', 'reply-to', 'to', 'cc') GROUP BY item),
claimed AS MATERIALIZED (
    SELECT c.*, coalesce(claims, []) AS claims FROM copies c LEFT JOIN named USING (item))
SELECT i.sha256, i.location, o.sha256 AS other_sha256, o.location AS other_location
FROM claimed a JOIN claimed b USING (message_id, letters)
JOIN flat.items i ON i.item = a.item JOIN flat.items o ON o.item = b.item
WHERE a.item < b.item AND (a.claims <> b.claims OR a.instant IS DISTINCT FROM b.instant)
ORDER BY i.sha256, o.sha256
"""


class _Pair(msgspec.Struct, frozen=True):
    sha256: str
    location: Location
    other_sha256: str
    other_location: Location


class _Count(msgspec.Struct, frozen=True):
    n: int


def loads() -> tuple[str, ...]:
    """Return nothing: it imports no module by name."""
    return ()


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Compare each pair whose claims differ."""
    mails = Rereading(settings.contents, write, "engine.copies_unread", "engine.copies_fault")
    cut = 0
    for pair in tables.rows(_PAIRS, {}, _Pair):
        with mails.guarded(pair.location):
            row, whole = _compared(pair, mails, settings)
            cut += not whole
            if row is not None:
                write("copy_claims", row)
    (many,) = tables.rows(_MANY, {}, _Count)
    mails.tell(
        ("engine.claims_limit", many.n, f"mails of which there are more than {MOST} copies: claims not compared"),
        ("engine.claims_limit", cut, "pairs of copies of mails with headers too long to be read whole: not judged"),
    )


def _compared(pair: _Pair, mails: Rereading, settings: Settings) -> tuple[CopyClaimsRow | None, bool]:
    """Return the row of two mails, and whether their headers are known whole.

    ``None``: something lawful explains what they claim, one is not at hand, or what one lacks may stand beyond a limit.
    """
    one, other = mails.read(pair.location), mails.read(pair.other_location)
    if one is None or other is None:
        return None, True
    line = line_of(
        compare_mails(one, other, settings.limits),
        ComparedItem(sha256=pair.sha256, location=pair.location),
        ComparedItem(sha256=pair.other_sha256, location=pair.other_location),
        "message_id",
    )
    unexplained = sorted({difference.kind for difference in line.differences if not difference.lawful})
    if CLAIMS.isdisjoint(unexplained):
        return None, True
    if not all(header_whole(data, settings.limits) for data in (one, other)):
        return None, False
    row = CopyClaimsRow(
        sha256=pair.sha256, other_sha256=pair.other_sha256, unexplained=unexplained, compared=encode_text(line)
    )
    return row, True
