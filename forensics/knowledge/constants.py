"""Times that come with a program, a library or its blank document, and say nothing of the document."""

import tomllib
from datetime import datetime
from functools import cache
from importlib import resources

from forensics.model.facts import TICKS_PER_SECOND


def is_template_time(instant: int) -> bool:
    """Whether a creation time is that of an Office program's blank document."""
    return instant in _table("template")


def is_library_time(instant: int) -> bool:
    """Whether a creation time is that of a library's blank document."""
    return instant in _table("library")


def is_constant_local_time(wall: int) -> bool:
    """Whether a local time of an old Word document is one that a program writes into each."""
    return wall in _table("word_local")


@cache
def _table(name: str) -> frozenset[int]:
    raw = resources.files(__package__).joinpath("constants.toml").read_text(encoding="utf-8")
    times = tomllib.loads(raw)[name]
    return frozenset([int(datetime.fromisoformat(text).timestamp()) * TICKS_PER_SECOND for text in times])
