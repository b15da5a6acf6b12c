"""A program says in the mail itself that it took files out of it: its body is not the one that was delivered.

That explains a body that is not as signed, and a part that is not as long as stated. It does not explain other words in
a text, so no rule that compares words is asked.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks._facts import settled
from forensics.examples.cases import Case, explained, observation, silent
from forensics.model.rules import BenignState, Context, Observation, State
from forensics.model.sentences import says

CAUSE = "stripped_attachment"
RULES = ("case.body_hash", "mail.attachment_size", "mail.named_file_missing")

_SAID = {
    "mail.altered": says(
        "note.attachment_altered",
        one="Thunderbird recorded in the mail that its user deleted or detached an attachment.",
    ),
    "mail.part_elsewhere": says(
        "note.attachment_elsewhere",
        one="Apple Mail keeps an attachment of this mail beside it, so the mail is not whole.",
    ),
}

QUERY = """
SELECT sha256, min(code) AS code FROM notices WHERE code IN ('mail.altered', 'mail.part_elsewhere')
GROUP BY sha256 ORDER BY sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail out of which files were taken, and the code of the notice that says so."""

    sha256: str
    code: str


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Settle the cause where the mail itself says so."""
    found = {row.sha256: row.code for row in rows}
    for index, seen in enumerate(observations):
        code = found.get(seen.subjects[0].sha256) if seen.rule in RULES else None
        if code is not None:
            yield index, settled(CAUSE, State.EXPLAINS, _SAID[code]())


def cases() -> Iterator[Case]:
    """Cases of both programs, and of mails and rules that it does not touch."""

    def row(code: str, digit: str = "0") -> Row:
        return Row(sha256=digit * 64, code=code)

    seen = (observation("case.body_hash", bin="untold"),)
    size = (observation("mail.attachment_size", bin="differs"),)
    yield explained((row("mail.altered"),), "a file that was deleted", by=CAUSE, observations=seen)
    yield explained((row("mail.part_elsewhere"),), "a file that stands elsewhere", by=CAUSE, observations=size)
    yield silent((row("mail.altered", "1"),), "another mail", observations=seen)
    yield silent((row("mail.altered"),), "another rule", observations=(observation("case.copy_differs", bin="words"),))
    yield silent((), "a mail that is whole", observations=seen)
