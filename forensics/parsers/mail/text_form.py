"""How a client writes texts: transfer encoding, disposition, format, the line before a quotation, HTML's own marks.

Each feature is one ``kind=value``, of the first text that a reader is shown.

Source: knowledge base F-03, 2.4, 2.5; RFC 3676 (format=flowed).
"""

import re
from collections.abc import Iterator

from forensics.parsers.mail.bodies import Bodies, Body

_ATTRIBUTIONS = (
    ("Gmail", re.compile(r"^On \w{3}, \w{3} \d+, \d{4} at \d+:\d\d.{0,4}[AP]?M?.{0,200}wrote:", re.MULTILINE)),
    ("Apple", re.compile(r"^On \d+ \w{3} \d{4}, at \d", re.MULTILINE)),
    ("Mozilla", re.compile(r"^On \d+/\d+/\d+,? \d+:\d\d", re.MULTILINE)),
    ("other date", re.compile(r"^On .{10,200}wrote:$", re.MULTILINE)),
    ("name", re.compile(r"^.{3,100} (?:wrote|writes|schrieb|a \xe9crit):$", re.MULTILINE)),
    ("Outlook text", re.compile(r"^-----Original Message-----", re.MULTILINE)),
    ("Outlook web", re.compile(r"^_{32}\s+(?:From|Von|De):", re.MULTILINE)),
    ("block", re.compile(r"^From: .*\n(?:Sent|Date): ", re.MULTILINE)),
    ("none", re.compile(r"^>", re.MULTILINE)),
)
_MARKS = (
    ("Word", re.compile(r"name=\"?generator\"? content=\"?Microsoft Word", re.IGNORECASE)),
    ("Outlook", re.compile(r"MsoNormal")),
    ("Apple", re.compile(r"-webkit-nbsp-mode|Apple-interchange-newline")),
    ("Mozilla", re.compile(r"moz-|text=\"#000000\" bgcolor=")),
    ("Yahoo", re.compile(r"\byiv\d|ydp[0-9a-f]+")),
    ("Gmail", re.compile(r"<div dir=\"(?:ltr|auto)\"|gmail_")),
)
_QUOTED = ("\n>", "\nFrom:", "\n-----Orig", "\n______")
"""What a quotation begins with; the line that introduces it stands beside the first."""
_BEFORE, _AFTER = 300, 200
_HEAD = 4_000
"""Characters in which a program's own marks stand; what follows may be quoted."""


def text_form(bodies: Bodies) -> tuple[str, ...]:
    """Return the features of a message's texts."""
    return tuple(_features(bodies, bodies.shown[0])) if bodies.shown else ()


def _features(bodies: Bodies, first: Body) -> Iterator[str]:
    part = first.part
    yield f"part={part.media_type}"
    if first.raw.isascii() and (part.decoder == "copy/1" or first.text.isascii()):
        yield f"transfer={part.encoding or 'none'}"
    if part is bodies.root and part.disposition:
        yield f"disposition={part.disposition}"
    if part.media_type == "text/plain":
        content_type = next((field for field in part.headers if field.key == "content-type"), None)
        if content_type is not None:
            yield f"flowed={'yes' if b'flowed' in content_type.raw.lower() else 'no'}"
        yield from _attribution(first)
    else:
        head = first.text[:_HEAD]
        yield f"html={next((name for name, pattern in _MARKS if pattern.search(head)), 'other')}"


def _attribution(body: Body) -> Iterator[str]:
    text = body.text
    places = [at for sign in _QUOTED if (at := text.find(sign)) >= 0]
    if not places:
        return
    near = text[max(0, min(places) - _BEFORE) : min(places) + _AFTER]
    for name, pattern in _ATTRIBUTIONS:
        if pattern.search(near):
            yield f"attribution={name}"
            return
