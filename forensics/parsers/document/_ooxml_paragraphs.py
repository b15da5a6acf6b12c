"""Which editing session each paragraph and run of a Word document is of, and the words of those that stand out.

Source: [MS-DOCX] 2.2.4 (paraId); ECMA-376 part 1, 17.3.1.22 and 17.3.2.25 (rsidR of paragraphs and runs).
"""

from typing import NamedTuple

from forensics.model.locations import Locator
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers.document._xml_scan import local, named

MOST_PARAGRAPHS = 10_000
"""Identifiers of paragraphs of a document that are kept."""
IDS_TOGETHER = 1_000
"""Identifiers that one fact holds."""
MOST_PASSAGES = 50
"""Passages of each kind that a document tells."""
MOST_SESSIONS = 2_000
"""Sessions of one part whose first words are kept."""
MOST_WORDS = 300
"""Characters of a passage that are kept."""

NAMES = frozenset({"p", "r"})
"""Of elements that `Paragraphs` takes."""
_GAP = " … "
"""Between words of a session that do not stand together."""
_WORD = ("wordprocessingml/2006/main", "wordprocessingml/main")
"""How the namespace ends, transitional and strict."""


class Passage:
    """The first words of one editing session in a part, or a paragraph that is marked otherwise than the others.

    Attributes:
        session: empty where no identifier marks it.
        paragraph: ``w14:paraId`` of its paragraph; empty where it has none.
        start: where the paragraph's tag begins in the part.
    """

    __slots__ = ("_room", "_said", "paragraph", "session", "start")

    def __init__(self, session: str, paragraph: str, start: int) -> None:
        self.session, self.paragraph, self.start = session, paragraph, start
        self._said, self._room = list[str](), MOST_WORDS

    def add(self, text: str) -> None:
        """Take more of its words."""
        if self._room > 0:
            self._said.append(text[: self._room])
            self._room -= len(text)

    @property
    def text(self) -> str:
        """Its words, as far as they are kept."""
        return "".join(self._said)


class _Paragraph(NamedTuple):
    identifier: str
    session: str
    start: int
    bare: Passage


class Paragraphs:
    """Takes the elements of one part in their order.

    Attributes:
        identifiers: of its paragraphs, each once.
        passages: the first words of each session, by session.
        identified: paragraphs with words and a ``w14:paraId``; ``marked``: those of which a session is written.
        unidentified: paragraphs with words and without ``w14:paraId``.
        unmarked: those of which no session is written, nor of their runs; Word writes zeros for one it does not know.
        more: whether more paragraphs lack something than are kept.
    """

    def __init__(self) -> None:
        self.identifiers: dict[str, None] = {}
        self.passages: dict[str, Passage] = {}
        self.identified = self.marked = 0
        self.more = False
        self.unidentified: list[Passage] = []
        self.unmarked: list[Passage] = []
        self._open: list[_Paragraph] = []
        self._runs: list[str] = []
        self._last = ""

    def start(self, tag: str, attributes: dict[str, str], at: int) -> None:
        """An element begins."""
        name = local(tag)
        if name == "p" and _of_word(tag):
            identifier, session = named(attributes, "paraId").upper(), _session(attributes)
            if identifier and len(self.identifiers) <= MOST_PARAGRAPHS:
                self.identifiers[identifier] = None
            self._open.append(_Paragraph(identifier, session, at, Passage("", identifier, at)))
        elif name == "r" and _of_word(tag):
            self._runs.append(_session(attributes))

    def end(self, tag: str) -> None:
        """An element ends."""
        name = local(tag)
        if name == "r" and _of_word(tag) and self._runs:
            self._runs.pop()
        elif name == "p" and _of_word(tag) and self._open:
            paragraph = self._open.pop()
            self._last = ""
            if not paragraph.bare.text.strip():
                return
            if paragraph.identifier:
                self.identified += 1
            else:
                self._keep(self.unidentified, paragraph.bare)
            if paragraph.bare.session:
                self.marked += 1
            else:
                self._keep(self.unmarked, paragraph.bare)

    def _keep(self, kept: list[Passage], one: Passage) -> None:
        if len(kept) < MOST_PARAGRAPHS:
            kept.append(one)
        else:
            self.more = True

    def words(self, text: str) -> None:
        """Words stand in the innermost run."""
        if not self._open:
            return
        paragraph = self._open[-1]
        session = (self._runs[-1] if self._runs else "") or paragraph.session
        paragraph.bare.add(text)
        before, self._last = self._last, session
        if not session:
            return
        paragraph.bare.session = session
        if not session.strip("0"):
            return
        passage = self.passages.get(session)
        if passage is None:
            if len(self.passages) >= MOST_SESSIONS:
                return
            passage = self.passages[session] = Passage(session, paragraph.identifier, paragraph.start)
        elif before != session:
            passage.add(_GAP)
        passage.add(text)


def _of_word(tag: str) -> bool:
    return tag[: tag.rfind("}")].endswith(_WORD)


def _session(attributes: dict[str, str]) -> str:
    """Return the session that inserted an element as it is written; zeros name none."""
    return named(attributes, "rsidR").upper()


class Placed(NamedTuple):
    """The paragraphs of a part, and where that stands."""

    layer: Layer
    path: str
    paragraphs: Paragraphs
    running: bool
    """Whether it is a header or footer."""


def paragraph_facts(parts: list[Placed], listed: frozenset[str], gathering: Gathering, *, whole: bool) -> None:
    """Add what paragraphs and runs say of the sessions that they are of.

    Facts:
        ``ooxml.paragraph_ids``: ``w14:paraId`` of the paragraphs, each once, in their order; of many several facts.
        ``ooxml.foreign_passage``: a session that the settings do not list, the identifier of a paragraph, and its first
        words, at that paragraph; not of headers and footers, which Word takes from its galleries with their sessions.
        ``ooxml.paragraphs_marked``: paragraphs with words that have a ``w14:paraId``, and those of a session; only
        where all were read.
        ``ooxml.unmarked_paragraph``: the words of one without either where others have it, at its tag;
        ``ooxml.unmarked_paragraphs``: how many there are.

    Args:
        parts: of the document's text.
        listed: the sessions that its settings list.
        gathering: takes the facts.
        whole: whether these are all parts, each read to its end.
    """
    identifiers = list(dict.fromkeys([one for part in parts for one in part.paragraphs.identifiers]))
    if len(identifiers) > MOST_PARAGRAPHS:
        gathering.note("paragraphs", f"more than {MOST_PARAGRAPHS} identifiers of paragraphs; the rest is not told")
    for first in range(0, min(len(identifiers), MOST_PARAGRAPHS), IDS_TOGETHER):
        some = identifiers[first : first + IDS_TOGETHER]
        gathering.add_fact("ooxml.paragraph_ids", " ".join(some), Locator(path="xml:word#paragraph_ids"), b"")
    identified = sum([part.paragraphs.identified for part in parts])
    marked = sum([part.paragraphs.marked for part in parts])
    if (identified or marked) and whole and not any(part.paragraphs.more for part in parts):
        where = Locator(path="xml:word#paragraphs_marked")
        gathering.add_fact("ooxml.paragraphs_marked", f"{identified} identified, {marked} of a session", where, b"")
    if listed:
        _foreign(parts, listed, gathering)
    bare = [
        (part, one)
        for part in parts
        for one in sorted(
            {
                passage.start: passage
                for passage in (
                    *(part.paragraphs.unidentified if identified else ()),
                    *(part.paragraphs.unmarked if marked else ()),
                )
            }.values(),
            key=lambda passage: passage.start,
        )
    ]
    if bare:
        where = Locator(path="xml:word#unmarked_paragraphs")
        gathering.add_fact("ooxml.unmarked_paragraphs", str(len(bare)), where, b"")
    for part, passage in bare[:MOST_PASSAGES]:
        lacks = "no session" if passage.paragraph else "no identifier" if passage.session else "neither"
        _add(part, passage, f"{lacks}: {passage.text}", "unmarked_paragraph", gathering)
    if len(bare) > MOST_PASSAGES:
        gathering.note("paragraphs", f"{len(bare)} paragraphs lack what others have; {MOST_PASSAGES} are told")


def _foreign(parts: list[Placed], listed: frozenset[str], gathering: Gathering) -> None:
    met: set[str] = set()
    for part in [part for part in parts if not part.running]:
        for session, passage in part.paragraphs.passages.items():
            if session not in listed and session not in met:
                met.add(session)
                place = f"{session} in {passage.paragraph}" if passage.paragraph else session
                if len(met) <= MOST_PASSAGES:
                    _add(part, passage, f"{place}: {passage.text}", "foreign_passage", gathering)
    if len(met) > MOST_PASSAGES:
        text = f"words of {len(met)} sessions that are not listed; those of {MOST_PASSAGES} are told"
        gathering.note("paragraphs", text)


def _add(part: Placed, passage: Passage, value: str, name: str, gathering: Gathering) -> None:
    data = part.layer.data
    raw = part.layer.cut((passage.start, data.find(b">", passage.start) + 1 or len(data)), "")
    path = f"{part.path}#{name}[{passage.paragraph}]" if passage.paragraph else f"{part.path}#{name}"
    gathering.add_fact(f"ooxml.{name}", value, raw.locator(path), raw.data)
