"""Words by which mail programs introduce the mails that they quote; ``quoting_words.toml`` names their sources."""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError


class Attribution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of a line that says who wrote what is quoted below it."""

    openers: tuple[str, ...]
    closing: tuple[str, ...]
    """Verbs that stand last, before the colon."""
    leading: tuple[str, ...]
    """Verbs between a sender and the time that ends the line."""
    citing: tuple[str, ...]
    """What stands before the id of the quoted mail, which ends the line."""
    inner: tuple[str, ...]
    """Verbs after which the sender is named."""
    joiners: tuple[str, ...]
    """What stands between the time and the sender, or between day and time."""


class Time(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of a time of day."""

    morning: tuple[str, ...]
    afternoon: tuple[str, ...]
    zones: tuple[str, ...]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table; every word as its programs write it."""

    source: str
    edition: str
    licence: str
    attribution: Attribution
    time: Time
    months: dict[str, tuple[str, ...]]
    """Language to twelve texts: the names of a month, parted by spaces."""
    weekdays: dict[str, str]
    labels: dict[str, tuple[str, ...]]
    """Field of a quoted header (``from``, ``sent``, ``date``, ``to``, ``cc``, ``subject``, ``other``) to its labels."""
    forwarded: dict[str, tuple[str, ...]]
    """Client to what it writes above a mail that is passed on."""


@cache
def quoting_words() -> Words:
    """Return the table.

    Raises:
        KnowledgeError: it is invalid.
    """
    raw = tomllib.loads(resources.files(__package__).joinpath("quoting_words.toml").read_text(encoding="utf-8"))
    try:
        words = msgspec.convert(raw, Words)
    except msgspec.ValidationError as error:
        raise KnowledgeError(f"quoting_words.toml: {error}") from error
    if any(len(names) != 12 for names in words.months.values()):
        raise KnowledgeError("quoting_words.toml: a year has twelve months")
    return words


@cache
def month_numbers() -> dict[str, int]:
    """Return lower-case name of a month to its number, in all languages together."""
    numbers: dict[str, int] = {}
    for language, names in quoting_words().months.items():
        for number, same in enumerate(names, 1):
            for name in same.split():
                if numbers.setdefault(name, number) != number:
                    raise KnowledgeError(f"quoting_words.toml: {name!r} ({language}) is two months")
    return numbers


@cache
def weekday_names() -> frozenset[str]:
    """Return the names of weekdays in all languages, lower case."""
    return frozenset(" ".join(quoting_words().weekdays.values()).split())


@cache
def label_fields() -> dict[str, str]:
    """Return lower-case label to the field that it names."""
    fields: dict[str, str] = {}
    for field, labels in quoting_words().labels.items():
        for label in labels:
            if fields.setdefault(label.lower(), field) != field:
                raise KnowledgeError(f"quoting_words.toml: {label!r} names two fields")
    return fields
