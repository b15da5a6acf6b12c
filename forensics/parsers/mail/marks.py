"""What a mail's texts hide, lead to, or show of their age.

Invisible characters, mixed scripts, hidden passages, links that say otherwise; and characters, top-level domains of
links and words of programs whose birth is known.

Each is a fact with its kind, what it shows and the bytes of its first place. Links are read, never followed. Of what
has a birth only the youngest of each kind is kept: if that one may stand in a mail, all may.

Source: knowledge base D-23, D-25, D-26, I-07 to I-14; RFC 3986 7.6.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from forensics.knowledge import births
from forensics.knowledge.suffixes import organization
from forensics.model.facts import Located
from forensics.model.mail_texts import BodyMark
from forensics.parsers.mail.bodies import Bodies, Body
from forensics.parsers.mail.characters import characters, named_characters

MOST = 50
"""Marks of one mail that are kept."""
MOST_PLACED = 5
"""Of each kind, marks whose bytes are looked for: in encoded parts that is dear."""
LEAST_HIDDEN = 30
"""Letters of a hidden passage; shorter ones are a preview's filling."""

MOST_TOLD = 100
"""Recipients whose addresses are looked for in links: such links are made for one reader."""

_HIDING = re.compile(r"display\s*:\s*none|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|\Z|!)|visibility\s*:\s*hidden", re.I)
_HOST = re.compile(r"(?:https?://)?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?:[/:?#].*)?", re.I | re.S)
_USER = re.compile(r"https?://([^\s/\\?#<>\"'@]{4,200}?)(?:@|%40)([^\s/\\?#<>\"'@%]{3,250})", re.I)
"""The user part of a link, which a hurried reader takes for its host (RFC 3986 7.6); a coded ``@`` looks the same."""
_MAY_BE_USER = re.compile(r"://[^\s/\\?#<>\"'@%]{4,200}+[@%]")
_TLDS = frozenset(("com", "net", "org", "edu", "gov", "mil", "int", "info", "biz", "example", "test", "invalid"))
_SHORTENERS = frozenset(("bit.ly", "tinyurl.com", "goo.gl", "is.gd", "ow.ly", "t.co", "tiny.cc", "cutt.ly", "rb.gy"))
_REWRITERS = ("safelinks.protection.outlook.com", "urldefense.com", "urldefense.proofpoint.com", "protect.mimecast.com")
"""Gateways that put their own host before every link."""
_REDIRECT = re.compile(
    r"google\.[a-z.]{2,6}/(?:url\?|amp/s/)|l\.facebook\.com/l\.php|doubleclick\.net/|[?&]redirect_uri=|/adclick\b", re.I
)
_CONSENT = re.compile(
    r"accounts\.google\.com/o/oauth2/|login\.microsoftonline\.com/[^/]{1,60}/oauth2/(?:v2\.0/)?authorize", re.I
)
_SILENT = frozenset(("style", "script", "head", "title", "template"))
_TELLING = "a[href],form[action],meta[http-equiv],script,img[src]"
"""Sought at once: each walk through a tree costs as much as the next."""
_ACTS = frozenset(("form", "script", "refresh", "active_target"))
_NONE = re.compile(r"\A[01](?:px)?\Z")
_LINK_HOST = re.compile(r"://(?:[A-Za-z0-9-]{1,63}\.){1,8}([A-Za-z][A-Za-z0-9-]{1,62})(?![\w.-]*@)")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LINE_END = r"[.=-]?[ \t]{0,9}(?:<br ?/?>)?\r?\n[>| \t]{0,20}"
_CUT = re.compile(
    r"\.{2,}|\u2026|=2E|[\u00ad\u200b\u2060\ufeff]|<wbr"
    rf"|{_LINE_END}(?!www\.|[a-z]{{2,10}}://|[^\s@]{{1,60}}@)(?:[.-]|[^\s<>\"']{{0,100}}(?:>|[./][^\s.]))",
    re.IGNORECASE,
)
"""What follows a host whose rest stands behind it: it is shortened, or parted where a line may end, or the next line
begins with a dot or with the rest of a host, a path or an angle bracket. A link or an address of its own is no rest."""
_LAST_WORD = re.compile(_LINE_END + "[a-z0-9]", re.IGNORECASE)
FULL_LINE = 65
"""Characters of a line that a program may have cut at its width."""


def read_marks(bodies: Bodies, subject: Located, recipients: frozenset[str]) -> tuple[BodyMark, ...]:
    """Return the marks of the texts of one mail, the subject's first.

    Args:
        bodies: its texts.
        subject: decoded.
        recipients: addresses, lower case.
    """
    found: list[BodyMark] = []
    placed: dict[str, int] = {}
    if not subject.value.isascii():
        for kind, shown, _ in characters(subject.value):
            found.append(BodyMark(kind=kind, shown=Located(shown, subject.raw, subject.locator), part=""))
    for body in (*bodies.shown, *bodies.pages):
        part = body.part
        if part.media_type == "text/plain" and _is_plain(body):
            continue
        for kind, shown, sought in (
            _of_page(bodies, body) if part.disposition == "attachment" else _of_body(bodies, body, recipients)
        ):
            if len(found) >= MOST:
                return tuple(found)
            placed[kind] = placed.get(kind, 0) + 1
            place = body.first(sought) if placed[kind] <= MOST_PLACED else None
            stands = body.located(shown[:300], place or body.beginning)
            found.append(BodyMark(kind=kind, shown=stands, part=part.number or "1", exact=place is not None))
    return tuple(found)


def _is_plain(body: Body) -> bool:
    """Whether a text is ASCII without links, as most are: nothing can hide in it."""
    part = body.part
    plain = not part.charset and part.encoding in ("", "7bit") and body.raw.isascii()
    return plain and not body.links


def _of_page(bodies: Bodies, body: Body) -> Iterator[tuple[str, str, str]]:
    """Yield what an attached page does once it is opened: a reader takes it for a document."""
    acts = sorted({kind for tree in bodies.trees(body) for kind, _, _ in _of_html(tree, frozenset())} & _ACTS)
    if acts:
        yield "attached_page", f"{body.part.filename}: {', '.join(acts)}", ""


def _of_body(bodies: Bodies, body: Body, recipients: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Yield kind, what is shown, and the text to be found in the part."""
    text = body.text
    if not text.isascii():
        yield from characters(text)
    if any(_MAY_BE_USER.match(text, at) for at in body.links):
        yield from _of_users(text)
    if body.part.media_type == "text/html":
        yield from named_characters(text)
        told = _told(recipients)
        for tree in bodies.trees(body):
            yield from _of_html(tree, told)


def _of_users(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield links whose user part looks like a host."""
    for found in _USER.finditer(text):
        named = _HOST.fullmatch(unquote(found[1]))
        host = found[2].partition(":")[0].lower()
        if named is not None and _is_host(named[1].lower()) and not _same(named[1].lower(), host):
            yield "host_as_user", found[0], found[0]


def _is_host(name: str) -> bool:
    """Whether a name is more likely a host's than a person's."""
    last = name.rpartition(".")[2]
    return name.startswith("www.") or len(last) == 2 or last in _TLDS or last in births.tld_births()


def _told(recipients: frozenset[str]) -> frozenset[str]:
    """Return how a link can name one of these addresses: as it is, or the steady part of its base64."""
    told = sorted(recipients)[:MOST_TOLD]
    coded = [b64encode(one.encode("utf-8", "replace")).decode("ascii") for one in told]
    return frozenset([*told, *[code.rstrip("=")[: len(code) // 4 * 4 - 4] for code in coded if len(code) > 12]])


def _of_html(tree: LexborHTMLParser, told: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    found: dict[str, list[LexborNode]] = {}
    for node in tree.css(_TELLING):
        found.setdefault(node.tag or "", []).append(node)
    for node in found.get("a", ()):
        target = node.attributes.get("href") or ""
        yield from _of_link(node, target)
        if told and target[:4].lower() == "http" and _names(target, told):
            yield "address_in_link", target, target
    for node in found.get("form", ()):
        action = node.attributes.get("action") or ""
        if action.lower().startswith("http"):
            yield "form", action, action
    for node in found.get("meta", ()):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh" and node.attributes.get("content"):
            yield "refresh", node.attributes.get("content") or "", node.attributes.get("content") or ""
    for node in found.get("script", ()):
        yield "script", (node.attributes.get("src") or node.text() or "").strip()[:100], "<script"
    for node in found.get("img", ()):
        source, size = node.attributes.get("src") or "", (node.attributes.get("width"), node.attributes.get("height"))
        if source.lower().startswith("http") and all(_NONE.match(one or "") for one in size):
            yield "pixel", source, source
    for node in tree.css("[style]"):
        if node.tag not in _SILENT and _HIDING.search(node.attributes.get("style") or ""):
            passage = " ".join(node.text().split())
            if sum(map(str.isalpha, passage)) >= LEAST_HIDDEN:
                yield "hidden_text", passage, node.text().strip().partition("\n")[0][:40]


def _names(target: str, told: frozenset[str]) -> bool:
    plain = unquote(target)
    lower = plain.lower()
    return any(one in lower if "@" in one else one in plain for one in told if one)


def _of_link(node: LexborNode, target: str) -> Iterator[tuple[str, str, str]]:
    lower = target.strip().lower()
    if lower.startswith(("data:", "javascript:", "vbscript:")):
        yield "active_target", target[:100], target[:100]
        return
    host = _host(target)
    if not host:
        return
    shown = " ".join(node.text().split())
    named = _HOST.fullmatch(shown)
    if named is not None and not host.endswith(_REWRITERS) and not _same(named[1].lower(), host):
        yield "other_host", f"{shown} -> {target}", target
    if host in _SHORTENERS:
        yield "shortener", target, target
    if _CONSENT.search(target):
        yield "consent", target, target
    elif _REDIRECT.search(target):
        yield "redirect", target, target


def _host(target: str) -> str:
    try:
        return (urlsplit(target.strip()).hostname or "").lower()
    except ValueError:
        return ""


def _same(one: str, other: str) -> bool:
    """Whether two hosts are of one owner."""
    return organization(one) == organization(other)


def read_births(bodies: Bodies) -> tuple[BodyMark, ...]:
    """Return the youngest character, link and program's word of a mail's texts."""
    youngest: dict[str, tuple[int, str, Body]] = {}
    for body in bodies.shown:
        for kind, born, shown in _ages(body):
            if kind not in youngest or born > youngest[kind][0]:
                youngest[kind] = born, shown, body
    return tuple([_mark(kind, shown, body) for kind, (_, shown, body) in youngest.items()])


def _mark(kind: str, shown: str, body: Body) -> BodyMark:
    place = body.first(shown)
    named = f"U+{ord(shown):04X}" if kind == "born_character" else shown[:200]
    stands = body.located(named, place or body.beginning)
    return BodyMark(kind=kind, shown=stands, part=body.part.number or "1", exact=place is not None)


def _ages(body: Body) -> Iterator[tuple[str, int, str]]:
    """Yield kind, day of birth, and what shows it."""
    text = body.text
    if not text.isascii():
        characters = births.character_births()
        for character in characters.keys() & set(map(ord, set(_BEYOND_ASCII.findall(text)))):
            yield "born_character", characters[character], chr(character)
    tlds = births.tld_births()
    for at in body.links:
        found = _LINK_HOST.match(text, at)
        born = tlds.get(found[1].lower(), 0) if found is not None else 0
        if born and found is not None and not _is_cut(text, at, found.end()):
            yield "born_link", born, found[0]
    for word, born in births.words_in(text):
        yield "born_word", born, word


def _is_cut(text: str, start: int, end: int) -> bool:
    """Whether a host may go on behind its last letter, so that its last label is no top-level domain."""
    if _CUT.match(text, end):
        return True
    line = text.rfind("\n", max(0, start - FULL_LINE), start) + 1 or max(0, start - FULL_LINE)
    return end - line >= FULL_LINE and _LAST_WORD.match(text, end) is not None
