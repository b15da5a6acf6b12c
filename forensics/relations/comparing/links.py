"""Links that a gateway rewrote, as they were: it is told by its host, and its link holds the other whole.

Source: Microsoft Defender Safe Links (``url``); Proofpoint URL Defense 1 and 2 (``u``: ``_`` for a slash, ``-XX`` for
another byte) and 3 (``*`` for a byte and ``**N`` for several that the base64 at the end holds).
"""

import base64
import re
import string
from functools import lru_cache
from urllib.parse import unquote

from forensics.knowledge.gateway_texts import gateway_texts

_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_HOST = re.compile(r"https?://([^/?#:]+)", re.IGNORECASE)
_THIRD = re.compile(r"/v3/__(.+?)__;([^!]*)!!.*?\$", re.IGNORECASE)
_LAST = re.compile(r"&(?:amp;)?(?:reserved=\d|e=)((?:[^\w%=-].*)?)\Z")
"""The parameter that a gateway writes last, and what stands after the link: a stop, or more than it took for one."""
_RUN = re.compile(r"\*(?:\*(.))?")
_LENGTHS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
"""Of a run in the third form: ``A`` is two."""
_MOST = 6
"""Gateways that one after the other rewrote a link."""
_STOPS = ".,;:!?)]}'*"


@lru_cache(4096)
def layers(text: str) -> tuple[str, ...]:
    """Return a text, and what it was before each gateway rewrote its links, the latest first."""
    found = [text]
    while "://" in text and len(found) < _MOST:
        was = _URL.sub(lambda one: _original(one[0]), text)
        if was == text:
            break
        found.append(text := was)
    return tuple([alike(one) for one in found])


@lru_cache(4096)
def alike(link: str) -> str:
    """Return a link as it is compared: what its host's case and a last slash may be is nothing."""
    return _HOST.sub(lambda found: found[0].lower(), link).rstrip("/")


def _original(url: str) -> str:
    host = _HOST.match(url)
    parameter = _parameter(host[1].lower()) if host is not None else ""
    if not parameter:
        return url
    if third := _THIRD.search(url):
        return _third(third[1], third[2]) + url[third.end() :]
    found = re.search(rf"[?&](?:amp;)?{parameter}=([^&\s]+)", url)
    if found is None:
        return url
    value = found[1]
    if "/v2/" in url:
        value = re.sub(r"-([0-9A-Fa-f]{2})", r"%\1", value).replace("_", "/")
    last = _LAST.search(url)
    return unquote(value) + (last[1] if last is not None else url[len(url.rstrip(_STOPS)) :])


@lru_cache(256)
def _parameter(host: str) -> str:
    wrappers = gateway_texts().wrappers
    return next((value for name, value in wrappers.items() if host == name or host.endswith("." + name)), "")


def _third(link: str, held: str) -> str:
    try:
        characters = iter(base64.urlsafe_b64decode(held + "=" * (-len(held) % 4)).decode())
    except ValueError:
        return link

    def put(run: re.Match[str]) -> str:
        length = _LENGTHS.index(run[1]) + 2 if run[1] and run[1] in _LENGTHS else 1
        return "".join([one for _, one in zip(range(length), characters, strict=False)])

    return _RUN.sub(put, re.sub(r"\A([a-z0-9+.-]+:/)([^/])", r"\1/\2", link))
