"""Whole threads of an archive: mails that name each other, directly or by way of mails that are not there."""

from collections.abc import Iterator, Sequence
from random import Random

from samples.planting.archive import Stored


def threads(mails: Sequence[Stored]) -> list[list[Stored]]:
    """Return the threads, each in the order of the archive; a mail without any identifier is one of its own.

    Mails are joined by Message-ID and by every identifier in In-Reply-To and References, also of mails that are absent.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = name = parent[parent[name]]
        return name

    for mail in mails:
        first, *others = _names(mail)
        for other in others:
            parent[root(other)] = root(first)
    found: dict[str, list[Stored]] = {}
    for mail in mails:
        found.setdefault(root(next(_names(mail))), []).append(mail)
    return list(found.values())


def draw(mails: Sequence[Stored], most: int, rng: Random) -> list[Stored]:
    """Return whole threads of at most so many mails; one that is longer than what is left to draw is passed over."""
    drawn: list[Stored] = []
    found = threads(mails)
    for thread in rng.sample(found, len(found)):
        if len(thread) <= most - len(drawn):
            drawn += thread
    return drawn


def _names(mail: Stored) -> Iterator[str]:
    yield mail.message_id or mail.path
    yield from mail.related
