"""What mail programs write into nearly all their mails, whatever the archive; ``client_habits.toml`` says how known."""

import csv
import re
from collections.abc import Set
from functools import cache
from importlib import resources
from typing import NamedTuple


class Habit(NamedTuple):
    """One habit of a program, and in how many of its genuine mails it was seen."""

    habit: str
    """``kind=value`` of a message's form, or ``kind!=value``: never that value."""
    k: int
    n: int


class Program(NamedTuple):
    """A program and its habits."""

    name: str
    shown: re.Pattern[str]
    """Searched in User-Agent or X-Mailer; where a mail has neither, in ``@`` and the host of its Message-ID."""
    habits: tuple[Habit, ...]


@cache
def programs() -> tuple[Program, ...]:
    """Return all programs."""
    text = resources.files(__package__).joinpath("client_habits.csv").read_text(encoding="utf-8")
    found: dict[tuple[str, str], list[Habit]] = {}
    for row in csv.DictReader(text.splitlines()):
        habits = found.setdefault((row["program"], row["shown"]), [])
        habits.append(Habit(row["habit"], int(row["k"]), int(row["n"])))
    return tuple([Program(name, re.compile(shown), tuple(habits)) for (name, shown), habits in found.items()])


def has(habit: str, form: Set[str]) -> bool | None:
    """Tell whether a message has a habit; ``None`` where it does not show that kind at all.

    Args:
        habit: as in `Habit`.
        form: the message's features.
    """
    kind, never, value = habit.partition("!=")
    if never:
        shown = f"{kind}={value}" in form
        return not shown if shown or _shows(kind, form) else None
    kind = habit.partition("=")[0]
    if habit in form:
        return True
    return False if kind == "has" or _shows(kind, form) else None


def _shows(kind: str, form: Set[str]) -> bool:
    return any(one.startswith(f"{kind}=") for one in form)
