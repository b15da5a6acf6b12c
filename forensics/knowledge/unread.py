"""Content that no parser reads: whether that is a loss, and what an investigator can do about it."""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError

OTHER = "other"
"""The remedy where no other is known."""


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """The table of formats that are not read."""

    plain: dict[str, str]
    """Media type, or its beginning with a star, to what it is: ``text`` or ``signature``."""
    remedies: dict[str, str]
    """The same to the word of what to do about it, a key of `forensics.report.notices.REMEDIES`."""


@cache
def unread() -> Unread:
    """Return the table.

    Raises:
        KnowledgeError: a type stands twice.
    """
    raw = tomllib.loads(resources.files(__package__).joinpath("unread.toml").read_text(encoding="utf-8"))
    plain, remedies = _by_type(raw["plain"]), _by_type(raw["remedies"])
    if twice := plain.keys() & remedies.keys():
        raise KnowledgeError(f"unread.toml: {sorted(twice)} both hold nothing to read and have a remedy")
    return Unread(plain=plain, remedies=remedies)


def _by_type(groups: dict[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for group, types in groups.items():
        for media_type in types:
            if media_type in found:
                raise KnowledgeError(f"unread.toml: {media_type} stands twice")
            found[media_type] = group
    return found


def plain_kind(media_type: str) -> str:
    """Return what a content is in which nobody expects facts beside its words; empty if it is another."""
    return _look_up(unread().plain, media_type)


def remedy(media_type: str, extension_type: str) -> str:
    """Return the end of the key of the sentence that says what to do; `OTHER` where nothing better is known.

    Args:
        media_type: what libmagic takes the content for; empty if it does not know it.
        extension_type: what its name stands for; asked first where the content is a container that many formats use.
    """
    table = unread().remedies
    kinds = (extension_type, media_type) if media_type in ("", "application/CDFV2") else (media_type,)
    return next((found for kind in kinds if (found := _look_up(table, kind))), OTHER)


def _look_up(table: dict[str, str], media_type: str) -> str:
    if media_type in table:
        return table[media_type]
    family, _, name = media_type.partition("/")
    prefix = f"{family}/x-*" if name.startswith("x-") else ""
    return table.get(prefix) or table.get(f"{family}/*", "")
