"""Table ``quotes``, made over the whole case: what became of the quoted lines of each mail that answers another."""

import msgspec

from forensics.model.rows.located import LocatedRow


class DifferenceRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One edit by which a quoted line differs from the mail that it was taken from."""

    kind: str
    """Closed list of `forensics.relations.quotes.words`."""
    quoted: str
    """Words that the quote has there; empty where it lacks some."""
    original: str
    """Words that the original has there."""
    words: int
    """Of the quoted line; of added ones together."""
    matched: int
    """Lines of the same quoted block that stand in the original."""
    depth: int
    """How deep the line is quoted by marks: 1 for what the mail answers; 0 where only a header above says so."""
    line: LocatedRow
    """The line in the mail that quotes, without marks; no bytes where they do not stand there as they are shown."""
    original_line: LocatedRow
    """What corresponds to it in the original."""
    repliers_as_quoted: int = 0
    """Senders of other answers to the original that have the line as it is quoted."""
    repliers_as_original: int = 0
    """The same with the line as the original has it."""
    answers_as_quoted: int = 0
    """Answers to the mail that quotes, which have the line as it is quoted."""
    answers_as_original: int = 0


class QuoteRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mail whose quoted lines were looked for in the mails that it answers, each line counted once."""

    sha256: str
    original_sha256: str
    """The nearest mail above it that is there."""
    direct: bool
    """Whether that is the one that it says it answers."""
    lines: int
    """All quoted lines; 0 where it quotes none that is marked."""
    same: int
    """Stand in the original, but for wrap, marks and signs."""
    short: int
    """Fewer than eight letters."""
    further: int
    """Stand in a mail that the original answers."""
    rewritten: int
    """Stand there but for links, addresses, numbers of lists and what stands in brackets."""
    formal: int
    """Fields of headers, attributions, trailers and heads of diffs."""
    other: int
    """Stand in none of these mails: remarks without a mark, text of other mails."""
    unread: int
    """Not looked for, since there were too many."""
    differing: int
    """How many edits there are; `differences` may name fewer."""
    differences: list[DifferenceRow] = []
