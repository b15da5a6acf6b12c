"""What may not be quoted, in words."""

from collections.abc import Iterator

from forensics.knowledge.wording import Wording
from forensics.model.restricting import Restricting, RestrictionState, Unsealed
from forensics.model.sentences import says
from forensics.report.visible import visible

_NOTHING = says("report.restricted.nothing", one="Nothing is restricted: the case has no list.")
_GIVEN = says(
    "report.restricted.given",
    one="The case has a list of 1 entry. It replaces any other, and whatever was unsealed is closed again.",
    many="The case has a list of {n} entries. It replaces any other, and whatever was unsealed is closed again.",
)
_SAME = says("report.restricted.same", one="The case has this list already; what was unsealed stays open.")
_INDEX_DROPPED = says(
    "report.restricted.index",
    one=(
        "The index of words was taken out, since it held theirs: `forensics search CASE --build` makes one without "
        "them."
    ),
)
_OPENED = says(
    "report.restricted.opened",
    one="1 item is opened by {by}, with all that is inside it.",
    many="{n} items are opened by {by}, with all that is inside them.",
)
_ITEMS = says(
    "report.restricted.items",
    one="1 item is never quoted, by a list of {entries} entries.",
    many="{n} items are never quoted, by a list of {entries} entries.",
    none="No item that was read is named by the list of {entries} entries.",
)
_UNREAD = says("report.restricted.unread", one="1 unread item is not named.", many="{n} unread items are not named.")
_STAYS_OPEN = says(
    "report.restricted.open",
    one="1 item was unsealed and may be quoted.",
    many="{n} items were unsealed and may be quoted.",
)
_IDLE = says("report.restricted.idle", one="Names nothing in the case: {entry}")
_MORE = says("report.restricted.idle_more", one="1 more entry names nothing.", many="{n} more entries name nothing.")
_TIMES = says(
    "report.restricted.times",
    one="Times of 1 item that may not be quoted are left out.",
    many="Times of {n} items that may not be quoted are left out.",
)
_UNMATCHED = says(
    "report.restricted.unmatched",
    one="No filter matches the 1 item that may not be quoted.",
    many="No filter matches the {n} items that may not be quoted.",
)
ITEM = says("report.restricted.item", one="Restricted: it is not quoted. What it says and its times are left out.")
IDLE_SHOWN = 10


def state(found: RestrictionState, language: str = "en") -> Iterator[str]:
    """Yield what is in force, a sentence each."""
    say = Wording(language)
    if not found.entries:
        yield say.say(_NOTHING)
        return
    yield say.say(_ITEMS, found.items, entries=len(found.entries))
    if found.unread:
        yield say.say(_UNREAD, found.unread)
    if found.opened:
        yield say.say(_STAYS_OPEN, found.opened)
    for entry in found.idle[:IDLE_SHOWN]:
        yield say.say(_IDLE, entry=visible(entry.value))
    if len(found.idle) > IDLE_SHOWN:
        yield say.say(_MORE, len(found.idle) - IDLE_SHOWN)


def given(done: Restricting, language: str = "en") -> str:
    """Say what giving a list did."""
    say = Wording(language)
    said = say.say(_GIVEN, len(done.entries)) if done.changed else say.say(_SAME)
    return f"{said} {say.say(_INDEX_DROPPED)}" if done.index_dropped else said


def opened(done: Unsealed, language: str = "en") -> str:
    """Say what was unsealed."""
    return Wording(language).say(_OPENED, len(done.items), by=done.by)


def unmatched(found: RestrictionState, language: str = "en") -> str:
    """Say what no filter matches; empty where everything may be quoted."""
    items = found.items + found.unread
    return Wording(language).say(_UNMATCHED, items) if items else ""


def times(found: RestrictionState, language: str = "en") -> str:
    """Say whose times are left out; empty where nothing is."""
    items = found.items + found.unread
    return Wording(language).say(_TIMES, items) if items else ""
