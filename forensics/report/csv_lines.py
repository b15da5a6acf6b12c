"""CSV for spreadsheets and importers: one header line, no cell that a spreadsheet would run."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from forensics.model import codec
from forensics.model.accounts import AccountLine
from forensics.model.findings import EvidenceBytes, Finding, Ranked
from forensics.model.key_lines import KeyLine, KeyUse
from forensics.model.labels import ItemLabel
from forensics.model.ledger import LedgerLine, MissingLine
from forensics.model.lines import ItemLine, TimelineLine
from forensics.model.mark_lines import MarkLine
from forensics.model.searching import SearchLine
from forensics.model.signer_lines import SignerKeyLine, SignerUse
from forensics.report.marks import cell as marked
from forensics.report.visible import visible

_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WIDE_STARTS = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Full-width forms, which some spreadsheets fold to the plain ones."""

_LABEL = ("sender", "recipients", "recipient_count", "subject", "date", "name", "path", "of_mail")
"""What a reader recognizes an item by; the last names those before it that are of the mail around it."""
_AFTER_SEMICOLON = re.compile(r";(?=[ \t]{0,8}[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])")
"""Where a cell begins for a spreadsheet whose language separates cells by semicolons, whatever is quoted."""

_COMBINED = ("combined_owners", "combined_hits", "combined_n", "combined_series", "combined_corpus")
"""Columns of what makes an entry strong although no single finding is."""


def cell(value: object) -> str:
    """Return a value as text that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    quoted = "'" if text.startswith(_STARTS + _WIDE_STARTS) else ""
    return quoted + visible(_AFTER_SEMICOLON.sub(";'", text))


def findings(rows: Iterable[Finding], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line a finding."""
    head = ("id", "strength", "rule", "rule_version", "group", "proposition", "contradiction", "bin", "rate")
    more = ("reference_hits", "reference_n", "reference_corpus", "habit_hits", "habit_n", "habit_group", "statement")
    tail = ("sha256", "location", "evidence", "benign", "settle", "references", *_LABEL, "marks")
    return _table((*head, *more, *tail), map(_finding, rows), partial)


def rank(rows: Iterable[Ranked], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line a ranked item, or a member of a ranked cluster."""
    head = ("rank", "score", "strength", "cluster_rule", "cluster_value", "sha256", "location", "propositions")
    said = ("findings", "reasons", "supported_by", *_LABEL, "members", "testable", "marks")
    tail = (*said, "conclusion", "side", "likelier", *_COMBINED)
    return _table((*head, *tail), (made for row in rows for made in _ranked(row)), partial)


def items(rows: Iterable[ItemLine], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line an occurrence."""
    head = ("sha256", "size", "media_type", "location", "status", "parser", "notices", "power", *_LABEL, "marks")
    return _table(head, map(_item, rows), partial)


def timeline(rows: Iterable[TimelineLine], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line a time; Timesketch imports it as it is."""
    head = ("datetime", "timestamp", "timestamp_desc", "clock", "owner", "precision", "message", "sha256", "location")
    return _table((*head, "tag"), map(_time, rows), partial)


def keys(rows: Iterable[KeyLine], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line a key."""
    head = ("domain", "selector", "algorithm", "bits", "obtained", "origins", "first_seen", "last_seen", "limits")
    return _table((*head, "opens", "holds", "mails", "key"), map(_key, rows), partial)


def key_coverage(rows: Iterable[KeyUse], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line a selector and algorithm."""
    head = ("domain", "selector", "algorithm", "decides", "mails", "signatures", "opened", "at_hand", "first", "last")
    return _table((*head, "organization", "platform"), map(_use, rows), partial)


def ledger(rows: Iterable[LedgerLine], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line a mailbox and month."""
    head = ("source", "mailbox", "month", "mails", "answered", "missing", "threads", "incomplete", "expected")
    tail = ("numbers", "numbers_missing", "silent_days", "silent_from", "marks")
    return _table((*head, *tail), map(_ledger, rows), partial)


def missing(rows: Iterable[MissingLine], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line a missing message."""
    head = ("id", "subject", "written_after", "written_before", "quoted_name", "quoted_address", "quoted_date")
    named = ("id_time", "id_scheme", "mentions", "replies", "repliers", "replier_count", "named_by", "location")
    return _table((*head, *named, "reference"), map(_missing, rows), partial)


def search(rows: Iterable[SearchLine], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line an item that was found."""
    head = ("sha256", "size", "media_type", "location", "places", "name", "subject", "sender", "date")
    return _table((*head, "where", "excerpt", "outcome"), map(_found, rows), partial)


def signer_keys(rows: Iterable[SignerKeyLine], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line a certificate or OpenPGP key."""
    head = ("kind", "addresses", "names", "issuer", "obtained", "origins", "valid_from", "valid_until")
    return _table((*head, "tested", "holds", "mails", "key"), map(_signer_key, rows), partial)


def signer_coverage(rows: Iterable[SignerUse], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line a signer."""
    head = ("kind", "key", "senders", "issuer", "decides", "mails", "at_hand", "first", "last")
    return _table(head, map(_signer, rows), partial)


def marks(rows: Iterable[MarkLine], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line an act on an item."""
    head = ("act", "mark", "by", "time", "stands", "sha256", "location", "note")
    return _table(head, map(_mark, rows), partial)


def accounts(rows: Iterable[AccountLine], partial: bool = False) -> Iterator[str]:
    """Yield the header and one line for bytes of a source that are alike; their sum is all that it holds."""
    head = ("source", "source_size", "state", "reason", "media_type", "items", "size")
    return _table(head, [line for row in rows for line in _shares(row)], partial)


def _shares(row: AccountLine) -> Iterator[Sequence[object]]:
    for one in row.shares:
        yield row.source, row.size, one.state, one.reason, one.media_type, one.items, one.size


def _table(head: Sequence[str], rows: Iterable[Sequence[object]], partial: bool) -> Iterator[str]:
    """Yield all lines; those of a case that is not wholly read and judged end in a column that says so."""
    yield _row((*head, "partial") if partial else head)
    for row in rows:
        yield _row((*row, "true") if partial else row)


def _row(values: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([cell(value) for value in values])
    return out.getvalue()


def _finding(row: Finding) -> Sequence[object]:
    reference, habit = row.reference, row.habit
    quotes = [f"{part.label}: {part.value}" for part in row.evidence if isinstance(part, EvidenceBytes)]
    return (
        *(row.id, row.strength, row.rule, row.rule_version, row.group, row.proposition.value),
        *("true" if row.contradiction else "false", row.bin, "" if row.rate is None else row.rate),
        *((reference.hits, reference.n, reference.corpus) if reference else ("", "", "")),
        *((habit.hits, habit.n, habit.group) if habit else ("", "", "")),
        *(row.statement, row.item.sha256, row.item.location.text, " | ".join(quotes)),
        " ".join([f"{state.cause}={state.state.value}" for state in row.benign]),
        *(row.settle, " | ".join(row.references), *_label(row.item.label), marked(row.marks)),
    )


def _ranked(row: Ranked) -> Iterator[Sequence[object]]:
    both = row.combined
    folded = row.cluster is not None and row.cluster.kind == "folded"
    scores = row.cluster.scores if row.cluster is not None and folded else [row.score] * len(row.items or (None,))
    for item, score in zip(row.items or (None,), scores, strict=True):
        yield (
            *(row.rank, score, row.strength),
            *((row.cluster.rule, row.cluster.value) if row.cluster else ("", "")),
            *((item.sha256, item.location.text) if item else ("", "")),
            " ".join([proposition.value for proposition in row.propositions]),
            # Of a line that folds others they are those of its first entry.
            *("" if folded else " ".join(row.findings), " | ".join(row.reasons), " | ".join(row.supported_by)),
            *_label(item.label if item else None),
            *((len(row.cluster.members), row.cluster.testable or "") if row.cluster else ("", "")),
            marked(row.marks),
            *(row.conclusion, row.side, row.concluded.likelier if row.concluded else ""),
            *((both.owners, both.hits, both.n, both.series, both.corpus) if both else [""] * len(_COMBINED)),
        )


def _found(row: SearchLine) -> Sequence[object]:
    excerpt = ("", "") if row.excerpt is None else (row.excerpt.where, row.excerpt.shown)
    what = (row.sha256, row.size, row.media_type, row.location.text, row.places, row.name, row.subject, row.sender)
    return (*what, row.date, *excerpt, row.outcome or "")


def _item(row: ItemLine) -> Sequence[object]:
    codes = " ".join([notice.code for notice in row.notices])
    named = (row.sha256, row.size, row.media_type, row.location.text, row.status, row.parser)
    return (*named, codes, " ".join(row.power), *_label(row.label), marked(row.marks))


def _label(label: ItemLabel | None) -> Sequence[object]:
    """Return the cells of the columns `_LABEL`."""
    if label is None:
        return [""] * len(_LABEL)
    parties = (label.sender, " | ".join(label.recipients), label.recipient_count or "")
    return (*parties, label.subject, label.date, label.name, label.path, " ".join(label.of_mail))


def _key(row: KeyLine) -> Sequence[object]:
    named = (row.domain, row.selector, row.algorithm, row.bits, row.obtained, " | ".join(row.origins))
    window = (row.first_seen, row.last_seen, " ".join(row.limits))
    return (*named, *window, row.opens, row.holds, row.mails, row.key)


def _use(row: KeyUse) -> Sequence[object]:
    counted = (row.decides, row.mails, row.signatures, row.opened, row.at_hand.value)
    return (row.domain, row.selector, row.algorithm, *counted, row.first, row.last, row.organization, row.platform)


def _ledger(row: LedgerLine) -> Sequence[object]:
    answers = (row.mails, row.answered, row.missing, row.threads, row.incomplete, row.expected)
    rest = (row.numbers, row.numbers_missing, row.silent_days, row.silent_from, " ".join(row.marks))
    return (row.source, row.mailbox, row.month, *answers, *rest)


def _missing(row: MissingLine) -> Sequence[object]:
    times = (row.written_after, row.written_before, row.quoted_name, row.quoted_address, row.quoted_date)
    named = (row.id_time, row.id_scheme, row.mentions, row.replies, " | ".join(row.repliers), row.replier_count)
    return (row.id, row.subject, *times, *named, row.named_by, row.location.text, row.reference)


def _signer_key(row: SignerKeyLine) -> Sequence[object]:
    named = (row.kind, " ".join(row.addresses), " | ".join(row.names), row.issuer, row.obtained)
    window = (" | ".join(row.origins), row.valid_from, row.valid_until)
    return (*named, *window, row.tested, row.holds, row.mails, row.key)


def _signer(row: SignerUse) -> Sequence[object]:
    counted = (row.decides, row.mails, row.at_hand.value, row.first, row.last)
    return (row.kind, row.key, " ".join(row.senders), row.issuer, *counted)


def _mark(row: MarkLine) -> Sequence[object]:
    act = (row.act, row.mark, row.by, row.time, "true" if row.stands else "false")
    return (*act, row.sha256, row.location.text, row.note)


def _time(row: TimelineLine) -> Sequence[object]:
    # JSON, because Timesketch reads an empty cell of this column as the tag "nan"
    tags = codec.encode_text(row.tag)
    moment = row.timestamp if isinstance(row.timestamp, int) else ""
    written = (row.datetime, moment, row.timestamp_desc, row.clock, row.owner, row.precision)
    return (*written, row.message, row.sha256, row.location.text, tags)
