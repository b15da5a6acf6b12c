"""One item of a case with the findings about it, or all members of a cluster."""

import msgspec

from forensics.model.findings import Finding
from forensics.model.key_lines import SignatureVerdict
from forensics.model.paths import AnyPath
from forensics.model.rows.chains import ChainRow
from forensics.model.rows.quoted_mails import QuotedMailRow
from forensics.model.signer_lines import SignedPartLine
from forensics.model.summary import ItemFacts
from forensics.model.threads import ThreadPlace
from forensics.reader.case import open_case


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What ``show`` shows."""

    facts: ItemFacts
    findings: tuple[Finding, ...]
    signatures: tuple[SignatureVerdict, ...] = ()
    """Of a mail: what each says under the keys at hand."""
    thread: ThreadPlace | None = None
    """Of a mail, once the case was judged."""
    quoted: tuple[QuotedMailRow, ...] = ()
    """Of a mail: the mails that its texts quote, as far as they say."""
    signed_parts: tuple[SignedPartLine, ...] = ()
    """Of a mail: the parts that its author signed or encrypted."""
    chain: ChainRow | None = None
    """What its ARC chain says under them; none where it has no chain."""


def show(case: AnyPath, item: str | int) -> tuple[Shown, ...]:
    """Return an item of a case, or all members where a rank names a cluster.

    Args:
        case: the case folder.
        item: a rank (``3`` or ``"#3"``), at least 6 digits that begin a SHA-256, or a location as printed.

    Raises:
        UnknownItem: nothing is meant.
        AmbiguousItem: more than one item is meant.
    """
    with open_case(case, partial=True) as opened:
        return tuple(
            [
                Shown(
                    facts=facts,
                    findings=tuple(opened.findings(facts.ref.sha256 or item)),
                    signatures=opened.signatures(facts),
                    thread=opened.thread(facts),
                    quoted=opened.quoted(facts),
                    signed_parts=opened.signed_parts(facts),
                    chain=opened.chain(facts),
                )
                for facts in opened.members(item)
            ]
        )
