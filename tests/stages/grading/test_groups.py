"""Values of comparison groups, over invented rows and over the cases of the rules that choose among several."""

from collections.abc import Callable
from enum import IntFlag
from pathlib import Path
from typing import Any

import pytest

from forensics.casestore import CaseFolder, Queries, write_unit
from forensics.checks import RULES, load
from forensics.model import rows
from forensics.model.case import CaseInfo
from forensics.model.codec import encode
from forensics.model.mail import Message
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.message import MessageHas
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rules import Rule, Subject
from forensics.stages.grading.groups import GROUPS, GroupCount, ItemValue, Values
from forensics.stages.observed import Observed

SENDER = "Ann@office.example"
CHOOSING = [name for name in RULES if (group := GROUPS.get(load(name).RULE.compare_with)) and group.several]


@pytest.mark.parametrize("name", RULES)
def test_every_rule_names_a_group_of_its_kind_of_item(name: str) -> None:
    rule = load(name).RULE
    assert not rule.compare_with or GROUPS[rule.compare_with].subject is rule.subject


def counts(archive: Any, group: str, *values: str, needs: IntFlag = MessageHas.NOTHING) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in archive.rows(GROUPS[group].count, {"values": list(values)}, GroupCount):
        if needs & row.mask == needs:
            found[row.value] = found.get(row.value, 0) + row.n
    return found


def of_items(archive: Any, group: str, *items: str) -> list[tuple[str, str]]:
    found = archive.rows(GROUPS[group].of_items, {"items": list(items)}, ItemValue)
    return [(row.sha256, row.value) for row in found]


def mail(archive: Any, name: str, **values: object) -> None:
    archive.add("messages", sha256=name, **{"mask": int(MessageHas.DATE), "from_address": SENDER, **values})


def test_groups_of_messages(archive: Any) -> None:
    for name in "1", "2", "3", "1":  # the first one again, from another unit
        mail(archive, name, client={"value": "Mutt/1.5"}, first_hop="MX.example", list_id="Users.example")
    for name in "4", "5":
        mail(archive, name, client={"value": "Pine"}, from_address="bob@x.example", first_hop="b.example", list_id="")
    assert counts(archive, "sender", "ann@office.example", "nobody") == {"ann@office.example": 3}
    pairs = {"ann@office.example|mutt/1.5": 3, "bob@x.example|pine": 2}
    assert counts(archive, "sender_client", *pairs) == pairs
    assert counts(archive, "first_hop", "mx.example") == {"mx.example": 3}
    assert counts(archive, "list", "users.example") == {"users.example": 3}
    assert counts(archive, "sender", "ann@office.example", needs=MessageHas.LIST) == {}
    assert of_items(archive, "sender_client", "1", "4", "9") == [
        ("1", "ann@office.example|mutt/1.5"),
        ("4", "bob@x.example|pine"),
    ]
    assert of_items(archive, "list", "1", "4") == [("1", "users.example")]


def test_what_names_nobody_or_no_program_tells_no_habit(archive: Any) -> None:
    mail(archive, "1", from_address="", client={"value": "Mutt"})
    mail(archive, "2", client={"value": "x" * 200})
    mail(archive, "3", client={"value": ""})
    archive.add("documents", sha256="4", mask=0, author={"value": ""}, application="Writer")
    assert of_items(archive, "sender", "1") == []
    assert of_items(archive, "sender_client", "1", "2", "3") == [("3", "ann@office.example|")]
    assert of_items(archive, "author_application", "4") == []


def test_by_host_pairs_run_from_the_older_to_the_newer_host(archive: Any) -> None:
    def hop(by: str, instant: int | None = 1) -> dict[str, object]:
        return {"by": by, "instant": instant}

    mail(archive, "1", hops=[hop("C.example"), hop("b.example"), hop("a.example")])
    mail(archive, "2", hops=[hop("c.example"), hop("b.example"), hop("a.example", None)])
    mail(archive, "3", hops=[hop("b.example"), hop("no.example", None), hop("c.example")])
    mail(archive, "4", hops=[hop("c.example")])
    mail(archive, "5", hops=[])
    pairs = {"a.example>b.example": 1, "b.example>c.example": 2, "c.example>b.example": 1}
    assert counts(archive, "by-host pair", *pairs) == pairs
    assert counts(archive, "by-host", "c.example", "a.example") == {"c.example": 4, "a.example": 2}
    assert of_items(archive, "by-host", "3") == [("3", "b.example"), ("3", "c.example"), ("3", "no.example")]


def test_groups_of_documents(archive: Any) -> None:
    for name in "1", "2", "3":
        by = {"author": {"value": "Ann"}, "application": "Writer 4"}
        archive.add("documents", sha256=name, mask=int(DocumentHas.CREATED), **by)
    wanted = {"ann|writer 4": 3}
    assert counts(archive, "author_application", *wanted, needs=DocumentHas.CREATED) == wanted
    assert counts(archive, "author_application", *wanted, needs=DocumentHas.MODIFIED) == {}


def test_the_value_of_an_observation_is_that_of_all_its_items(
    archive: Any, make_rule: Callable[..., Rule], observe: Callable[..., Observed]
) -> None:
    mail(archive, "1")
    mail(archive, "2", from_address=SENDER.upper())
    mail(archive, "3", from_address="bob@x.example")
    rule = make_rule(compare_with="sender")
    alone, alike, apart, nowhere = [observe(rule, *items) for items in (("1",), ("1", "2"), ("1", "3"), ("9",))]
    chosen = observe(make_rule(compare_with="by-host"), "1", compare="MX.example")
    document = observe(make_rule(compare_with="sender", subject=Subject.DOCUMENT), "1")
    plain = observe(make_rule(), "1")
    observed = (alone, alike, apart, nowhere, chosen, document, plain)
    values = Values(archive.rows, observed)
    assert [values.of(one) for one in observed] == [SENDER.lower(), SENDER.lower(), "", "", "mx.example", "", ""]


def test_a_rule_chooses_a_value_that_its_item_has(tmp_path: Path) -> None:
    chosen: dict[str, tuple[str, str]] = {}
    lines, places = [], []
    for name in CHOOSING:
        module = load(name)
        for number, case in enumerate(module.cases()):
            assert isinstance(case.subject, Message)
            for seen in module.check(case.subject, case.context):
                item = f"{name} {number}"
                if seen.compare:
                    chosen[f"{item} {seen.compare.lower()}"] = (item, module.RULE.compare_with)
                lines.append(encode(rows.messages.row_of(item, case.subject)) + b"\n")
                places.append(encode(_occurrence(item)) + b"\n")
    assert {key.split()[0] for key in chosen} == set(CHOOSING)
    folder = CaseFolder.create(tmp_path / "case", CaseInfo(as_of="2020-01-01T00:00:00Z"))
    with folder.lock():
        (folder.tmp / "m.ndjson").write_bytes(b"".join(dict.fromkeys(lines)))
        (folder.tmp / "o.ndjson").write_bytes(b"".join(dict.fromkeys(places)))
        tables = {"messages": folder.tmp / "m.ndjson", "occurrences": folder.tmp / "o.ndjson"}
        folder.custody.append("unit", {"unit": "u1"}, write_unit(folder, "u1", tables))
    with Queries(folder) as queries:
        known = {
            f"{row.sha256} {row.value}"
            for group in {group for _, group in chosen.values()}
            for row in queries.rows(
                GROUPS[group].of_items, {"items": [i for i, g in chosen.values() if g == group]}, ItemValue
            )
        }
    assert chosen.keys() <= known


def _occurrence(sha256: str) -> OccurrenceRow:
    texts = ("source", "name", "declared_type", "extension_type", "media_type", "parser", "reason", "parent_sha256")
    values: dict[str, Any] = dict.fromkeys((*texts, "location", "location_text", "message_sha256"), "")
    return OccurrenceRow(sha256=sha256, size=1, status="parsed", depth=0, mask=0, times=[], **values)
