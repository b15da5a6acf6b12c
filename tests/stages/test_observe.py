from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from forensics import checks
from forensics.errors import StorageFull
from forensics.examples.cases import context
from forensics.model.rules import Context, Observation, Role, Rule, Subject
from forensics.stages import observe
from forensics.stages.observe import run_case_rules
from forensics.stages.observed import Observed
from forensics.stages.power import QUERIES
from forensics.stages.stage import Settings, Tables

OF_LISTS = {"case.list_differs", "case.list_incomplete", "case.folder_index_differs"}
OF_MORE = {
    *OF_LISTS,
    *("case.authenticated", "case.header_signature", "case.one_key", "case.seal", "case.signing_key"),
    *("case.batch_touch", "case.document_created_after_mail", "case.newer_than_member"),
    *("case.author_habits", "case.lineage_dates", "case.pasted_passage"),
    *("case.quoted_date", "case.quoted_recipients", "case.quoted_sender", "case.reference_differs"),
    "case.answered_another",
    *("case.reference_document", "case.document_differs"),
    *("case.store_touched", "case.content_newer_than_member", "case.newer_than_file", "case.packer_zone"),
    *("case.same_save_differs", "case.later_version_at_hand"),
    *("case.signing_selector", "case.restored_text"),
    *("case.signed_part_holds", "case.signer_key", "case.signed_part"),
}
"""Rules that compare more than messages alone."""
COUNTED = (
    *("messages", "documents", "archives", "quoted_mails"),
    *("counterparts", "restored", "signer_verdicts", "verdicts"),
)
CASE_RULES = [name for name in checks.RULES if name.startswith("case.")]
MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]

QUERY = "SELECT sha256 FROM messages WHERE arrived < $as_of ORDER BY sha256"


class Row(msgspec.Struct, frozen=True):
    sha256: str


@pytest.fixture
def case_rule(observe: Observe) -> Callable[..., Any]:
    """A rule that sees every mail, and crashes after *crash_after* of them."""

    def make(rule: Rule, crash_after: int = 99, crash: type[Exception] = ZeroDivisionError, **how: Any) -> Any:
        def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
            for number, row in enumerate(rows):
                if number == crash_after:
                    raise crash("by design")
                yield observe(rule, row.sha256, **how).observation

        return SimpleNamespace(RULE=rule, Row=Row, QUERY=QUERY, check=check)

    return make


@pytest.fixture
def mails(archive: Any) -> Any:
    for name in ("c", "a", "b"):
        archive.add("messages", sha256=name, mask=0, arrived=5)
    return archive


def items(observed: Sequence[Observed]) -> list[tuple[str, str]]:
    return [(one.rule.id, one.main.sha256) for one in observed]


def test_a_case_rule_sees_the_rows_of_its_query(mails: Any, make_rule: MakeRule, case_rule: Any) -> None:
    found, notices = run_case_rules(mails.rows, context(), [case_rule(make_rule("case.x"))])
    assert items(found) == [("case.x", "a"), ("case.x", "b"), ("case.x", "c")]
    assert notices == ()


def test_a_crash_is_noted_and_hides_nothing(mails: Any, make_rule: MakeRule, case_rule: Any) -> None:
    rules = [case_rule(make_rule("case.x"), crash_after=1), case_rule(make_rule("case.y"))]
    found, (notice,) = run_case_rules(mails.rows, context(), rules)
    assert items(found) == [("case.x", "a"), ("case.y", "a"), ("case.y", "b"), ("case.y", "c")]
    assert notice.code == "engine.rule_fault"
    assert notice.text.startswith("case.x/1: Traceback")
    assert "ZeroDivisionError: by design" in notice.text


def test_a_query_that_fails_costs_its_rule_only(mails: Any, make_rule: MakeRule, case_rule: Any) -> None:
    broken = case_rule(make_rule("case.x"))
    broken.QUERY = "SELECT nothing FROM nowhere"
    unknown = case_rule(make_rule("case.z"))
    unknown.QUERY = "SELECT $nobody"
    found, notices = run_case_rules(mails.rows, context(), [broken, unknown, case_rule(make_rule("case.y"))])
    assert len(found) == 3
    assert [notice.text[:8] for notice in notices] == ["case.x/1", "case.z/1"]


def test_a_full_disk_is_no_fault_of_a_rule(mails: Any, make_rule: MakeRule, case_rule: Any) -> None:
    with pytest.raises(StorageFull):
        run_case_rules(mails.rows, context(), [case_rule(make_rule("case.x"), crash_after=0, crash=StorageFull)])


def test_an_observation_that_accuses_nobody_breaks_the_contract(
    mails: Any, make_rule: MakeRule, case_rule: Any
) -> None:
    found, (notice,) = run_case_rules(mails.rows, context(), [case_rule(make_rule("case.x"), role=Role.WITNESS)])
    assert not found
    assert "CheckError" in notice.text


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ({}, set()),
        ({"messages": 1}, {"case.stated_file_differs"}),
        ({"messages": 1, "verdicts": 1}, {"case.authenticated", "case.stated_file_differs"}),
        (
            {"messages": 1, "documents": 1},
            {"case.document_created_after_mail", "case.newer_than_file", "case.stated_file_differs", *OF_LISTS},
        ),
        (
            {"documents": 2},
            {
                *("case.batch_touch", "case.same_save_differs", "case.newer_than_file", "case.document_differs"),
                *("case.lineage_dates", "case.pasted_passage"),
                *OF_LISTS,
            },
        ),
        (
            {"documents": 1, "archives": 1},
            {"case.newer_than_member", "case.content_newer_than_member", "case.newer_than_file", *OF_LISTS},
        ),
        ({"messages": 1, "counterparts": 1}, {"case.reference_differs", "case.stated_file_differs"}),
        (
            {"documents": 1, "counterparts": 1},
            {"case.reference_document", "case.reference_differs", "case.newer_than_file", *OF_LISTS},
        ),
        ({"messages": 1, "restored": 1}, {"case.restored_text", "case.stated_file_differs"}),
        (
            {"messages": 1, "signer_verdicts": 1},
            {"case.signed_part_holds", "case.signer_key", "case.signed_part", "case.stated_file_differs"},
        ),
        ({"messages": 2}, set(CASE_RULES) - OF_MORE - {"case.reply_recipients", "case.answer_subject"}),
        ({"messages": 3}, set(CASE_RULES) - OF_MORE),
        (dict.fromkeys(COUNTED, 21), set(CASE_RULES)),
    ],
)
def test_rules_that_compare_are_not_asked_about_less_than_they_compare(held: dict[str, int], asked: set[str]) -> None:
    assert queried(held) == sorted([checks.load(name).QUERY for name in asked])


def test_a_rule_is_not_asked_where_no_item_has_what_it_needs() -> None:
    needing = [name for name in CASE_RULES if checks.load(name).RULE.needs]
    assert queried(dict.fromkeys(COUNTED, 21), mask=0) == sorted(
        [checks.load(name).QUERY for name in set(CASE_RULES) - set(needing)]
    )
    assert len(needing) > 50


def queried(held: Mapping[str, int], mask: int = -1) -> list[str]:
    """Return the queries of the rules that are asked about so many rows, of items that have all of the bits."""
    queries: list[str] = []
    subjects = {Subject.MESSAGE: "messages", Subject.DOCUMENT: "documents", Subject.ARCHIVE: "archives"}
    masks = {query: held.get(subjects.get(subject, ""), 1) for subject, query in QUERIES.items()}

    def rows(sql: str, parameters: Mapping[str, object], kind: type[Any], /) -> Iterator[Any]:
        if kind.__module__ == observe.__name__:
            return iter([kind(table, held.get(table, 0)) for table in COUNTED])
        if sql in masks:
            return iter([kind(mask, masks[sql])])
        queries.append(sql)
        return iter([])

    written: list[str] = []
    observe.run(Tables(rows), Settings(as_of=1), lambda table, row: written.append(table))
    assert written == []
    return sorted(queries)


@pytest.mark.parametrize("name", CASE_RULES)
def test_what_a_rule_compares_is_in_the_tables_that_are_counted(name: str) -> None:
    needed = checks.load(name).ROWS_NEEDED
    assert needed.keys() <= set(COUNTED)
    # A row of these tables is of an item and what it is held against.
    of_two = {"case.authenticated", "case.reference_differs", "case.restored_text"}
    of_two |= {"case.signed_part_holds", "case.signer_key", "case.signed_part"}
    of_two |= {"case.newer_than_file"}  # a document is held against the file that it is
    of_two |= {"case.stated_file_differs", *OF_LISTS}  # a mail or a list against files that may be of any kind
    assert sum(needed.values()) >= (1 if name in of_two else 2)
