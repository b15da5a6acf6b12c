"""Another id for an old one: as long, of the same kinds of letters, and made from its time where that is known."""

import re
from collections.abc import Iterator
from hashlib import sha256

from tests.bench.id_times import moved

_RUN = re.compile(r"[0-9A-Za-z]+")
_FIRST = re.compile(r"0{6,}|.")
"""What stays of a run: zeros that fill it up, or its first letter, so that no number begins with a zero it lacked."""
_HEX = re.compile(r"(?=.*\d)(?:[0-9a-f]{6,}|[0-9A-F]{6,})")
_KEPT = re.compile(r"F[0-9A-F]{4}(?=[0-9A-F]{1,11}\Z)|CA\S{5}(?=\S+@mail\.gmail\.com)|[0-9A-Z]{8,20}(?=[0-9A-F]{25}@)")
"""Microseconds near a full second in a short id of Postfix; what Gmail gives one account; Exchange's own name."""
_VERSION = re.compile(r"\d+(?:\.\d+){3}")
"""Exchange gives the version of the server for a queue id."""

_LONG, _COUNTED = 12, 3
"""Letters from which a run with digits, or of both cases, is by chance; digits from which it is a number."""
_LAST = 4
_DIGITS = "0123456789"
_UPPER, _LOWER = "BCDFGHJKLMNPQRSTVWX", "bcdfghjklmnpqrstvwx"
"""Letters of every alphabet that programs write ids in."""
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Ids:
    """The ids of one copy: the same old id gives the same new one."""

    def __init__(self, copy: int, seconds: int) -> None:
        """Take the number of the copy, and how far its times are moved."""
        self._copy = copy
        self._seconds = seconds
        self._made: dict[str, str] = {}

    def id(self, old: str) -> str:
        """Return an id that always differs from the old one."""
        new = self._made.get(old)
        if new is None:
            new = self.queue_id(old)
            if new == old:
                local = old.partition("@")[0]
                new = self._chosen(old, local[-_LAST:], {**_CLASSES, **_LETTERS}) + old[len(local) :]
                new = local[:-_LAST] + new
            self._made[old] = new
        return new

    def queue_id(self, old: str) -> str:
        """Return an id that differs where there is something to count; a word stays."""
        if _VERSION.fullmatch(old):
            return old
        pieces, at = [], 0
        for start, end, text in [*self._fixed(old), (len(old.partition("@")[0]), len(old), "")]:
            if start < at:
                continue
            pieces.append(self._respelled(old, at, start))
            pieces.append(text or old[start:end])
            at = end
        return "".join(pieces)

    def base64(self, old: str) -> str:
        """Return other base64 of that length; its last four letters, which may hold padding, stay."""
        return self._chosen(old, old[:-4], dict.fromkeys(_BASE64, _BASE64)) + old[-4:]

    def octets(self, old: bytes) -> bytes:
        """Return as many other octets."""
        return sha256(b"%d:" % self._copy + old).digest()[: len(old)]

    def _fixed(self, old: str) -> list[tuple[int, int, str]]:
        kept = _KEPT.match(old)
        return [(0, kept.end(), "")] if kept else moved(old, self._seconds)

    def _respelled(self, old: str, start: int, end: int) -> str:
        """Return a piece with its numbers and chance letters changed; series with one beginning keep that in common."""

        def one(run: re.Match[str]) -> str:
            classes = _classes(run[0])
            first = _FIRST.match(run[0])
            kept = first.end() if first and (start == 0 or run.start()) else 0
            return run[0][:kept] + self._chosen(old[: start + run.end()], run[0][kept:], classes)

        return _RUN.sub(one, old[start:end])

    def _chosen(self, key: str, text: str, classes: dict[str, str]) -> str:
        stream = self._stream(key)
        return "".join([_other(letter, next(stream), classes) for letter in text])

    def _stream(self, key: str) -> Iterator[int]:
        block = f"{self._copy}:{key}".encode("utf-8", "surrogateescape")
        while True:
            block = sha256(block).digest()
            yield from block


def _other(letter: str, chance: int, classes: dict[str, str]) -> str:
    among = classes.get(letter, "")
    return among[chance % len(among)] if among else letter


_CLASSES = dict.fromkeys(_DIGITS, _DIGITS)
_LETTERS = dict.fromkeys("abcdefghijklmnopqrstuvwxyz", _LOWER) | dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _UPPER)
_HEX_LETTERS = dict.fromkeys("abcdef", "abcdef") | dict.fromkeys("ABCDEF", "ABCDEF")


def _classes(run: str) -> dict[str, str]:
    """Return what each letter of a run may become; a word stays as it is."""
    digits = sum(map(str.isdigit, run))
    if _HEX.fullmatch(run):
        return _CLASSES | _HEX_LETTERS
    if len(run) >= _LONG and (digits or (run != run.lower() and run != run.upper())):
        return _CLASSES | _LETTERS
    return _CLASSES if digits >= _COUNTED else {}
