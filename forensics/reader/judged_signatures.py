"""Signatures of mails without a case, under keys that are given."""

from collections.abc import Iterable

from forensics.authenticity.judging import Keys, judge, of_body
from forensics.authenticity.key_records import KeyRecord, read_record
from forensics.knowledge.suffixes import organization
from forensics.model.key_lines import SignatureVerdict
from forensics.model.keys import Key
from forensics.model.rows.keys import row_of
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.signatures import SignatureRow


def judged_signatures(
    signatures: Iterable[SignatureRow], messages: Iterable[MessageRow], given: Iterable[Key]
) -> tuple[SignatureVerdict, ...]:
    """Return what each signature says, in the order of the rows; one whose key was not given says so of its body."""
    keys = _by_selector(given)
    senders = {row.sha256: row.from_domain for row in messages}
    return tuple([_verdict(row, senders.get(row.sha256, ""), keys) for row in signatures])


def _by_selector(given: Iterable[Key]) -> Keys:
    found: dict[tuple[str, str], list[tuple[str, KeyRecord]]] = {}
    for row in sorted(map(row_of, given), key=lambda row: (row.first_seen is None, row.first_seen or 0, row.key)):
        found.setdefault((row.domain, row.selector), []).append((row.origin, read_record(row.record)))
    return found


def _verdict(row: SignatureRow, sender: str, keys: Keys) -> SignatureVerdict:
    judged = judge(row, keys)
    return SignatureVerdict(
        sha256=row.sha256,
        kind=row.kind,
        index=row.index,
        domain=row.domain,
        selector=row.selector,
        algorithm=row.algorithm,
        header=judged.opened.outcome if judged else "",
        body="" if row.kind == "as" else of_body(row),
        origin=judged.key if judged else "",
        aligned=row.kind == "dkim" and organization(row.domain) == organization(sender),
        limits=judged.limits if judged else (),
    )
