"""What an item says, for a terminal: its text with quotes marked, and the files that it carries."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text as Line

from forensics.knowledge.terms import STATUSES
from forensics.knowledge.wording import Wording
from forensics.model.items import Status
from forensics.model.sentences import says
from forensics.model.texts import Attachment, Text, TextPart
from forensics.report import phrases
from forensics.report.cells import DIGEST_SHOWN, grid, plain

_HEADING = says("report.text.heading", one="Text, read again from the source")
_PAGE = says("report.text.page", one="Text of a page (HTML), read again from the source; nothing of it was loaded")
_NONE = says("report.text.none", one="It holds no text.")
_BLANK = says("report.text.blank", one="Its text is empty.")
_MORE = says("report.text.more", one="1 more line: --text all", many="{n} more lines: --text all")
_PART = says("report.text.part", one="next part: {type}")
_BEGINNING = says("report.text.beginning", one="only the beginning of this part was read")
_ALSO = says(
    "report.text.also",
    one="It has 1 text as a page (HTML) besides: --format json has it.",
    many="It has {n} texts as pages (HTML) besides: --format json has them.",
)
_CARRIES = says("report.text.carries", one="Carries 1 file", many="Carries {n} files")

LINES = 40
"""Lines of 80 columns that are shown where nothing else is asked for."""
FILES = 40
_COLUMNS = 80
_LINE_END = re.compile(r"\r\n|[\r\n]")
_MARKED = re.compile(r" {0,3}(?:>|\|[ \t>])")
_PAGE_TYPE = "text/html"
_BAR = "│ "


def lines(text: Text, most: int | None = LINES, language: str = "en") -> RenderableType:
    """Return the text of an item: the plain parts, or those made of pages where there is no plain one.

    Args:
        text: what it says.
        most: lines of 80 columns to show; ``None``: all.
        language: ``en``, or a language that has a catalogue.
    """
    return Group(*_lines(text, most, Wording(language)))


def carried(attachments: Sequence[Attachment], language: str = "en") -> RenderableType:
    """Return the files that a mail carries: digest, size, type and name, a line each."""
    say = Wording(language)
    table = grid(say, ("item", "size", "type", "name"), right=("size",), wide="name")
    for one in attachments[:FILES]:
        state = "" if one.status == Status.PARSED else f" ({say.say(STATUSES[Status(one.status)])})"
        table.add_row(
            plain(one.sha256[:DIGEST_SHOWN], "dim"),
            plain(say.number(one.size)),
            plain(one.media_type or one.declared_type),
            plain(one.name + state),
        )
    shown: list[RenderableType] = [Line(say.say(_CARRIES, len(attachments)), style="bold"), table]
    if len(attachments) > FILES:
        shown.append(plain(say.say(phrases.MORE, len(attachments) - FILES), "dim"))
    return Group(*shown)


def _lines(text: Text, most: int | None, say: Wording) -> Iterator[RenderableType]:
    made_of_pages = all(part.media_type == _PAGE_TYPE for part in text.parts)
    parts = [part for part in text.parts if made_of_pages or part.media_type != _PAGE_TYPE]
    yield Line(say.say(_PAGE if parts and made_of_pages else _HEADING), style="bold")
    if not parts:
        yield plain(say.say(_NONE))
        return
    if not any(part.text.strip() for part in parts):
        yield plain(say.say(_BLANK))
    left, hidden = most, 0
    for number, part in enumerate(parts):
        if number and (left is None or left > 0):
            yield plain(say.say(_PART, type=part.media_type), "dim")
        for line in _of_part(part):
            rows = max(1, -(-len(line) // _COLUMNS))
            if left is None or rows <= left:
                yield line
            else:
                hidden += 1
                if left > 0:
                    yield line[: left * _COLUMNS]
            left = None if left is None else max(0, left - rows)
        if not part.whole:
            yield plain(say.say(_BEGINNING), "dim")
    if hidden:
        yield plain(say.say(_MORE, hidden), "dim")
    if len(parts) < len(text.parts):
        yield plain(say.say(_ALSO, len(text.parts) - len(parts)), "dim")


def _of_part(part: TextPart) -> Iterator[Line]:
    """Yield the lines of a part; those quoted are dim, and behind a bar where the page marked them and not ``>``."""
    starts = [start for start, _ in part.quoted]
    at = 0
    for line in _LINE_END.split(part.text.rstrip()):
        before = bisect_right(starts, at) - 1
        inside = before >= 0 and at < part.quoted[before][1]
        marked = _MARKED.match(line) is not None
        shown = f"{_BAR}{line}" if inside and not marked else line
        yield plain(shown.expandtabs(8), "dim" if inside or marked else "")
        at += len(line) + 1  # of a page, which alone has ranges, every line ends with one character
