"""The lists of a case in one call each: opened, read to the end, closed. `Case` gives several of one opening."""

from collections.abc import Iterator

from forensics.checks import RULES, load
from forensics.model.accounts import AccountLine
from forensics.model.findings import Finding, Ranked, SetAside
from forensics.model.key_lines import KeyLine, KeyUse
from forensics.model.ledger import LedgerLine, MissingLine
from forensics.model.lines import ItemLine
from forensics.model.mark_lines import MarkLine
from forensics.model.paths import AnyPath
from forensics.model.rules import Rule
from forensics.model.selecting import Selection
from forensics.model.signer_lines import SignerKeyLine, SignerUse
from forensics.reader.case import open_case


def items(
    case: AnyPath, *, status: str = "", media_type: str = "", where: Selection | None = None
) -> Iterator[ItemLine]:
    """Yield every occurrence that has been read so far, in the order of locations; `forensics.reached` says how far.

    Args:
        case: the case folder.
        status: only ``parsed``, ``partial``, ``unread`` or ``skipped``; empty: all.
        media_type: only this type; empty: all.
        where: only these items; ``None``: all.
    """
    with open_case(case) as opened:
        yield from opened.items(status=status, media_type=media_type, where=where)


def accounts(case: AnyPath) -> Iterator[AccountLine]:
    """Yield what became of the bytes of each source, as far as it has been read; `forensics.reached` says how far.

    Args:
        case: the case folder.
    """
    with open_case(case) as opened:
        yield from opened.accounts()


def findings(
    case: AnyPath,
    *,
    strength: str = "context",
    rule: str = "",
    item: str = "",
    where: Selection | None = None,
    partial: bool = False,
) -> Iterator[Finding]:
    """Yield findings, strongest first, then by rule and id.

    Args:
        case: the case folder.
        strength: this and above.
        rule: only of this rule; empty: all.
        item: start of a SHA-256: only findings about such an item; empty: all.
        where: only about an item of these; ``None``: all.
        partial: whether to answer for a case that is not wholly read and judged.

    Raises:
        UsageError: no such strength or rule.
        NotJudged: the case is not wholly read and judged, and *partial* is not set.
    """
    with open_case(case, partial=partial) as opened:
        yield from opened.findings(strength=strength, rule=rule, starts=item, where=where)


def rank(
    case: AnyPath, *, strength: str = "context", where: Selection | None = None, partial: bool = False
) -> Iterator[Ranked]:
    """Yield the ranking in its order, lines of this strength and above.

    Args:
        case: the case folder.
        strength: this and above.
        where: only lines that name an item of these; ``None``: all.
        partial: whether to answer for a case that is not wholly read and judged.

    Raises:
        NotJudged: the case is not wholly read and judged, and *partial* is not set.
    """
    with open_case(case, partial=partial) as opened:
        yield from opened.rank(strength=strength, where=where)


def set_aside(case: AnyPath, *, partial: bool = False) -> Iterator[SetAside]:
    """Yield what was brought down to context, by rule and reason; `rank` says the same of what was not.

    Args:
        case: the case folder.
        partial: whether to answer for a case that is not wholly read and judged.

    Raises:
        NotJudged: the case is not wholly read and judged, and *partial* is not set.
    """
    with open_case(case, partial=partial) as opened:
        yield from opened.set_aside()


def ledger(case: AnyPath, *, marked: bool = False, partial: bool = False) -> Iterator[LedgerLine]:
    """Yield what each mailbox holds and lacks, by month: those with most mails first.

    Args:
        case: the case folder.
        marked: only months that show more than chance allows.
        partial: whether to answer for a case that is not wholly read and judged.

    Raises:
        NotJudged: the case is not wholly read and judged, and *partial* is not set.
    """
    with open_case(case, partial=partial) as opened:
        yield from opened.ledger(marked=marked)


def missing(case: AnyPath, *, partial: bool = False) -> Iterator[MissingLine]:
    """Yield the messages that mails name and the archive does not hold, those with most replies first.

    Args:
        case: the case folder.
        partial: whether to answer for a case that is not wholly read and judged.

    Raises:
        NotJudged: the case is not wholly read and judged, and *partial* is not set.
    """
    with open_case(case, partial=partial) as opened:
        yield from opened.missing()


def marks(case: AnyPath, item: str | int | None = None) -> Iterator[MarkLine]:
    """Yield every act by which readers marked items, in their order; what was undone or superseded too.

    Args:
        case: the case folder.
        item: only on this item, or the items of this rank; ``None``: all.

    Raises:
        UnknownItem: *item* means nothing.
        AmbiguousItem: it means several digests, and is no rank.
        NotJudged: it is a rank of a case that is not wholly read and judged.
    """
    with open_case(case) as opened:
        yield from opened.marks(item)


def keys(case: AnyPath) -> Iterator[KeyLine]:
    """Yield the keys that a case has, by domain and selector, with what each opens.

    What they open is as the case was last judged: `forensics.reached` says whether that was with all of them.
    """
    with open_case(case) as opened:
        yield from opened.keys()


def key_coverage(case: AnyPath) -> Iterator[KeyUse]:
    """Yield the selectors that signatures use, and the key at hand for each.

    First come those whose keys would decide most mails. What keys open is as the case was last judged.
    """
    with open_case(case) as opened:
        yield from opened.key_coverage()


def signer_keys(case: AnyPath) -> Iterator[SignerKeyLine]:
    """Yield the certificates and OpenPGP keys of authors that a case has, by address, with what each opens."""
    with open_case(case) as opened:
        yield from opened.signer_keys()


def signer_coverage(case: AnyPath) -> Iterator[SignerUse]:
    """Yield the authors who sign with S/MIME or OpenPGP, and the key at hand for each.

    First come those whose keys would decide most mails. What keys open is as the case was last judged.
    """
    with open_case(case) as opened:
        yield from opened.signer_coverage()


def rules() -> tuple[Rule, ...]:
    """Return all rules in the order in which they run."""
    return tuple(load(name).RULE for name in RULES)
