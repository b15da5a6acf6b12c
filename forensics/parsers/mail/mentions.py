"""What the writer of a mail says of the files that come with it: that there are any, and their names.

Only their own words count: lines that are quoted, what stands below the header of a mail that is passed on, and what
follows the mark of a signature are others' or nobody's. Lotus Notes and Outlook put the name of a file where it stood
in the text; writers name it beside a phrase such as "attached is".

Source: knowledge base O-26, O-28, O-29; RFC 3676 4.3 (signatures).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from forensics.knowledge.attachment_words import attachment_words, pieces_in
from forensics.knowledge.quoting_words import quoting_words
from forensics.model.facts import Located
from forensics.model.mail_texts import FileMention, SaidOfFile
from forensics.parsers.mail.bodies import Body
from forensics.parsers.mail.quoted_lines import TextLine, lines_of
from forensics.parsers.mail.quoting.blocks import Block
from forensics.parsers.mail.quoting.lines import PATCH
from forensics.parsers.mail.quoting.reader import introductions
from forensics.parsers.mail.stated import Stated, behind_name, in_sentence

MOST = 20
"""Files of one mail that are kept."""
MOST_BYTES = 200_000
"""Characters of the writer's own words that are looked at: letters are shorter, and logs are no letters."""
NEAR = 160
"""Characters before and behind a phrase in which a name is that of the file."""
_LONGEST_NAME = 120
_WORDS = attachment_words()


def _any(words: Sequence[str]) -> str:
    return "|".join([re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True)])


_PHRASES = [phrase for phrases in _WORDS.phrases.values() for phrase in phrases]
_UNSPACED = _any([*_WORDS.phrases["zh"], *_WORDS.phrases["ja"]])
"""Phrases of languages that write no blanks between words."""
_SPACED = _any([phrase for phrase in _PHRASES if phrase not in (*_WORDS.phrases["zh"], *_WORDS.phrases["ja"])])
_PHRASE = re.compile(rf"(?<!\w)(?:{_SPACED})(?!\w)|{_UNSPACED}", re.IGNORECASE)
_LONGEST_PHRASE = max(map(len, _PHRASES))
_INLINE = re.compile(rf"(?<!\w)(?:{_any(_WORDS.inline.behind)})(?!\w)", re.IGNORECASE)
_BEHIND = 40
"""Characters behind a phrase in which a word says that it speaks of the text."""
_NAME = re.compile(
    rf"(?<![\w/\\@.:%&=+-])\w[\w.()+&%~-]{{0,{_LONGEST_NAME - 6}}}"
    rf"\.(?:{_any(_WORDS.names.endings)})(?![\w/\\@])(?!\.\w)",
    re.IGNORECASE,
)
_MARKS = [pair for name, pair in _WORDS.noted.items() if name != "labels"]
_LABEL = re.compile(rf"\s{{0,3}}(?:{_any(_WORDS.noted['labels'])})?\s{{0,3}}", re.IGNORECASE)
_ENDING = re.compile(rf"[^.]\.(?:{_any(_WORDS.names.endings)})", re.IGNORECASE)
_FORWARDED = tuple([line for lines in quoting_words().forwarded.values() for line in lines])
_RULER = re.compile(r"\s{0,20}(?:-{5,}|_{5,}|\*{5,}|={5,})")
_QUOTER = re.compile(r"[A-Za-z][\w.-]{0,20}>")
"""How some programs mark a quote: by the name of whom they quote."""


def mentions_of(body: Body) -> Iterator[FileMention]:
    """Yield what one text says of files, in order; a phrase without a name once."""
    text, lines = lines_of(body)
    own = list(_own(text, lines))
    said = " \n".join([line.text for line in own])
    if len(said) > MOST_BYTES:
        said = said[:MOST_BYTES].rpartition(" ")[0]  # half a name is none
    noted = list(islice(_noted(body, own, said), MOST))
    named = _named(body, own, said, tuple([mention.shown.value for mention in noted]))
    yield from [*noted, *named][:MOST]


def _own(text: str, lines: Iterable[TextLine]) -> Iterator[TextLine]:
    """Yield the writer's own lines."""
    begun = [read for read in introductions(text)[0] if isinstance(read, Block)]
    end = begun[0].start if begun else len(text)
    for line in lines:
        if line.start >= end or line.text.rstrip() == "--":
            return
        if line.depth or _QUOTER.match(line.text):
            continue
        if _RULER.match(line.text) or any(mark in line.text for mark in _FORWARDED) or line.text.startswith(PATCH):
            return
        yield line


def _noted(body: Body, own: Sequence[TextLine], said: str) -> Iterator[FileMention]:
    """Yield the names that a program wrote where files stood."""
    small = said.lower()
    if len(small) != len(said):
        return
    for before, behind in _MARKS:
        at = small.find(before)
        while at >= 0:
            start = at + len(before)
            end = small.find(behind, start, start + _LONGEST_NAME + len(behind) + 10)
            at = small.find(before, start)
            if end < 0:
                continue
            label = _LABEL.match(said, start, end)
            name = " ".join(said[label.end() if label is not None else start : end].split())
            if _ENDING.search(name) and "/" not in name:
                yield _mention(body, own, "noted", name)


def _named(body: Body, own: Sequence[TextLine], said: str, noted: tuple[str, ...]) -> Iterator[FileMention]:
    """Yield the names beside phrases that no program wrote, and a phrase where there is no name at all."""
    alone = ""
    beside: tuple[Stated, ...] = ()
    seen: set[str] = set()
    for phrase in _phrases(said):
        if _INLINE.search(said, phrase.end(), phrase.end() + _BEHIND):
            continue
        around = max(phrase.start() - NEAR, 0)
        beyond = phrase.end() + NEAR
        # One that begins near is read to its end: half of it is another name.
        near = [name for name in _NAME.finditer(said, around, beyond + _LONGEST_NAME) if name.start() < beyond]
        counts = tuple(in_sentence(said, phrase.start(), phrase.end()))
        if len({name[0] for name in near}) > 1:
            counts = ()  # they may be of any
        for name in near:
            if name[0] in seen:
                continue
            seen.add(name[0])
            if any(other.endswith(name[0]) for other in noted):
                continue
            stated = tuple(behind_name(said, name.end()))
            kinds = {one.kind for one in stated}
            yield _mention(body, own, "named", name[0], [*stated, *[one for one in counts if one.kind not in kinds]])
        if not alone:
            alone, beside = phrase[0], counts
        if len(seen) > MOST:
            return
    if alone and not seen and not noted and "\n+++ " not in body.text:
        yield _mention(body, own, "said", " ".join(alone.split()), beside)


def _phrases(said: str) -> Iterator[re.Match[str]]:
    """Yield the phrases of a text, in order; only about the pieces of phrases are they looked for."""
    if not said.isascii():
        yield from _PHRASE.finditer(said)
        return
    end = 0
    for at in sorted(pieces_in(said.lower())):
        first, last = max(end, at - _LONGEST_PHRASE), at + 2 * _LONGEST_PHRASE
        found = _PHRASE.search(said, first, last) if at >= end else None
        if found is not None and found.start() <= at:  # one that begins behind has a piece of its own
            yield found
            end = found.end()


def _mention(body: Body, own: Sequence[TextLine], kind: str, value: str, stated: Sequence[Stated] = ()) -> FileMention:
    """Return a mention with its bytes."""
    shown, exact = _placed(body, own, value)
    counts = []
    for one in stated:
        place, is_own = _placed(body, own, one.text)
        counts.append(SaidOfFile(kind=one.kind, low=one.low, high=one.high, shown=place, exact=is_own))
    return FileMention(kind=kind, shown=shown, part=body.part.number or "1", exact=exact, stated=tuple(counts))


def _placed(body: Body, own: Sequence[TextLine], value: str) -> tuple[Located, bool]:
    """Return words with their bytes: those of the writer's line where they stand as they are, else the part's first."""
    for line in own:
        if (at := line.text.find(value)) >= 0 and body.part.media_type != "text/html":
            place = body.range_of(line.start + at, line.start + at + len(value))
            if place is not None and body.text[line.start + at : line.start + at + len(value)] == value:
                return body.located(value, place), True
    first = body.first(value)
    return body.located(value, first or body.beginning), bool(first)
