"""The lines of a text, and how deep each is quoted: 0 for its writer's own, 1 for what they answer, and so on.

A quote is marked by ``>`` before each line, or by elements of HTML. Both say how deep it is, and nothing of whose words
they are; some clients quote without any mark, below a header block.

Source: RFC 3676 4.2-4.5 (flowed text), RFC 4155 (``>From``), HTML Standard 4.4.4 (blockquote).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from forensics.model.mail import MimePart
from forensics.parsers.mail.bodies import Body
from forensics.parsers.mail.page_text import page_text
from forensics.parsers.mail.parameters import parse_value

_LINE = re.compile(r"( {0,3}+(?:>[ \t]?+|\|(?:[ \t]|(?=[>\r\n]|\Z)))++)?+([^\r\n]*+)(?:\r\n|[\r\n]|\Z)")
_MBOX_MARK = re.compile(r">From ")
_QUOTE_TAG = re.compile(r"<(/?)blockquote(?:\s[^<>]*+)?+>", re.IGNORECASE)
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
"""Stand for the tags of a quote while a page becomes text; they are no characters of any text."""
_NONE = str.maketrans("", "", _OPEN + _CLOSE)
_SIGNATURE = "-- "


class TextLine(NamedTuple):
    """One line."""

    depth: int
    text: str
    """What it says, without marks and line end; of flowed text the lines that a reader is shown as one."""
    start: int
    """Where that begins in the text, in characters."""
    end: int
    """Where it ends there: before its line end."""


class Flow(NamedTuple):
    """How a text is to be joined again."""

    flowed: bool = False
    """Whether a line that ends with a space goes on in the next one."""
    drops_space: bool = False
    """Whether that space is none of the text."""


FIXED = Flow()


def lines_of(body: Body) -> tuple[str, Iterable[TextLine]]:
    """Return what a part says, as `forensics.parsers.mail.text_parts` gives it, and its lines, as far as asked for."""
    if body.part.media_type == "text/html":
        return page_lines(body.sheets)
    return body.text, text_lines(body.text, flow_of(body.part))


def flow_of(part: MimePart) -> Flow:
    """Return what a part's Content-Type says of its lines."""
    for field in part.by_key.get("content-type", ()):
        if b"flowed" in field.body.lower():
            stated = parse_value(field.body).parameters
            return Flow(stated.get("format", "").lower() == "flowed", stated.get("delsp", "").lower() == "yes")
        break
    return FIXED


def text_lines(text: str, flow: Flow = FIXED) -> Iterator[TextLine]:
    """Yield the lines of a plain text; those of a flowed one joined."""
    return _joined(_marked(text, stuffed=True), flow) if flow.flowed else _marked(text)


def page_lines(sheets: Sequence[str]) -> tuple[str, list[TextLine]]:
    """Return the text of a page, a block or a cell a line, and its lines.

    Args:
        sheets: its pieces, as `forensics.parsers.mail.markup.sheets` cuts them.
    """
    if not any(_QUOTE_TAG.search(sheet) for sheet in sheets):
        text = page_text(sheets)
        return text, list(_marked(text))
    shown = page_text([_QUOTE_TAG.sub(_tag_mark, sheet.translate(_NONE)) for sheet in sheets])
    around = at = 0
    said: list[str] = []
    lines: list[TextLine] = []
    for piece in shown.split("\n"):
        if _OPEN in piece or _CLOSE in piece:
            around = max(around + piece.count(_OPEN) - piece.count(_CLOSE), 0)
            piece = piece.translate(_NONE).strip()
        if piece:
            depth, text, start, end = next(_marked(piece))
            lines.append(TextLine(around + depth, text, at + start, at + end))
            said.append(piece)
            at += len(piece) + 1
    return "\n".join(said), lines


def _tag_mark(tag: re.Match[str]) -> str:
    return f"<p>{_CLOSE if tag[1] else _OPEN}</p>"


def _marked(text: str, *, stuffed: bool = False) -> Iterator[TextLine]:
    """Yield the lines as they stand; *stuffed*: a space before what looks like a mark says that it is none."""
    last = 0
    size = len(text)
    for found in _LINE.finditer(text):
        start, end = found.span(2)
        if start == size and found.start() == size:
            return  # what follows the last line end is no line
        depth = 0
        if (marks := found[1]) is not None:
            if "|" in marks and "|" in found[2]:  # a row of a table
                start = found.start() + marks.index("|")
                marks = marks[: start - found.start()]
            depth = marks.count(">") + marks.count("|")
            if not last and _MBOX_MARK.match(text, found.start()):  # a mailbox escapes lines like its separators
                depth = 0
            elif stuffed and marks.startswith(" "):
                depth, start = 0, found.start()
        yield TextLine(depth, text[start:end], start, end)
        last = depth


def _joined(lines: Iterator[TextLine], flow: Flow) -> Iterator[TextLine]:
    """Join flowed lines; a line of another depth and a signature's separator begin anew."""
    pieces: list[str] = []
    depth = start = end = 0
    for line in lines:
        text = line.text[1:] if not line.depth and line.text.startswith(" ") else line.text
        if pieces and (line.depth != depth or text == _SIGNATURE):
            yield TextLine(depth, "".join(pieces), start, end)
            pieces = []
        if not pieces:
            depth, start = line.depth, line.end - len(text)
        end = line.end
        if text.endswith(" ") and text != _SIGNATURE:
            pieces.append(text[:-1] if flow.drops_space else text)
            continue
        pieces.append(text)
        yield TextLine(depth, "".join(pieces), start, end)
        pieces = []
    if pieces:
        yield TextLine(depth, "".join(pieces), start, end)
