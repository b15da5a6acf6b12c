from collections.abc import Callable
from typing import Any

from forensics.checks import load
from forensics.model.presence.archive import ArchiveHas
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.message import MessageHas
from forensics.model.presence.occurrence import OccurrenceHas
from forensics.model.rules import Rule, Subject
from forensics.stages.power import power_of, rule_power

MakeRule = Callable[..., Rule]


def test_power_is_the_mask(make_rule: MakeRule) -> None:
    rules = (
        make_rule("mail.a", needs=MessageHas.DATE),
        make_rule("mail.b", needs=MessageHas.DATE | MessageHas.TRACE_TIME_1),
        make_rule("document.c", subject=Subject.DOCUMENT, needs=DocumentHas.NOTHING),
    )
    assert power_of(int(MessageHas.DATE | MessageHas.FROM), Subject.MESSAGE, rules) == (("mail.a",), ("mail.b",))
    assert power_of(0, Subject.DOCUMENT, rules) == (("document.c",), ())
    assert power_of(0, Subject.ARCHIVE, rules) == ((), ())


def test_items_are_counted_once_occurrences_wherever_they_stand(archive: Any, make_rule: MakeRule) -> None:
    for sha256, mask in (
        ("a", MessageHas.DATE),
        ("a", MessageHas.DATE),
        ("b", MessageHas.DATE | MessageHas.SIGNATURE),
        ("c", MessageHas.NOTHING),
    ):
        archive.add("messages", sha256=sha256, mask=int(mask))
        archive.add("occurrences", sha256=sha256, location=f"{sha256}{int(mask)}", mask=int(OccurrenceHas.IN_MESSAGE))
    archive.add("occurrences", sha256="a", location="elsewhere", mask=int(OccurrenceHas.NAME))
    rules = [
        make_rule("mail.a", needs=MessageHas.DATE),
        make_rule("mail.b", needs=MessageHas.DATE | MessageHas.SIGNATURE),
        make_rule("archive.c", subject=Subject.OCCURRENCE, needs=OccurrenceHas.IN_MESSAGE),
        make_rule("document.d", subject=Subject.DOCUMENT, needs=DocumentHas.CREATED),
        make_rule("archive.e", subject=Subject.ARCHIVE, needs=ArchiveHas.MEMBER_TIME),
    ]
    counted = rule_power(archive.rows, rules)
    assert [(power.rule, power.powered, power.subjects) for power in counted] == [
        ("mail.a", 2, 3),
        ("mail.b", 1, 3),
        ("archive.c", 3, 4),
        ("document.d", 0, 0),
        ("archive.e", 0, 0),
    ]
    assert counted[0].title == "A rule for tests"


def test_a_rule_that_compares_had_no_power_where_there_is_nothing_to_compare(archive: Any) -> None:
    rule = load("case.token_reuse").RULE
    for number, powered in ((1, 0), (2, 2)):
        archive.add("messages", sha256=f"{number}", mask=int(rule.needs))
        (power,) = rule_power(archive.rows, [rule])
        assert (power.powered, power.subjects) == (powered, number)
