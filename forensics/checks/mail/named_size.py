"""A mail's file is not as long as its own name says.

Courier, Dovecot and others write the size of the file into its name when they store it (``S=``), and never change the
file afterwards: a file that is longer or shorter was rewritten by something else.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact, settled
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import named_occurrence
from forensics.model.items import Occurrence
from forensics.model.presence.occurrence import OccurrenceHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.named_size",
    version=1,
    title="File size differs from the one in its name",
    subject=Subject.OCCURRENCE,
    needs=OccurrenceHas.NAME | OccurrenceHas.NAMED_SIZE,
    bins=(Bin("longer"), Bin("shorter")),
    group="content",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("rewritten_in_place", "line_ends", "cut_copy", "resaved", "unsolicited"),
    settle=settle.MAILBOX_OWNER,
    references=("Maildir++ S=", "kb:O-03", "kb:O-36"),
)

_SAID = {
    "longer": says(
        "rule.mail.named_size.longer",
        one=(
            "By its name the file of the mail had {stated} bytes when it was stored; it has {found} even where each "
            "line end is counted as one byte."
        ),
    ),
    "shorter": says(
        "rule.mail.named_size.shorter",
        one=(
            "By its name the file of the mail had {stated} bytes when it was stored; it has {found} even where each "
            "line end is counted as two bytes."
        ),
    ),
}

_NO_LINE_ENDS = says(
    "note.size_without_line_ends", one="Neither line ends of one byte nor those of two bring the file to that size."
)
_NOT_CUT = says("note.longer_than_named", one="The file is longer than its name says, not shorter.")

SLACK = 2
"""Bytes: an editor or an export adds or loses the last line end."""


def check(item: Occurrence, context: Context) -> Iterator[Observation]:
    """Compare both sizes that a name gives with the file, with line ends of one byte and of two."""
    if item.lengths is None:
        return
    least, most = item.lengths
    sizes = {fact.name: fact for fact in item.named if fact.value.isdigit()}
    size, wire = sizes.get("maildir.size"), sizes.get("maildir.wire_size")
    if size is None or least - SLACK <= int(size.value) <= most + SLACK:
        return
    if wire is not None and abs(int(wire.value) - most) <= SLACK:
        return
    name, found = ("longer", least) if int(size.value) < least else ("shorter", most)
    yield Observation(
        sentence=_SAID[name](stated=f"{int(size.value):,}", found=f"{found:,}"),
        bin=name,
        evidence=(cite_fact("the size in its name", size, Role.EITHER),),
        suspect="body",
        benign=(
            settled("line_ends", State.EXCLUDED, _NO_LINE_ENDS()),
            *([settled("cut_copy", State.EXCLUDED, _NOT_CUT())] if name == "longer" else []),
        ),
    )


def cases() -> Iterator[Case]:
    """Cases of both directions and of other line ends."""

    def file(keys: str, lengths: tuple[int, int]) -> Occurrence:
        sizes = [part.partition("=") for part in keys.split(",")]
        called = {"S": "maildir.size", "W": "maildir.wire_size"}
        name = f"1488794462.M1P2.mail.example,{keys}:2,S"
        return named_occurrence(name, tuple((called[key], value) for key, _, value in sizes), lengths)

    yield fires(file("S=5000", (5100, 5200)), "text was added", bin="longer")
    yield fires(file("S=5000,W=5100", (4800, 4900)), "text was taken away", bin="shorter")
    yield silent(file("S=5000", (5000, 5100)), "as it was stored")
    yield silent(file("S=5000", (4900, 5000)), "stored with line ends of two bytes, copied with those of one")
    yield silent(file("S=5000,W=4200", (4100, 4200)), "its other size is right: the first was counted otherwise")
    yield silent(file("S=5000", (5001, 5101)), "a line end at the end")
