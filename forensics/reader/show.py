"""One item of a case with the findings about it, or all members of a cluster."""

from collections.abc import Mapping, Sequence

import msgspec

from forensics.errors import ForensicsError, NoText, Restricted
from forensics.model.comparing import ComparedLine
from forensics.model.findings import Finding, Ranked
from forensics.model.items import Notice
from forensics.model.key_lines import SignatureVerdict
from forensics.model.lineage import LineagePlace
from forensics.model.paths import AnyPath
from forensics.model.rows.chains import ChainRow
from forensics.model.rows.quoted_mails import QuotedMailRow
from forensics.model.signer_lines import SignedPartLine
from forensics.model.summary import ItemFacts
from forensics.model.texts import Attachment, Text
from forensics.model.threads import ThreadPlace
from forensics.reader.against import against
from forensics.reader.case import Case, open_case


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What ``show`` shows."""

    facts: ItemFacts
    findings: tuple[Finding, ...]
    signatures: tuple[SignatureVerdict, ...] = ()
    """Of a mail: what each says under the keys at hand."""
    thread: ThreadPlace | None = None
    """Of a mail, once the case was judged."""
    lineage: LineagePlace | None = None
    """Of a Word document that shares editing sessions with others, once the case was judged."""
    quoted: tuple[QuotedMailRow, ...] = ()
    """Of a mail: the mails that its texts quote, as far as they say."""
    signed_parts: tuple[SignedPartLine, ...] = ()
    """Of a mail: the parts that its author signed or encrypted."""
    chain: ChainRow | None = None
    """What its ARC chain says under them; none where it has no chain."""
    entry: Ranked | None = None
    """The first line of the ranking that is about it: as its item, a partner, a member or a witness."""
    text: Text | None = None
    """Of a mail or a file that is text, read again from the source; where that could not be done, a notice of its
    facts says why."""
    attachments: tuple[Attachment, ...] = ()
    """Of a mail: the files that it carries."""
    against: ComparedLine | None = None
    """In what it differs from its original in a reference, from a document nearly as it is, or from the first other
    mail of its entry that could be the same mail; none where there is none. Where one of the two cannot be read
    again, a notice of its facts says why."""


def show(
    case: AnyPath,
    item: str | int,
    *,
    sources: Mapping[str, AnyPath] | Sequence[str] = (),
    passwords: Sequence[bytes] = (),
    texts: bool = True,
) -> tuple[Shown, ...]:
    """Return an item of a case, or all members where a rank names a cluster.

    Args:
        case: the case folder.
        item: a rank (``3`` or ``"#3"``), at least 6 digits that begin a SHA-256, or a location as printed.
        sources: where sources lie now, as `open_case` takes them: header fields and texts are read again.
        passwords: tried in order on encrypted members.
        texts: whether texts are read.

    Raises:
        UnknownItem: nothing is meant.
        AmbiguousItem: more than one item is meant.
    """
    with open_case(case, sources=sources, passwords=passwords, partial=True) as opened:
        return tuple([_shown(opened, item, facts, texts=texts) for facts in opened.members(item)])


def _shown(case: Case, item: str | int, facts: ItemFacts, *, texts: bool) -> Shown:
    text, facts = _text(case, facts) if texts else (None, facts)
    entry = case.entry(facts.ref.sha256)
    differing, facts = _against(case, facts, entry) if texts else (None, facts)
    return Shown(
        facts=facts,
        findings=tuple(case.findings(facts.ref.sha256 or item)),
        signatures=case.signatures(facts),
        thread=case.thread(facts),
        lineage=case.lineage(facts),
        quoted=case.quoted(facts),
        signed_parts=case.signed_parts(facts),
        chain=case.chain(facts),
        entry=entry,
        text=text,
        attachments=case.attachments(facts),
        against=differing,
    )


def _text(case: Case, facts: ItemFacts) -> tuple[Text | None, ItemFacts]:
    """Return the text of an item, or with its facts a notice that it could not be read."""
    if not facts.ref.sha256 or facts.restricted:
        return None, facts
    try:
        return case.text(facts), facts
    except (NoText, Restricted):
        return None, facts
    except (ForensicsError, OSError) as error:
        return None, _noted(facts, f"the text cannot be read again from the source: {error}")


def _against(case: Case, facts: ItemFacts, entry: Ranked | None) -> tuple[ComparedLine | None, ItemFacts]:
    """Return in what an item differs from its original, or from the other mail of its entry.

    Where that cannot be read again, with its facts a notice of why not.
    """
    try:
        return against(case, entry, facts.ref.sha256), facts
    except (ForensicsError, OSError) as error:
        return None, _noted(facts, f"it cannot be compared with the other mail of its entry: {error}")


def _noted(facts: ItemFacts, text: str) -> ItemFacts:
    note = Notice(code="engine.source_not_read", text=text)
    return msgspec.structs.replace(facts, notices=(*facts.notices, note))
