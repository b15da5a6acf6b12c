"""A mail with other words in one of its texts, in the encoding that carries them; lines that stay keep their bytes."""

import re
from base64 import b64encode
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from msgspec.structs import replace

from forensics.authenticity.repairs.encoding import quote
from forensics.authenticity.repairs.mails import LINE, Mail
from forensics.parsers.mail import charsets
from forensics.parsers.mail.bodies import Body

_SOFT_BREAK = re.compile(rb"=[ \t]*+\r?\Z")
_ESCAPED_SIGN = re.compile(rb"=(2[1-9A-F]|3[A-F]|40|5[B-F]|60|7[B-E])")
_EQUALS = 0x3D
_LONGEST = (76, 75)
"""Characters of a line in quoted-printable without a soft break, by writer."""
Place = tuple[int, int, str]
"""A range of the text, and what stands in its place; no two overlap."""


class Rewording:
    """One text of one mail.

    Args:
        mail: the mail.
        body: the text.
    """

    def __init__(self, mail: Mail, body: Body) -> None:
        self.body = body
        self._mail = mail
        self._charset = body.part.charset_found or body.part.charset or "utf-8"
        self._lines = self._known_lines()

    def mails(self, places: Sequence[Place], mail: Mail | None = None) -> Iterator[Mail]:
        """Yield the mail with other words in some places, once for each way of writing them.

        Args:
            places: the words.
            mail: the mail, if something behind the text has already been changed in it.
        """
        stored = (mail or self._mail).stored
        before, after = stored[: self.body.start], stored[self.body.start + len(self.body.raw) :]
        for raw in dict.fromkeys(self._written(sorted(places))):
            whole = before + raw + after
            yield replace(self._mail, data=whole.replace(b"\r\n", LINE), stored=whole)

    def _written(self, places: Sequence[Place]) -> Iterator[bytes]:
        if self.body.cut:
            return
        text, raw = self.body.text, self.body.raw
        if self.body.part.decoder == "base64/2":
            yield from self._all_in_base64(_said(text, 0, len(text), places))
        elif self._lines and not places:
            yield raw
        elif self._lines:
            starts, raw_starts = self._starts
            first = bisect_right(starts, places[0][0]) - 1
            after = bisect_right(starts, places[-1][1])
            said = _said(text, starts[first], starts[after] - 1, places).split("\n")
            for longest in _LONGEST if self.body.part.decoder == "quoted-printable/2" else (0,):
                lines = [line for one in said if (line := self._line(one, longest)) is not None]
                if len(lines) == len(said):
                    yield raw[: raw_starts[first]] + LINE.join(lines) + raw[raw_starts[after] - 1 :]

    def _known_lines(self) -> dict[str, bytes]:
        """Return the bytes of each line of the text; nothing where a line does not tell them."""
        lines, raw = self.body.text.split("\n"), self.body.raw.split(LINE)
        if self.body.part.decoder == "quoted-printable/2":
            raw = _joined(raw)
        elif self.body.part.decoder != "copy/1":
            return {}
        known = dict(zip(lines, raw, strict=False))
        return known if len(lines) == len(raw) and [known[line] for line in lines] == raw else {}

    @cached_property
    def _starts(self) -> tuple[list[int], list[int]]:
        """Where each known line begins in the text and in its bytes, and where one after the last would."""
        lines = self.body.text.split("\n")
        lengths = (map(len, lines), [len(self._lines[line]) for line in lines])
        in_text, in_raw = [list(accumulate([length + 1 for length in one], initial=0)) for one in lengths]
        return in_text, in_raw

    def _line(self, line: str, longest: int) -> bytes | None:
        if line in self._lines:
            return self._lines[line]
        encoded = charsets.encode(line, self._charset)
        if encoded is None or not longest:
            return encoded
        bare = encoded.removesuffix(b"\r")
        return quote(bare, longest, self._escaped) + encoded[len(bare) :]

    @cached_property
    def _escaped(self) -> bytes:
        """The signs that the writer escapes without need: most of them, for whoever changed a line may not."""
        signs = {int(code, 16) for code in _ESCAPED_SIGN.findall(self.body.raw)} - {_EQUALS}
        raw = self.body.raw
        return bytes([sign for sign in sorted(signs) if raw.count(b"=%02X" % sign) > raw.count(bytes((sign,)))])

    def _all_in_base64(self, text: str) -> Iterator[bytes]:
        """Yield a text in base64, with its line ends and with CRLF, which whoever wrote it anew may have lost."""
        if self._base64(self.body.text) == self.body.raw:
            for ended in (text, text.replace("\r\n", "\n").replace("\n", "\r\n")):
                if (raw := self._base64(ended)) is not None:
                    yield raw

    def _base64(self, text: str) -> bytes | None:
        """Encode a text in lines as long as those of the part, with what follows the last."""
        encoded = charsets.encode(text, self._charset)
        width = len(self.body.raw.partition(LINE)[0].rstrip())
        if encoded is None or not width:
            return None
        end = b"\r\n" if b"\r\n" in self.body.raw else LINE
        digits = b64encode(encoded)
        lines = [digits[at : at + width] for at in range(0, len(digits), width)]
        return end.join(lines) + self.body.raw[len(self.body.raw.rstrip()) :]


def _said(text: str, start: int, end: int, places: Sequence[Place]) -> str:
    """Return a range of a text with other words in places of it."""
    pieces, at = [], start
    for first, last, said in places:
        pieces += [text[at:first], said]
        at = last
    return "".join([*pieces, text[at:end]])


def _joined(lines: Sequence[bytes]) -> list[bytes]:
    """Join lines of quoted-printable that a soft break parts."""
    whole: list[bytes] = []
    held: list[bytes] = []
    for line in lines:
        held.append(line)
        if not _SOFT_BREAK.search(line):
            whole.append(LINE.join(held))
            held = []
    return [*whole, LINE.join(held)] if held else whole
