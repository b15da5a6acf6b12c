"""Lines of a mail that a person wrote, and how to change one of them."""

import re
from collections.abc import Callable, Iterator
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.mail import Mail
from samples.planting.mime import Part, Unfit
from samples.planting.operation import Plant, edited

WORD = re.compile(r"\b[a-z]{4,12}\b")
_PROSE = re.compile(r"(?:[A-Za-z][A-Za-z',-]*[.!?;:]? ){4,}")
_NOT_PROSE = re.compile(
    r"^(?:[>+\-@|#*]|diff |index |--- |\+\+\+ |Signed-off|Reported|Reviewed|Acked|Tested|Cc:|On .*wrote|\s{4,})"
)

Change = Callable[[str], str | None]
"""Gives the new line, or ``None`` if it does not suit; may hold line ends."""


def lines(text: str) -> Iterator[int]:
    """Yield the numbers of the lines that look like a person's sentences: no quote, no code, no signature."""
    for number, line in enumerate(text.split("\n")):
        if line in ("-- ", "---") or line.startswith("diff "):
            return
        if not _NOT_PROSE.match(line) and _PROSE.search(line + " "):
            yield number


def text_parts(mail: Mail, media_type: str = "text/plain") -> list[Part]:
    """Return the leaves of a text type that are no attachments."""
    return [part for part in mail.parts() if part.media_type == media_type and not part.name]


def change_line(mail: Mail, rng: Random, change: Change, part: Part) -> tuple[str, str] | None:
    """Change one line of a person's words in a part; returns the old line and the new."""
    text = mail.text(part)
    numbers = list(lines(text))
    for number in rng.sample(numbers, len(numbers)):
        rows = text.split("\n")
        old, new = rows[number], change(rows[number])
        if new is None or new == old:
            continue
        rows[number : number + 1] = new.split("\n") if new != "\0" else []
        try:
            mail.set_text(part, "\n".join(rows))
        except Unfit:
            return None
        return old, new.replace("\0", "")
    return None


def body_edit(
    stored: Stored, archive: Archive, rng: Random, sham: bool, change: Change, unseen: str = "N"
) -> Plant | None:
    """Change one line of the plain text: class D where the archive holds a witness of that line, else *unseen*."""
    mail = Mail.parse(stored.data, sham=sham)
    parts = text_parts(mail)
    done = change_line(mail, rng, change, parts[0]) if parts else None
    if done is None:
        return None
    cls = "D" if archive.witnessed(stored, [done[0]]) else unseen
    return edited(mail, cls, f"{done[0]!r} -> {done[1]!r}")


def other_word(rng: Random, words: list[str]) -> Change:
    """Return a change that puts another word of the same mail for one."""

    def change(line: str) -> str | None:
        found = list(WORD.finditer(line))
        if not found:
            return None
        at = rng.choice(found)
        choice = [word for word in words if word != at[0]]
        return line[: at.start()] + rng.choice(choice) + line[at.end() :] if choice else None

    return change
