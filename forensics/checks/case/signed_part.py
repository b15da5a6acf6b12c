"""What an author signed contradicts its signature, or is another's, by a key that did not come with the mail.

`mail.signed_part` says the same of what a mail's own key shows, while it is read. Here the key is of a file, or other
mails of the archive carry it.
"""

from collections.abc import Iterable, Iterator

from forensics.checks import settle
from forensics.checks._authors import METHODS, PART_COLUMNS, PARTS, Part, example, key_of
from forensics.checks._facts import cite_located, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import Value, says
from forensics.model.signed_parts import PartOutcome

RULE = Rule(
    id="case.signed_part",
    version=2,
    title="Signed part contradicts its signature, by another key than its mail carries",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNER_TRIED,
    bins=(Bin("other_key"), Bin("other_signer", ceiling=Strength.CONTEXT)),
    group="content",
    compare_with="list",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("broken_client", "resaved", "from_rewritten", "private_address", "unsolicited"),
    settle=settle.SIGNER_KEY,
    references=("RFC 5652 5.4", "RFC 9580 5.2.3", "kb:O-01", "kb:O-03"),
)

_SAID = {
    "other_key": says(
        "rule.case.signed_part.other_key",
        one=(
            "The {method} signature was not made as it stands by the key that it names, a key {key}, though the digest "
            "is that of the part."
        ),
    ),
    "other_signer": says(
        "rule.case.signed_part.other_signer",
        one="The {method} signature holds with a key of {signers}, a key {key}; From says {sender}.",
    ),
}
_AUTHOR_ELSEWHERE = says(
    "note.signer_in_field_of_list",
    one="It came through a list, and {address} stands in another field of the header.",
)

ROWS_NEEDED = {"signer_verdicts": 1}

QUERY = f"""
SELECT {PART_COLUMNS}, p.outcome,
       CASE WHEN m.list_id <> '' THEN coalesce((SELECT min(a.address) FROM flat.parties a
           WHERE a.item = i.item AND a.field <> 'from' AND list_contains(p.signers, lower(a.address))), '')
           ELSE '' END AS elsewhere
FROM {PARTS} AND (p.outcome = 'other_key'
    OR (p.outcome = 'holds' AND len(p.signers) > 0 AND NOT list_contains(p.signers, coalesce(m.sender, ''))))
ORDER BY i.item, p.index
"""


class Row(Part, frozen=True, kw_only=True):
    """A part that contradicts its signature or From."""

    outcome: str
    elsewhere: str
    """Address of the signer in another field of a mail that a list sent."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each part."""
    for row in rows:
        name = "other_key" if row.outcome == PartOutcome.OTHER_KEY else "other_signer"
        words: dict[str, Value] = {"method": METHODS[row.kind], "key": key_of(row)}
        if name == "other_signer":
            words |= {"signers": ", ".join(row.signers)[:200], "sender": row.sender[:200] or "nobody"}
        note = _AUTHOR_ELSEWHERE(address=row.elsewhere[:200])
        yield Observation(
            sentence=_SAID[name](**words),
            bin=name,
            evidence=(cite_located("signature", row.opening, Role.EITHER, row.sha256, row.location),),
            suspect=row.path if name == "other_key" else "header:From[0]",
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            benign=(settled("from_rewritten", State.EXPLAINS, note),) if row.elsewhere and name != "other_key" else (),
        )


def _row(outcome: str, elsewhere: str = "", **changed: object) -> Row:
    part = example(**changed)
    columns = {name: getattr(part, name) for name in Part.__struct_fields__}
    return Row(**columns, outcome=outcome, elsewhere=elsewhere)


def cases() -> Iterator[Case]:
    """Cases of a signature that another made, and of another signer."""
    yield fires((_row("other_key"),), "its time of signing was changed", bin="other_key")
    carried = _row("other_key", obtained="archive", carriers=2)
    yield fires((carried,), "by a key that other mails carry", bin="other_key")
    yield fires((_row("holds", sender="ben@example.net"),), "another's key", bin="other_signer")
    listed = _row("holds", "anna@example.org", sender="talk@list.example")
    yield explained((listed,), "a list that writes From anew", by="from_rewritten")
    yield silent((), "it holds with a key of its sender")
