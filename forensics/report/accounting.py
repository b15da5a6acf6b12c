"""The account of a source in words and tables: what became of its bytes, why some were not read, and of which types."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from rich.console import Group, RenderableType
from rich.text import Text

from forensics.knowledge.wording import Wording
from forensics.model.accounts import AccountLine, AccountShare, AccountSums, State
from forensics.model.sentences import Saying, says
from forensics.report.cells import grid, plain
from forensics.report.conclusions import reason
from forensics.report.visible import visible

SHOWN = 12
"""Reasons and types that are named; the others are one row."""

STATES: Mapping[State, Saying] = {
    State.PARSED: says("report.accounts.parsed", one="read"),
    State.PARTIAL: says("report.accounts.partial", one="not read, in items read in part"),
    State.UNREAD: says("report.accounts.unread", one="not read"),
    State.SKIPPED: says("report.accounts.skipped", one="left alone, or nothing to read"),
    State.PADDING: says("report.accounts.padding", one="padding: holds nothing"),
}
"""What became of bytes."""
_PADDING: Mapping[str, Saying] = {
    "padding": says("report.accounts.kind.padding", one="up to the end of a block"),
    "free": says("report.accounts.kind.free", one="free space of a store"),
    "filler": says("report.accounts.kind.filler", one="blanks, zeros"),
}
_NOT_YET = says("report.accounts.not_yet", one="not read yet: the scan was stopped")
_SEVERAL = says("report.accounts.several", one="further reasons")
_UNKNOWN = says("report.accounts.unknown", one="of unknown type")
_OTHER = says("report.accounts.other", one="1 other", many="{n} others")
_HEAD = says(
    "report.accounts.head",
    one="{source}: 1 file, {bytes} bytes",
    many="{source}: {n} files, {bytes} bytes",
)
ADDED_UP = says(
    "report.accounts.added_up",
    one=(
        "Every byte of every file counts once. What is stored compressed or encoded counts by the proportion of its "
        "contents that was read."
    ),
)
_DIFFERENCE = says(
    "report.accounts.difference",
    one="The sums differ from the size of the files by {n} byte: this is an error of this program.",
    many="The sums differ from the size of the files by {n} bytes: this is an error of this program.",
)
_SHARED = says(
    "report.accounts.shared",
    one="1 byte is claimed by several items; it counts for the first.",
    many="{n} bytes are claimed by several items; they count for the first.",
)
_EXCESS = says(
    "report.accounts.excess",
    one="Notices call 1 byte more unread than stands beside the items inside; it is not counted.",
    many="Notices call {n} bytes more unread than stand beside the items inside; they are not counted.",
)
_UNRECORDED = says(
    "report.accounts.unrecorded",
    one="Of 1 item an earlier version did not record how much it read: all of it counts as not read.",
    many="Of {n} items an earlier version did not record how much it read: all of them count as not read.",
)
_BY_BYTES = says(
    "report.accounts.by_bytes",
    one="1 byte of the {of} of the source files was not read.",
    many="{size} of the {of} of the source files ({share}) were not read.",
)


COLUMNS_OF_SOURCES = ("bytes", "bytes_read", "bytes_partial", "bytes_unread", "bytes_apart", "bytes_padding")
"""Of the table of sources: their size and the states in their order."""
_NUMBERS = ("files", "size", "difference", "shared", "excess", "unrecorded")


class Why(msgspec.Struct, frozen=True):
    """Bytes that were not read for one reason."""

    state: str
    reason: str
    items: int
    size: int


class Of(msgspec.Struct, frozen=True):
    """Bytes of items of one type."""

    type: str
    items: int
    read: int
    unread: int
    apart: int
    padding: int


def total(lines: Sequence[AccountLine]) -> AccountLine:
    """Return the account of all sources together."""
    alike: dict[tuple[State, str, str], list[int]] = {}
    for share in [share for line in lines for share in line.shares]:
        _count(alike.setdefault((share.state, share.reason, share.media_type), [0, 0]), share.items, share.size)
    shares = [
        AccountShare(state=state, reason=why, media_type=kind, items=items, size=size)
        for (state, why, kind), (items, size) in alike.items()
    ]
    numbers = {name: sum(getattr(line, name) for line in lines) for name in _NUMBERS}
    sums = AccountSums(**{str(state): sum(states(line)[state] for line in lines) for state in State})
    return AccountLine(source="", sums=sums, shares=tuple(shares), **numbers)


def states(line: AccountLine) -> dict[State, int]:
    """Return the bytes of a source in each state."""
    return {state: getattr(line.sums, state) for state in State}


def reasons(line: AccountLine, say: Wording, most: int = SHOWN) -> list[Why]:
    """Return why bytes were not read, most bytes first."""
    sums: dict[tuple[State, str], list[int]] = {}
    for share in line.shares:
        if share.state is not State.PARSED:
            why = share.state, _reason(share.state, share.reason, say)  # codes of several formats have the same words
            _count(sums.setdefault(why, [0, 0]), share.items, share.size)
    ordered = sorted(sums.items(), key=lambda entry: (-entry[1][1], -entry[1][0], entry[0]))
    found = [Why(say.say(STATES[state]), words, items, size) for (state, words), (items, size) in ordered[:most]]
    if rest := ordered[most:]:
        items, size = (sum(one[n] for _, one in rest) for n in (0, 1))
        found.append(Why("", say.say(_OTHER, len(rest)), items, size))
    return found


def types(line: AccountLine, say: Wording, most: int = SHOWN) -> list[Of]:
    """Return what was read and what was not by type of content, most bytes first."""
    sums: dict[str, list[int]] = {}
    for share in line.shares:
        _count(sums.setdefault(share.media_type, [0] * 5), *_columns(share))
    ordered = sorted(sums.items(), key=lambda entry: (-sum(entry[1][1:]), -entry[1][0], entry[0]))
    found = [Of(visible(name) or say.say(_UNKNOWN), *numbers) for name, numbers in ordered[:most]]
    if rest := ordered[most:]:
        found.append(Of(say.say(_OTHER, len(rest)), *[sum(one[n] for _, one in rest) for n in range(5)]))
    return found


def doubts(line: AccountLine, say: Wording) -> Iterator[str]:
    """Yield what does not add up in the account of a source; nothing where all does."""
    for saying, count in (
        (_DIFFERENCE, abs(line.difference)),
        (_SHARED, line.shared),
        (_EXCESS, line.excess),
        (_UNRECORDED, line.unrecorded),
    ):
        if count:
            yield say.say(saying, count)


def sentence(lines: Sequence[AccountLine], say: Wording) -> str:
    """Return how many bytes of the sources were not read; empty where none was left."""
    lost, of = (sum(line.sums.partial + line.sums.unread for line in lines), sum(line.size for line in lines))
    return say.say(_BY_BYTES, lost, size=say.size(lost), of=say.size(of), share=say.share(lost, of)) if lost else ""


def heading(line: AccountLine, say: Wording) -> str:
    """Return the name of a source with its files and bytes."""
    return say.say(_HEAD, line.files, source=visible(line.source), bytes=say.number(line.size))


def table(rows: Iterable[AccountLine], language: str = "en") -> RenderableType:
    """Return the account of each source: its states, the reasons, the types."""
    say = Wording(language)
    shown: list[RenderableType] = []
    for line in rows:
        shown += [plain(heading(line, say), "bold"), _states(line, say), *_whys(line, say), _types(line, say)]
        shown += [plain(said) for said in doubts(line, say)]
        shown.append(Text(""))
    return Group(*shown, plain(say.say(ADDED_UP), "dim"))


def _states(line: AccountLine, say: Wording) -> RenderableType:
    table = grid(say, ("status", "bytes", "share"), right=("bytes", "share"), wide="status")
    for state, size in states(line).items():
        table.add_row(plain(say.say(STATES[state])), plain(say.number(size)), plain(say.share(size, line.size)))
    return table


def _whys(line: AccountLine, say: Wording) -> Iterator[RenderableType]:
    found = reasons(line, say)
    if found:
        table = grid(say, ("reason", "count", "bytes"), right=("count", "bytes"), wide="reason")
        for row in found:
            words = say.labelled(row.state, row.reason) if row.state else row.reason
            table.add_row(plain(words), plain(say.number(row.items)), plain(say.number(row.size)))
        yield table


def _types(line: AccountLine, say: Wording) -> RenderableType:
    columns = ("type", "bytes_read", "bytes_unread", "bytes_apart", "bytes_padding")
    table = grid(say, columns, right=columns[1:], wide="type")
    for row in types(line, say):
        sizes = (row.read, row.unread, row.apart, row.padding)
        table.add_row(plain(row.type), *[plain(say.number(size)) for size in sizes])
    return table


def _reason(state: State, code: str, say: Wording) -> str:
    if state is State.PADDING and code in _PADDING:
        return say.say(_PADDING[code])
    if not code:
        return say.say(_NOT_YET if state is State.UNREAD else _SEVERAL)
    return reason(code, say)


def _columns(share: AccountShare) -> tuple[int, ...]:
    """Return items and bytes of a share by the columns of its type."""
    apart, padding = share.state is State.SKIPPED, share.state is State.PADDING
    read = share.state is State.PARSED
    lost = not (apart or padding or read)
    return share.items, *[share.size * held for held in (read, lost, apart, padding)]


def _count(sums: list[int], *more: int) -> None:
    for n, number in enumerate(more):
        sums[n] += number
