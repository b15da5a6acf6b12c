"""Elements of an export that is no XML: cut off, or with characters that XML does not allow, as Outlook writes them.

What can be told without the structure is kept: elements of Outlook's with nothing but text in them, and the tags of
mailboxes and files below the lists that they stand in.

Source: XML 1.0, 2.2 (characters) and 3.1 (tags).
"""

import re
from collections.abc import Iterator

from forensics.parsers._xml import Element, Value
from forensics.parsers.mail._olm_decoder import unescaped

MOST = 20_000
"""Elements that are kept."""
_TAG = re.compile(rb"<(OPF[A-Za-z]{1,80}|emailAddress|messageAttachment|category)((?:\s[^<>]{0,4000})?)>([^<]*+)(</)?")
_ATTRIBUTE = re.compile(rb"\s(OPF[A-Za-z]{1,80})=\"([^\"<]{0,4000})\"")
_NOT_ALLOWED = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def salvaged(data: bytes) -> Element:
    """Return what is left of a message as its element, texts with their ranges."""
    email = Element("email", Value("", None), {})
    holder = email
    for element, closed in _elements(data):
        if element.local in ("emailAddress", "messageAttachment", "category"):
            holder.children.append(element)
        else:
            email.children.append(element)
            holder = email if closed else element
    return email


def _elements(data: bytes) -> Iterator[tuple[Element, bool]]:
    """Yield the elements, and whether each is closed behind its text."""
    for number, found in enumerate(_TAG.finditer(data)):
        if number == MOST:
            return
        closed = found[4] is not None
        start = found.start(2)
        attributes = {
            one[1].decode("ascii"): Value(_text(one[2]), (start + one.start(2), start + one.end(2)))
            for one in _ATTRIBUTE.finditer(found[2])
        }
        # Of an element that is cut off its beginning is kept.
        whole = closed or found.end() == len(data)
        value = Value(_text(found[3]), found.span(3)) if whole else Value("", None)
        yield Element(found[1].decode("ascii"), value, attributes), closed


def _text(raw: bytes) -> str:
    return unescaped(raw).decode("utf-8", "replace")


def odd_characters(data: bytes) -> int:
    """Return how many characters there are that XML does not allow."""
    return len(_NOT_ALLOWED.findall(data.decode("utf-8", "replace")))
