"""Characters in a document's texts that are not seen, that turn the order of others, or that look like others.

A word counts as mixed where a few letters of another script look like the ones that belong there. Formulas set Greek
beside Latin, and signs of no width as operators: neither is told. Whether the document writes whole words of that
script is told too, for who types in two scripts mixes them.

Source: UTS #39 5.1 (mixed scripts); UAX #9 (bidirectional controls); knowledge base 3.4, 3.5.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice
from typing import NamedTuple

from forensics.knowledge.confusables import LOOKALIKES
from forensics.model.locations import Locator, quote
from forensics.model.texts import TextPart
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers.document._package import Package
from forensics.parsers.document._package_texts import MAX_PARTS
from forensics.parsers.document._script_signs import SCRIPTS, in_facts, in_parts, in_text, word_at
from forensics.parsers.document._xml_texts import Shown, words_of
from forensics.parsers.mail.characters import characters

MOST_MARKS = 20
"""Marks of one name of one document that are told."""
MOST_WORDS = 1_000
"""Words with letters of one script that are told from others of the document."""
MOST_MEETINGS = 20_000
"""Places of one part in which letters of two scripts meet that are looked at."""
SUSPECT = re.compile(
    rb"[\xcd-\xd4][\x80-\xbf]|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf.|\xc2\xad|\xe1\xa0\x8e"
    rb"|\xef\xb8[\x80-\x8e]|\xef\xbf[\xb9-\xbb]|\xf3\xa0|&#|\A\xff\xfe|\A\xfe\xff",
    re.DOTALL,
)
"""Bytes without which a part in UTF-8 has none of these characters."""
_OPERATORS = dict.fromkeys(range(0x2061, 0x2065))
"""What formulas put between a function and its argument, and between factors."""
_OTHER = "\u0370-\u052f"
_MET = re.compile(f"[A-Za-z][{_OTHER}]|[{_OTHER}][A-Za-z]")
_LIKE_LATIN = frozenset("асеорхуіјѕԁһԛԝАВЕКМНОРСТХІЈЅҮοΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
"""Cyrillic and Greek letters that no reader tells from Latin ones; small Greek ones stand for numbers, but omicron."""
_LIKE_OTHER = frozenset(letter.translate(LOOKALIKES) for letter in _LIKE_LATIN)
_ENDS = (b"</w:p>", b"</a:p>", b"</si>", b"</text:p>", b"</text:h>")
_TAG = re.compile(rb"<[^<>]*+>")
_LEAST = 3
"""Letters of a word that are of its own script."""
_MOST_ODD = 2
_WHOLE = {
    "latin": re.compile(f"(?<![A-Za-z{_OTHER}])[A-Za-z]{{4,40}}(?![A-Za-z{_OTHER}])"),
    "greek": re.compile(f"(?<![A-Za-z{_OTHER}])[\u0370-\u03ff]{{3,40}}(?![A-Za-z{_OTHER}])"),
    "cyrillic": re.compile(f"(?<![A-Za-z{_OTHER}])[\u0400-\u052f]{{3,40}}(?![A-Za-z{_OTHER}])"),
}


class Mark(NamedTuple):
    """One such place of a text: its kind, the word with escapes and as it stands, the script of what is odd."""

    kind: str
    shown: str
    word: str
    script: str = ""


def marks(text: str) -> Iterator[Mark]:
    """Yield the first word with characters of no width, the first control that turns letters, and each mixed word."""
    for kind, shown, word in characters(text.translate(_OPERATORS)):
        if kind != "mixed_scripts":
            yield Mark(kind, shown, word)
    seen: set[str] = set()
    for found in islice(_MET.finditer(text), MOST_MEETINGS):
        word = word_at(text, found.start() + 1)
        script = "" if word in seen else _odd_script(word)
        if script:
            seen.add(word)
            yield Mark("mixed_scripts", word.encode("unicode_escape").decode("ascii"), word, script)


def all_looked_at(text: str) -> bool:
    """Whether letters of two scripts meet in no more places than are looked at."""
    return next(islice(_MET.finditer(text), MOST_MEETINGS, None), None) is None


def _odd_script(word: str) -> str:
    """Return the script of the few letters that only look as if they belonged into a word; empty if there are none."""
    latin = [letter for letter in word if letter.isascii()]
    other = [letter for letter in word if not letter.isascii()]
    if len(other) <= _MOST_ODD and len(latin) >= _LEAST and _LIKE_LATIN.issuperset(other):
        return "greek" if all(letter < "\u0400" for letter in other) else "cyrillic"
    if len(latin) <= _MOST_ODD and len(other) >= _LEAST and _LIKE_OTHER.issuperset(latin):
        return "latin"
    return ""


def stripped(data: bytes) -> str:
    """Return what stands between the tags of a part; parsing it for what of it is shown is ten times as dear."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace").encode("utf-8", "replace")
    else:
        text = data
    for end in _ENDS:
        text = text.replace(end, b"\n")
    return unescape(_TAG.sub(b"", text).decode("utf-8", "replace"))


class TextMarks:
    """The marks of one document, gathered part by part."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering
        self._counts: dict[str, int] = {}
        self._odd: dict[str, set[str]] = {}
        self._elsewhere: set[str] = set()
        self._package: Package | None = None
        self._whole: set[str] = set()
        self._beyond = 0
        self._whole_texts = True

    def take_parts(self, package: Package, pattern: re.Pattern[bytes], shown: Shown) -> None:
        """Look at the XML parts of a package whose names match, in which elements show text."""
        self._package = package
        for name in package.named(pattern, MAX_PARTS):
            layer = package.layer(name)
            if layer is not None:
                self._take_part(layer, f"xml:{quote(name)}", shown)
        self._whole_texts &= len(package.named(pattern)) <= MAX_PARTS

    def _take_part(self, layer: Layer, path: str, shown: Shown) -> None:
        if layer.data.isascii() and b"&#" not in layer.data:
            return
        self._beyond += 1
        if SUSPECT.search(layer.data) is None:
            return
        plain = stripped(layer.data)
        self._look_for_words(plain)
        if next(marks(plain), None) is not None:
            words = words_of(layer.data, shown)
            self._take(words.text, words.whole, layer, path)

    def take_texts(self, texts: Iterable[TextPart]) -> None:
        """Look at texts whose words have no bytes of their own."""
        for one in texts:
            if not one.text.isascii():
                self._beyond += 1
                self._look_for_words(one.text)
                self._take(one.text, one.whole, None, one.locator.path)
                left = [script for script in SCRIPTS if script not in self._elsewhere]
                self._elsewhere |= {one_of for one_of in left if in_text(one.text, one_of, self._odd.get(one_of, ()))}

    def _look_for_words(self, text: str) -> None:
        left = [script for script in _WHOLE if script not in self._whole]
        self._whole |= {script for script in left if _WHOLE[script].search(text) is not None}

    def _take(self, text: str, whole: bool, layer: Layer | None, path: str) -> None:
        if not whole or not all_looked_at(text):
            self._whole_texts = False
            self._gathering.note("characters_partial", f"{path} is read in part: characters in it may be more")
        for mark in marks(text):
            name = f"mixed_{mark.script}" if mark.script else mark.kind
            count = self._counts[name] = self._counts.get(name, 0) + 1
            if mark.script:
                odd = self._odd.setdefault(mark.script, set())
                if len(odd) < MOST_WORDS:
                    odd.add(mark.word)
            if count <= MOST_MARKS:
                self._tell(f"text.{name}", mark, layer, path)

    def _tell(self, name: str, mark: Mark, layer: Layer | None, path: str) -> None:
        raw = mark.word.encode("utf-8", "surrogatepass")
        at = layer.data.find(raw) if layer is not None else -1
        where = f"{path}#{mark.kind}[{quote(raw[:120])}]"
        if layer is not None and at >= 0:
            cut = layer.cut((at, at + len(raw)), mark.shown)
            self._gathering.add_fact(name, mark.shown, cut.locator(where), cut.data)
        else:
            self._gathering.add_fact(name, mark.shown, Locator(path=where), b"")

    def finish(self) -> None:
        """Add what holds for all texts together.

        Facts:
            ``text.beyond_ascii``: in how many parts there are characters beyond ASCII; only where no limit cut one off.
            ``text.zero_width``, ``text.bidi``: a word with such characters, with escapes; ``text.mixed_cyrillic``,
            ``text.mixed_greek``, ``text.mixed_latin``: a word in which letters of this script look like those of
            another; ``text.zero_width_count`` and so on: how many there are, of more than are told.
            ``text.written_script``: a script of letters in mixed words of which the document has whole words too;
            ``text.script_elsewhere``: one of which it has any other letter, or a language, font or code page for it.
        """
        if self._beyond and self._whole_texts:
            self._add("beyond_ascii", str(self._beyond))
        for name, count in self._counts.items():
            if count > MOST_MARKS:
                self._add(f"{name}_count", str(count))
        for script in sorted(self._odd.keys() & self._whole):
            self._add("written_script", script)
        for script, words in sorted(self._odd.items()):
            if script in SCRIPTS and self._is_elsewhere(script, words):
                self._add("script_elsewhere", script)

    def _is_elsewhere(self, script: str, words: set[str]) -> bool:
        if script in self._elsewhere or in_facts(self._gathering.properties, script, words):
            return True
        return self._package is not None and in_parts(self._package, script, words)

    def _add(self, name: str, value: str) -> None:
        self._gathering.add_fact(f"text.{name}", value, Locator(path=f"text:{name}[{value}]"), b"")
