"""What the fields of a Word document show: the properties and dates that they were last given.

A field keeps its text until it is computed again: when the document is printed, when its reader asks for it, for some
when it is opened. So it may say what the properties said before.

Source: ECMA-376 part 1, 17.16.5 (fields), 17.16.4.1 (pictures of dates).
"""

import re
from datetime import datetime
from typing import NamedTuple

from forensics.model.facts import TICKS_PER_SECOND, Absence, Description, Precision
from forensics.model.locations import quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._written_dates import WrittenDate
from forensics.parsers.document._xml_scan import named, tag_end

MOST_FIELDS = 200
MOST_NESTED = 20
MOST_TEXT = 200
_PARTS = re.compile(rb"word/(?:document|header|footer)\d{0,9}\.xml", re.IGNORECASE)
_ANY = re.compile(
    rb'instr(?:Text[^<>]{0,60}>|="|="&quot;)\s{0,8}(?:AUTHOR|LASTSAVEDBY|TITLE|SUBJECT|KEYWORDS|COMMENTS|FILENAME|TIME'
    rb"|(?:SAVE|CREATE|PRINT)?DATE)\b",
    re.IGNORECASE,
)
NAMES = frozenset({"t", "instrText", "fldSimple", "fldChar"})
"""Of elements that `Fields` takes."""
_TEXTS = frozenset({"author", "lastsavedby", "title", "subject", "keywords", "comments", "filename"})
_DATES = {
    "savedate": (TimeKind.FIELD_SAVED, Description.MODIFICATION),
    "createdate": (TimeKind.FIELD_CREATED, Description.CREATION),
    "printdate": (TimeKind.FIELD_PRINTED, Description.LAST_PRINTED),
    "date": (TimeKind.FIELD_DATE, Description.RECORDED),
    "time": (TimeKind.FIELD_DATE, Description.RECORDED),
}
_PICTURE = re.compile(r'\\@\s{0,4}(?:"([^"]{1,60})"|([^\s"\\]{1,60}))')
_TOKENS = re.compile(r"d{1,4}|M{1,4}|y{2,4}|[Hh]{1,2}|m{1,2}|s{1,2}|[Aa][Mm]/[Pp][Mm]|'[^']{0,20}'|.", re.DOTALL)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a calendar reading, no zone is meant
_TWO_DIGITS_FROM = 80


class Field(NamedTuple):
    """One field: its name in lower case, its instruction, what it shows, and where it begins and ends."""

    name: str
    instruction: str
    text: str
    start: int
    end: int


class _Open:
    """A field whose end was not met yet; ``inside`` once what it shows has begun."""

    def __init__(self, start: int, instruction: str = "", *, inside: bool = False) -> None:
        self.start, self.inside = start, inside
        self.instruction = instruction
        self.text: list[str] = []


class Fields:
    """Takes the elements of one part in their order.

    Attributes:
        found: the fields that tell something.
        partial: whether there are more than are taken, or deeper in each other.
    """

    def __init__(self) -> None:
        self.found: list[Field] = []
        self.partial = False
        self._open: list[_Open] = []
        self._taken = ""

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        """An element begins."""
        if name in ("t", "instrText"):
            self._taken = name
        elif name == "fldSimple":
            self._begin(_Open(at, named(attributes, "instr"), inside=True))
        elif name == "fldChar":
            kind = named(attributes, "fldCharType")
            if kind == "begin":
                self._begin(_Open(at))
            elif kind == "separate" and self._open:
                self._open[-1].inside = True
            elif kind == "end":
                self._end(at)

    def _begin(self, field: _Open) -> None:
        if len(self._open) >= MOST_NESTED or len(self.found) >= MOST_FIELDS:
            self.partial = True
        elif not self.partial:
            self._open.append(field)

    def _end(self, at: int) -> None:
        if self.partial or not self._open:
            return
        field = self._open.pop()
        name = field.instruction.split(None, 1)[0].lower() if field.instruction.split() else ""
        if (name in _TEXTS or name in _DATES) and field.text:
            text = "".join(field.text).strip()[:MOST_TEXT]
            self.found.append(Field(name, field.instruction.strip()[:MOST_TEXT], text, field.start, at))

    def end(self, name: str, at: int) -> None:
        """An element ends."""
        if name == self._taken:
            self._taken = ""
        elif name == "fldSimple":
            self._end(at)

    def characters(self, text: str) -> None:
        """Text stands in the innermost element."""
        if not self._taken or not self._open or self.partial:
            return
        if self._taken == "instrText":
            if not self._open[-1].inside and len(self._open[-1].instruction) < MOST_TEXT:
                self._open[-1].instruction += text
            return
        for field in self._open:
            if field.inside and len(field.text) < MOST_TEXT:
                field.text.append(text)


def may_have_fields(data: bytes) -> bool:
    """Whether a part names a field that tells something."""
    return _ANY.search(data) is not None


def field_facts(name: bytes, layer: Layer, fields: Fields, gathering: Gathering, application: str) -> None:
    """Add what the fields of a part show; those of the text, of headers and of footers.

    Facts:
        ``ooxml.field_author``, ``ooxml.field_lastsavedby``, ``ooxml.field_title``, ``ooxml.field_subject``,
        ``ooxml.field_keywords``, ``ooxml.field_comments``, ``ooxml.field_filename``.
    """
    if _PARTS.fullmatch(name) is None:
        return
    if fields.partial:
        gathering.note("fields_partial", f"xml:{quote(name)} has more fields than are taken")
    for one in fields.found:
        _tell(one, layer, f"xml:{quote(name)}", gathering, application)


def _tell(field: Field, layer: Layer, path: str, gathering: Gathering, application: str) -> None:
    raw = layer.cut((field.start, min(tag_end(layer.data, field.end), field.start + 4_096)), field.text)
    locator = raw.locator(f"{path}#field[{field.name.upper()}]")
    if field.name in _TEXTS:
        gathering.add_fact(f"ooxml.field_{field.name}", field.text, locator, raw.data)
        return
    wall = shown_date(field.text, field.instruction)
    if wall is None:
        return
    kind, description = _DATES[field.name]
    absent = Absence.NOT_PRESENT
    when = WrittenDate(instant=absent, wall=wall, offset_s=absent, precision=Precision.DAY)
    gathering.add_time(when, kind, description, locator, raw.data, owner=application)


def shown_date(text: str, instruction: str) -> int | None:
    """Return the day that a field shows, as a wall time; ``None`` where it cannot be told without guessing."""
    found = _PICTURE.search(instruction)
    picture = (found[1] or found[2]) if found else ""
    if not picture:
        return None
    names: list[str] = []
    pattern = ""
    for token in _TOKENS.findall(picture):
        piece, name = _piece(token)
        pattern += piece
        names += [name] if name else []
    match = re.fullmatch(pattern, text)
    if match is None or not {"d", "M", "y"} <= set(names):
        return None
    parts = dict(zip(names, match.groups(), strict=True))
    try:
        month = int(parts["M"]) if parts["M"].isdecimal() else _MONTHS.index(parts["M"][:3].lower()) + 1
        year = int(parts["y"])
        if len(parts["y"]) == 2:
            year += 1900 if year >= _TWO_DIGITS_FROM else 2000
        day = datetime(year, month, int(parts["d"]))  # noqa: DTZ001 - a calendar reading, no zone is meant
    except ValueError:
        return None
    return (day - _EPOCH).days * 86_400 * TICKS_PER_SECOND


def _piece(token: str) -> tuple[str, str]:
    """Return the pattern of one piece of a picture, and which part of the date it is; empty: none that counts.

    No pattern gives back what it took: pieces that touch would be tried in all ways.
    """
    if token in ("d", "dd"):
        return r"(\d{1,2}+)", "d"
    if token in ("M", "MM"):
        return r"(\d{1,2}+)", "M"
    if token in ("MMM", "MMMM"):
        return r"([A-Za-z]{3,9}+)", "M"
    if token[0] == "y":
        return (r"(\d{4})" if len(token) > 2 else r"(\d\d)"), "y"
    if token[0] in "Hhms" and len(token) < 3:
        return r"\d{1,2}+", ""
    if token[0] == "d":
        return r"\w{1,20}+", ""
    if "/" in token and len(token) == 5:
        return r"\w{0,4}+", ""
    return re.escape(token.strip("'") if len(token) > 2 else token), ""
