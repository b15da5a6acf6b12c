from collections.abc import Callable

from forensics.checks import RULES, load
from forensics.engine.measuring.counts import ItemRow, count, counted, digest, listed, subjects
from forensics.examples.cases import observation
from forensics.examples.files import location
from forensics.model.measuring import Count
from forensics.model.presence.message import MessageHas
from forensics.model.rules import BenignState, Role, State, Subject, SubjectRef
from forensics.model.sentences import Sentence, says
from forensics.stages.grading.origin import Origin
from forensics.stages.observed import Observed

POWER = int(MessageHas.DATE_INSTANT | MessageHas.TRACE_TIME_1)
RULE = "mail.date_after_first_trace"
SENTENCE = Sentence("rule.mail.date_after_as_of", {"date": "2001-01-01", "late": "1 day", "as_of": "2000-12-31"})


def seen(item: str, bin_name: str, rule: str = RULE, *benign: BenignState) -> Observed:
    subject = SubjectRef(role=Role.SUSPECT, sha256=item, location=location(f"{item}.eml"))
    made = observation()
    fields = {name: getattr(made, name) for name in made.__struct_fields__}
    fields |= {"bin": bin_name, "subjects": (subject,), "benign": benign, "cluster": "", "sentence": SENTENCE}
    return Observed(rule=load(rule).RULE, observation=type(made)(**fields))


def rows_of(*masks: int) -> dict[Subject, list[ItemRow]]:
    rows = [ItemRow(f"{place}", f"{place}", mask, f"sender {place // 2}") for place, mask in enumerate(masks)]
    return {kind: rows if kind is Subject.MESSAGE else [] for kind in Subject}


def of_rule(counts: tuple[Count, ...], rule: str = RULE) -> dict[tuple[str, str, str], tuple[int, int]]:
    return {(one.bin, one.era, one.route): (one.hits, one.n) for one in counts if one.rule == rule}


def test_only_items_with_all_that_the_rule_needs_are_counted() -> None:
    found = of_rule(count(rows_of(POWER, POWER, int(MessageHas.DATE_INSTANT)), [], {}, "C", ""))
    assert set(found.values()) == {(0, 2)}
    assert {name for name, _, _ in found} == {one.name for one in load(RULE).RULE.bins}


def test_a_hit_counts_for_the_wider_bins_and_once_an_item() -> None:
    hits = [seen("0", "later>1d"), seen("0", "later>1d"), seen("1", "later>10min")]
    found = of_rule(count(rows_of(POWER, POWER), hits, {}, "C", ""))
    assert found["later>10min", "any", "any"] == (2, 2)
    assert found["later>1h", "any", "any"] == found["later>1d", "any", "any"] == (1, 2)
    assert found["later_whole_hours", "any", "any"] == (0, 2)


def test_one_senders_mails_are_one_series() -> None:
    hits = [seen("0", "later>1d"), seen("1", "later>1h"), seen("4", "later>1h")]
    counts = {one.bin: one for one in count(rows_of(*[POWER] * 6), hits, {}, "C", "") if one.rule == RULE}
    assert [(counts[name].hits, counts[name].series) for name in ("later>1h", "later>1d")] == [(3, 2), (1, 1)]
    assert {(one.n, one.series_n) for one in counts.values()} == {(6, 3)}


def test_what_rests_on_an_export_has_no_row() -> None:
    whole = {one.rule for one in count(rows_of(POWER), [], {}, "C", "")}
    assert {one.rule for one in count(rows_of(POWER), [], {}, "C", "", void={RULE})} == whole - {RULE}


def test_era_and_route_come_from_the_item_unless_the_route_is_given() -> None:
    origins = {"0": Origin(era="before2010", route="list"), "1": Origin(era="from2010")}
    hits = [seen("0", "later>1h")]
    found = of_rule(count(rows_of(POWER, POWER), hits, origins, "C", ""))
    assert found["later>1h", "before2010", "list"] == (1, 1)
    assert found["later>1h", "from2010", "any"] == (0, 1)
    given = of_rule(count(rows_of(POWER, POWER), hits, origins, "C", "unsolicited"))
    assert given["later>1h", "before2010", "unsolicited"] == (1, 1)


def test_what_the_items_own_facts_explain_and_what_a_review_took_out_is_no_hit() -> None:
    explained = BenignState(cause="wrong_offset", state=State.EXPLAINS, note=says("test.test_counts", one="x")())
    hits = [seen("0", "later>1h", RULE, explained), seen("1", "later>1h"), seen("2", "later>1h")]
    assert [one.items for one in counted(hits, frozenset("2"))] == [("1",)]


def test_hits_are_listed_rarest_bin_first() -> None:
    hits = [seen("0", "later>1h"), seen("1", "later>1h"), seen("2", "later>1d")]
    assert [one.sha256 for one in listed(hits)] == ["2", "0", "1"]


def test_rows_name_the_rule_version_and_the_list_of_items() -> None:
    rows = rows_of(POWER, POWER)
    first = count(rows, [], {}, "C", "")
    assert {(one.version, one.corpus) for one in first if one.rule == RULE} == {(load(RULE).RULE.version, "C")}
    assert {one.items for one in first} == {digest(["0", "1"])}
    assert digest(["1", "0", "1"]) == digest(["0", "1"]) != digest(["0"])
    assert {one.rule for one in first} <= set(RULES)


def test_subjects_leave_out_what_is_not_clean() -> None:
    def rows(sql: str, parameters: object, kind: Callable[..., ItemRow]) -> list[ItemRow]:
        return [kind("a", "a", 1, ""), kind("b", "b", 1, "")]

    assert [row.sha256 for row in subjects(rows, frozenset("a"))[Subject.MESSAGE]] == ["b"]  # type: ignore[arg-type]
