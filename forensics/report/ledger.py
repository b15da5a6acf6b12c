"""The ledger in words: what a month lacks, what that may mean, and where nothing can be said."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from forensics.knowledge.wording import Wording
from forensics.model.ledger import LedgerLine, LedgerReach, Mark, MissingLine
from forensics.model.sentences import Saying, says
from forensics.report.cells import grid, plain
from forensics.report.visible import visible

_MARKS: Mapping[Mark, Saying] = {
    Mark.MISSING: says(
        "report.ledger.mark.missing",
        one="{incomplete} of {threads} threads lack mail; usual: {share}",
    ),
    Mark.NUMBERS: says("report.ledger.mark.numbers", one="numbers left out"),
    Mark.SILENCE: says("report.ledger.mark.silence", one="silent from {day}"),
}
BENIGN = says(
    "report.ledger.benign",
    one=(
        "A mark says that a month lacks more than chance allows, not who or what caused it. People delete mail, "
        "servers expire it, people are away, and exports leave folders out: all of that is common and innocent. "
        "No mark counts against an item."
    ),
)
_NO_MAILS = says("report.ledger.no_mails", one="The case holds no mail.")
_NOT_JUDGED = says(
    "report.ledger.not_judged", one="Which mail answers which is not worked out yet: what is missing is not counted."
)
_NOTHING_NAMED = says(
    "report.ledger.nothing_named",
    one="The only mail names no other mail: nothing can be said of missing ones.",
    many="The {n} mails of this archive name no other mail: nothing can be said of missing ones.",
)
_NONE_MISSING = says(
    "report.ledger.none_missing",
    one="Every message that mails answer or refer to is in the archive.",
)
_MISSING = says(
    "report.ledger.missing",
    one="1 message is named by mails and is none of those that were read. It may never have been there.",
    many=(
        "{n} messages are named by mails and are none of those that were read. Some may never have been there: people "
        "write to others beside those whose mail this is."
    ),
)
_UNREAD = says(
    "report.ledger.unread",
    one="1 item was not read, or not in full; it may hold some of them.",
    many="{n} items were not read, or not in full; they may hold some of them.",
)
_UNDATED = says("report.ledger.undated", one="no date")
_TOP = says("report.ledger.top", one="(no folder)")
_BETWEEN = says("report.ledger.between", one="between {after} and {before}")
_BEFORE = says("report.ledger.before", one="before {before}")
_ID_TIME = says("report.ledger.id_time", one="its id says {time} ({scheme})")
_LOCAL = says("report.ledger.id_local", one="its id says {time}, local time ({scheme})")
_QUOTED = says("report.ledger.quoted", one="written by {who}, {date}, as a reply says")
_QUOTED_UNDATED = says("report.ledger.quoted_undated", one="written by {who}, as a reply says")
_REFERENCE = says("report.ledger.reference", one="stands in the reference: {place}")
_REPLIERS = says("report.ledger.repliers", one="answered by {who}")
_MORE = says("report.ledger.more", one="1 more", many="{n} more")
_NAMED_IN = says("report.ledger.named_in", one="named in {place}")


def reach(known: LedgerReach, say: Wording) -> str:
    """Return in a sentence what can be said of missing messages."""
    if not known.mails:
        return say.say(_NO_MAILS)
    if not known.judged:
        return say.say(_NOT_JUDGED)
    if known.missing:
        unread = [say.say(_UNREAD, known.unread)] if known.unread else []
        return " ".join([say.say(_MISSING, known.missing), *unread])
    return say.say(_NONE_MISSING) if known.answering else say.say(_NOTHING_NAMED, known.mails)


def months(rows: Iterable[LedgerLine], language: str = "en") -> RenderableType:
    """Return one entry a month, below the name of its mailbox."""
    say = Wording(language)
    columns = ("month", "mails", "answered", "missing", "left_out", "silent")
    table = grid(say, columns, right=columns[1:], wide="month")
    shown = None
    for row in rows:
        if (row.source, row.mailbox) != shown:
            shown = (row.source, row.mailbox)
            table.add_row(plain(mailbox(row, say), "bold"))
        lines = [
            plain(f"  {row.month or say.say(_UNDATED)}"),
            *[plain(f"  {said}", "bold") for said in marks(row, say)],
        ]
        counts = (row.mails, row.answered, row.missing)
        left_out = say.number(row.numbers_missing) if row.numbers else "–"
        table.add_row(
            Text("\n").join(lines),
            *[plain(say.number(n)) for n in counts],
            plain(left_out),
            plain(str(row.silent_days)),
        )
    return table


def missing(rows: Iterable[MissingLine], language: str = "en") -> RenderableType:
    """Return one entry a missing message: what is known of it, how many name and answer it."""
    say = Wording(language)
    table = grid(say, ("absent", "named", "replies"), right=("named", "replies"), wide="absent")
    for row in rows:
        lines = [plain(row.subject, "bold")] if row.subject else []
        lines += [plain(row.id), *[plain(said) for said in _known(row, say)]]
        lines.append(plain(say.say(_NAMED_IN, place=row.location.text), "dim"))
        table.add_row(Text("\n").join(lines), plain(say.number(row.mentions)), plain(say.number(row.replies)))
    return table


def marks(row: LedgerLine, say: Wording) -> Iterator[str]:
    """Yield in words what a month shows more than chance allows."""
    for mark in row.marks:
        yield say.say(
            _MARKS[mark],
            incomplete=row.incomplete,
            threads=row.threads,
            share=say.percentage(row.expected * 100, 0),
            day=row.silent_from,
        )


def mailbox(row: LedgerLine, say: Wording) -> str:
    """Return the name of a month's mailbox for people."""
    return row.mailbox or f"{visible(row.source)} {say.say(_TOP)}"


def _known(row: MissingLine, say: Wording) -> Iterator[str]:
    times = []
    before = row.written_before or "?"
    if row.written_after:
        times.append(say.say(_BETWEEN, after=row.written_after, before=before))
    elif row.written_before:
        times.append(say.say(_BEFORE, before=before))
    if row.id_time:
        local = not row.id_time.endswith("Z")
        times.append(say.say(_LOCAL if local else _ID_TIME, time=row.id_time, scheme=row.id_scheme))
    if times:
        yield say.clauses(times)
    who = " ".join([part for part in (row.quoted_name, row.quoted_address) if part])
    if who:
        yield say.say(_QUOTED if row.quoted_date else _QUOTED_UNDATED, who=who, date=row.quoted_date)
    if row.reference:
        yield say.say(_REFERENCE, place=row.reference)
    if row.repliers:
        rest = row.replier_count - len(row.repliers)
        named = [*row.repliers, *([say.say(_MORE, rest)] if rest else [])]
        yield say.say(_REPLIERS, who=say.listed(named))
