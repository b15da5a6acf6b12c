"""Files of key records: zone text, tables, passive DNS, answers of DNS, and files named for their key.

Which form a file has is told by its content. Whatever should hold a key and does not is counted and said.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

from forensics.authenticity.key_files import json_text, named_file, rows, zone_text
from forensics.authenticity.key_files.entries import Entry, Other, Read, Refused, quoted, seconds, usable
from forensics.model.items import Notice
from forensics.model.keys import Key, KeyFile

ENTRIES = 500_000
NOTICES = 100
_RECORD_BYTES = 65_535
_NAME_LENGTH = 253
_FORMS = (json_text, named_file, rows, zone_text)
"""In the order in which they are asked."""
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"))


def read_key_file(name: str, data: bytes) -> tuple[KeyFile, tuple[Key, ...]]:
    """Read one file.

    Args:
        name: of the file: its last part may say whose key it holds.
        data: its bytes; the time that it takes grows with their number, 10 s for 10 MB of zone text.

    Returns:
        What the file gave, and its keys, sorted by domain, selector and record.
    """
    gathered = _Gathered(name)
    text = _decoded(data)
    form = next((one for one in _FORMS if one.fits(name, text)), None)
    if form is None:
        gathered.refuse(Refused("", "keys.form", "this is none of the forms in which keys are read"))
    else:
        gathered.take(form.read(name, text))
    keys = gathered.keys()
    return (
        KeyFile(
            name=name,
            sha256=hashlib.sha256(data).hexdigest(),
            form="" if form is None else form.FORM,
            taken=len(keys),
            other=gathered.other,
            refused=gathered.refused,
            notices=tuple(gathered.notices),
        ),
        keys,
    )


def _decoded(data: bytes) -> str:
    charset = next(charset for mark, charset in _MARKS if data.startswith(mark))
    try:
        text = data.decode(charset)
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n")


class _Gathered:
    """The keys of one file, and what was not taken."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._keys: dict[tuple[str, str, bytes], Key] = {}
        self.other = self.refused = 0
        self.notices: list[Notice] = []

    def take(self, read: Iterable[Read]) -> None:
        """Take what a form yields."""
        rest = iter(read)
        for one in islice(rest, ENTRIES):
            if isinstance(one, Other):
                self.other += 1
            elif isinstance(one, Refused):
                self.refuse(one)
            elif wrong := next(_faults(one), None):
                self.refuse(wrong)
            else:
                self._add(one)
        if next(rest, None) is not None:
            self.refuse(Refused("", "keys.limit", f"only the first {ENTRIES} entries were read: split the file"))

    def refuse(self, one: Refused) -> None:
        """Count what gave no key, and note it."""
        self.refused += 1
        self._note(one)

    def keys(self) -> tuple[Key, ...]:
        """Return the keys that were taken, sorted."""
        return tuple([self._keys[name] for name in sorted(self._keys)])

    def _note(self, one: Refused) -> None:
        if len(self.notices) < NOTICES:
            self.notices.append(Notice(code=one.code, text=f"{one.at}: {one.text}" if one.at else one.text))

    def _add(self, entry: Entry) -> None:
        first, last = self._seen(entry)
        name = (entry.domain.rstrip(".").lower(), entry.selector.lower(), entry.record)
        if known := self._keys.get(name):
            first = min([one for one in (first, known.first_seen) if one is not None], default=None)
            last = max([one for one in (last, known.last_seen) if one is not None], default=None)
        self._keys[name] = Key(
            domain=name[0],
            selector=name[1],
            record=entry.record,
            origin=self._name,
            first_seen=first,
            last_seen=last,
        )

    def _seen(self, entry: Entry) -> tuple[int | None, int | None]:
        """Return when a key was first and last seen; nothing, with a notice, where that cannot be."""
        try:
            first, last = seconds(entry.first_seen), seconds(entry.last_seen)
        except (ValueError, OverflowError):
            first, last = 1, 0
        if first is None or last is None or first <= last:
            return first, last
        written = " to ".join([quoted(one) for one in (entry.first_seen, entry.last_seen) if one not in (None, "")])
        self._note(Refused(entry.at, "keys.time", f"{written} is no time; the key was taken without it"))
        return None, None


def _faults(entry: Entry) -> Iterator[Refused]:
    for what, name in (("domain", entry.domain), ("selector", entry.selector)):
        if not 0 < len(name) <= _NAME_LENGTH or not name.isprintable() or " " in name:
            yield Refused(entry.at, "keys.name", f"{quoted(name)} is no {what}")
    if len(entry.record) > _RECORD_BYTES:
        yield Refused(entry.at, "keys.record", f"{len(entry.record)} bytes are more than a record has")
    elif not usable(entry.record):
        shown = quoted(entry.record.decode("ascii", "replace"))
        yield Refused(entry.at, "keys.record", f"{shown} holds no key that can be read")
