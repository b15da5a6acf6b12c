"""What a search found, and how much of the case it looked through, in a table and in sentences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from forensics.knowledge.wording import Wording
from forensics.model.searching import BuiltIndex, Coverage, Excerpt, SearchLine, TextState
from forensics.model.sentences import Saying, says
from forensics.report.cells import DIGEST_SHOWN, grid, plain
from forensics.report.visible import visible

STATES: Mapping[TextState, Saying] = {
    TextState.WHOLE: says("report.search.whole", one="1 was read to its end", many="{n} were read to their ends"),
    TextState.CUT: says(
        "report.search.cut",
        one="1 was read in part: it is long, or parts of it could not be read",
        many="{n} were read in part: they are long, or parts of them could not be read",
    ),
    TextState.ENCRYPTED: says(
        "report.search.encrypted",
        one="1 is encrypted, wholly or in part; what stands around that was read",
        many="{n} are encrypted, wholly or in part; what stands around that was read",
    ),
    TextState.EMPTY: says(
        "report.search.empty",
        one="1 was read and has no text (as scanned pages have none)",
        many="{n} were read and have no text (as scanned pages have none)",
    ),
    TextState.PICTURE: says(
        "report.search.picture",
        one="1 is a picture, sound or film: words in it are not recognized",
        many="{n} are pictures, sound or film: words in them are not recognized",
    ),
    TextState.SIGNATURE: says(
        "report.search.signature", one="1 is a detached signature or a key", many="{n} are detached signatures or keys"
    ),
    TextState.HOLDER: says(
        "report.search.holder",
        one="1 holds other items, which stand for themselves",
        many="{n} hold other items, which stand for themselves",
    ),
    TextState.NO_READER: says(
        "report.search.no_reader",
        one="1 is of a format whose text is not read",
        many="{n} are of formats whose text is not read",
    ),
    TextState.NOT_READ: says(
        "report.search.not_read", one="1 could not be read by the scan", many="{n} could not be read by the scan"
    ),
    TextState.MISSING: says(
        "report.search.missing",
        one="1 could not be read again: its source was not at hand, or needs a password that was not given",
        many="{n} could not be read again: their sources were not at hand, or need a password that was not given",
    ),
    TextState.CHANGED: says(
        "report.search.changed",
        one="1 could not be read again: its source has other bytes now",
        many="{n} could not be read again: their sources have other bytes now",
    ),
    TextState.FAILED: says(
        "report.search.failed",
        one="the text of 1 could not be read: it is damaged, or too much for its reader",
        many="the texts of {n} could not be read: they are damaged, or too much for their readers",
    ),
    TextState.RESTRICTED: says(
        "report.search.restricted",
        one="1 could not be quoted when the index was made, and is not in it",
        many="{n} could not be quoted when the index was made, and are not in it",
    ),
}
_NO_INDEX = says(
    "report.search.no_index",
    one=(
        "Only subjects and the names of files and people were searched, no texts: this case has no index of its words. "
        "`forensics search CASE --build` makes one."
    ),
)
_PARTS = says(
    "report.search.parts",
    one="Only subjects, names, addresses and ids were searched, no texts: parts of words are not in the index.",
)
_COVERS = says(
    "report.search.covers",
    one="The index of {made} has the words of {read} of {n} item of this case.",
    many="The index of {made} has the words of {read} of the {n} items of this case.",
)
_ADDED = says(
    "report.search.added",
    one="1 item was read since and is not in it: `forensics search CASE --build` makes the index anew.",
    many="{n} items were read since and are not in it: `forensics search CASE --build` makes the index anew.",
)
_GONE = says(
    "report.search.gone",
    one="1 item of it is no longer in the case.",
    many="{n} items of it are no longer in the case.",
)
_NOTHING = says("report.search.nothing", one="Nothing was found.")
_OF_THE_OTHERS = says("report.search.others", one="By item, equal bytes counted once:")
_WORDLESS = says("report.search.wordless", one="No word in {what}: nothing was looked for in its place.")
_PLACES = says("report.search.places", one="and 1 more place", many="and {n} more places")
_BUILT = says(
    "report.search.built",
    one="The index was made: {size}, of 1 item. It holds the words of the whole leak; --remove takes it out.",
    many="The index was made: {size}, of {n} items. It holds the words of the whole leak; --remove takes it out.",
)
REMOVED = says("report.search.removed", one="The index was taken out of the case.")
NO_INDEX_THERE = says("report.search.none_there", one="This case has no index; nothing was removed.")
_SUBJECT = says("report.search.in_subject", one="in the subject")
_NAMES = says("report.search.in_names", one="in a name")
_IDS = says("report.search.in_ids", one="in an id")
_WHERE: Mapping[str, Saying] = {"subject": _SUBJECT, "names": _NAMES, "ids": _IDS}
_GAP = "…"


def table(rows: Iterable[SearchLine], language: str = "en") -> RenderableType:
    """Return one entry an item: what it is, from whom and when, where it stands, the words around what was found."""
    say = Wording(language)
    shown = grid(say, ("item", "found"), wide="found")
    for row in rows:
        mail = " · ".join([part for part in (row.date, row.sender) if part])
        more = f" {say.say(_PLACES, row.places - 1)}" if row.places > 1 else ""
        lines = [plain(row.subject or row.name, "bold")] if row.subject or row.name else []
        lines += [plain(mail)] if mail else []
        lines.append(Text.assemble(plain(row.location.text, "dim"), (more, "dim")))
        if row.excerpt is not None:
            lines.append(_excerpt(row.excerpt, say))
        elif row.outcome is not None and row.outcome is not TextState.WHOLE:
            lines.append(Text(say.say(STATES[row.outcome], 1), style="dim"))
        shown.add_row(plain(row.sha256[:DIGEST_SHOWN], "dim"), Text("\n").join(lines))
    return shown


def reach(coverage: Coverage, wordless: Sequence[str], *, found: bool, parts: bool = False) -> Iterator[str]:
    """Yield what can be said of how much was looked through: after nothing was found, why it may stand somewhere.

    Args:
        coverage: of the search.
        wordless: what was asked and holds no word.
        found: whether anything was found.
        parts: whether parts of words were asked.
    """
    say = Wording("en")
    if not found:
        yield say.say(_NOTHING)
    for what in wordless:
        yield say.say(_WORDLESS, what=visible(repr(what)))
    if not coverage.indexed:
        yield say.say(_PARTS if parts else _NO_INDEX)
        return
    yield from of_index(coverage)
    if not found:
        yield from reasons(coverage)


def of_index(coverage: Coverage) -> Iterator[str]:
    """Yield how much of the case an index covers."""
    say = Wording("en")
    counts = dict(coverage.outcomes)
    read = sum([counts.get(outcome, 0) for outcome in (TextState.WHOLE, TextState.CUT)])
    yield say.say(_COVERS, coverage.items, made=coverage.made, read=read)
    if coverage.added:
        yield say.say(_ADDED, coverage.added)
    if coverage.gone:
        yield say.say(_GONE, coverage.gone)


def reasons(coverage: Coverage) -> Iterator[str]:
    """Yield how many items came to what when the index was made."""
    say = Wording("en")
    counts = [say.say(STATES[outcome], n) for outcome, n in coverage.outcomes if n]
    if counts:
        yield say.say(_OF_THE_OTHERS)
        yield from (f"  {text}" for text in counts)


def built(index: BuiltIndex) -> Iterator[str]:
    """Yield what an index holds that was just made."""
    say = Wording("en")
    yield say.say(_BUILT, index.coverage.items, size=say.size(index.size))
    yield from reasons(index.coverage)


def _excerpt(found: Excerpt, say: Wording) -> Text:
    text, at = Text("" if found.begins else _GAP), 0
    for start, end in found.found:
        text.append(visible(found.text[at:start]))
        text.append(visible(found.text[start:end]), style="bold reverse")
        at = end
    text.append(visible(found.text[at:]))
    text.append("" if found.ends else _GAP)
    if found.where in _WHERE:
        text.append(f" ({say.say(_WHERE[found.where])})", style="dim")
    return text
