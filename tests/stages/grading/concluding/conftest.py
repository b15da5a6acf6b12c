"""Entries, findings and facts for tests of conclusions; all invented."""

from collections.abc import Callable, Sequence

import pytest

from forensics.examples.files import location
from forensics.examples.times import time, time_row
from forensics.knowledge.wording import Wording
from forensics.model.facts import ClockKind
from forensics.model.findings import ItemRef, Ranked
from forensics.model.rows.times import TimeRow, row_of
from forensics.model.rules import Proposition, Role, Strength, SubjectRef
from forensics.model.sentences import Sentence
from forensics.model.time_kinds import TimeKind
from forensics.stages.grading.concluding.entry import Entry
from forensics.stages.grading.concluding.facts import RELIED, Facts, MailRow, SignedRow, StampRow, TimesRow
from forensics.stages.grading.concluding.told import Cited, Told

MakeTold = Callable[..., Told]
MakeEntry = Callable[..., Entry]
MakeMail = Callable[..., MailRow]
MakeFacts = Callable[..., Facts]
Say = Callable[[Sequence[Sentence]], list[str]]


def relied(times: Sequence[TimeRow]) -> list[StampRow]:
    """The rows that the query of clocks gives of these times."""
    found = [time for time in times if time.instant is not None and time.kind in RELIED]
    return [StampRow(time.instant or 0, time.clock, time.owner, time.path, time.start) for time in found]


def _ref(sha256: str) -> ItemRef:
    return ItemRef(sha256=sha256, location=location(f"leak/{sha256}.eml"))


@pytest.fixture
def make_told() -> MakeTold:
    """A finding on items given by role: ``make("case.x", a=Role.SUSPECT)``."""

    def make(
        rule: str,
        bin: str = "any",
        *,
        strength: Strength = Strength.MODERATE,
        proposition: Proposition = Proposition.ALTERED_CONTENT,
        cited: Sequence[Cited] = (),
        equal: Sequence[tuple[str, str]] = (),
        **items: Role,
    ) -> Told:
        subjects = [SubjectRef(role=role, sha256=name, location=_ref(name).location) for name, role in items.items()]
        return Told(
            rule=rule,
            bin=bin,
            strength=strength,
            proposition=proposition,
            subjects=tuple(subjects),
            cited=tuple(cited),
            equal=tuple(equal),
        )

    return make


@pytest.fixture
def make_entry() -> MakeEntry:
    """The entry of an item with findings."""

    def make(*findings: Told, item: str = "a", partners: Sequence[str] = ()) -> Entry:
        line = Ranked(
            rank=1,
            score=1.0,
            strength="moderate",
            item=_ref(item),
            cluster=None,
            propositions=(),
            findings=(),
            reasons=(),
            supported_by=(),
            partners=tuple([_ref(name) for name in partners]),
        )
        return Entry(line, findings)

    return make


@pytest.fixture
def make_mail() -> MakeMail:
    """What a mail says of itself."""

    def make(sha256: str = "a", date: str | None = "2016-11-14T09:00:00+00:00", **changes: object) -> MailRow:
        values: dict[str, object] = {
            "sha256": sha256,
            "sender": "anna@one.example",
            "sender_domain": "one.example",
            "message_id": "1@one.example",
            "id_host": "one.example",
            "subject": "Minutes",
            "first_hop": "mx.one.example",
            "date": time_row(date) if date else None,
            "letters_sha256": "f" * 64,
            "twins": 0,
        }
        return MailRow(**{**values, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_facts() -> MakeFacts:
    """Facts of mails, with the clocks of the first."""

    def make(
        *mails: MailRow, times: Sequence[TimeRow] = (), signed: Sequence[SignedRow] = (), **others: object
    ) -> Facts:
        by_mail: dict[str, list[SignedRow]] = {}
        for row in signed:
            by_mail.setdefault(row.sha256, []).append(row)
        return Facts(
            mails={mail.sha256: [mail] for mail in mails},
            times={mails[0].sha256: [TimesRow(mails[0].sha256, relied(times))]} if mails else {},
            signed=by_mail,
            **others,  # type: ignore[arg-type]
        )

    return make


@pytest.fixture
def stamp() -> Callable[..., TimeRow]:
    """A clock of a mail: a server's stamp unless said otherwise."""
    made = iter(range(100_000))

    def make(
        text: str, owner: str = "mx.one.example", *, kind: TimeKind = TimeKind.HOP, clock: ClockKind = ClockKind.SERVER
    ) -> TimeRow:
        at = next(made)
        return row_of(time(text, path=f"clock[{at}]", start=at, owner=owner, kind=kind, clock=clock))

    return make


@pytest.fixture
def say() -> Say:
    """The English of sentences."""
    wording = Wording("en")
    return lambda sentences: [wording.said(one) for one in sentences]
