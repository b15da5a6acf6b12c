from collections.abc import Callable

import msgspec
import pytest

from forensics.checks import load
from forensics.knowledge.rates import RateRow
from forensics.model.findings import Habit
from forensics.model.rules import BenignState, Bin, Rule, State, Strength
from forensics.stages.grading.bounds import lower_bound, upper_bound
from forensics.stages.grading.strength import ReferenceRates, from_rate, grade_one, measure, rounded

MakeRule = Callable[..., Rule]


def counted(
    hits: int, n: int, corpus: str = "C", era: str = "any", route: str = "any", bin_name: str = "off"
) -> RateRow:
    return RateRow("mail.test", 1, bin_name, corpus, era, route, hits, n)


def strength(rule: Rule, hits: int, n: int, habit: Habit | None = None, *benign: BenignState) -> tuple[Strength, str]:
    graded = grade_one(rule, "off", measure([counted(hits, n)], "", ""), habit, benign)
    return graded.strength, graded.capped


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (1e-4, Strength.STRONG),
        (1.00001e-4, Strength.MODERATE),
        (1e-3, Strength.MODERATE),
        (1.00001e-3, Strength.WEAK),
        (1e-2, Strength.WEAK),
        (1.00001e-2, Strength.CONTEXT),
    ],
)
def test_thresholds(rate: float, expected: Strength) -> None:
    assert from_rate(rate) is expected


def test_the_pools_upper_bound_where_corpora_agree() -> None:
    rows = [counted(2, 83_361, "L1"), counted(0, 11_424, "L2"), counted(0, 22_117, "L3")]
    measured = measure(rows, "", "")
    assert measured is not None
    assert measured.rate == 5.38543e-5
    assert (measured.reference.hits, measured.reference.n) == (2, 116_902)
    assert measured.reference.corpus == "L1+L2+L3"


def test_the_worst_corpus_shrunk_towards_the_pool() -> None:
    # pool 40/40,000 = 0.001; worst (40 + 1) / (4,000 + 1,000) = 0.0082, above the pool's bound of about 0.0013
    measured = measure([counted(0, 36_000, "A"), counted(40, 4_000, "B")], "", "")
    assert measured is not None
    assert measured.rate == 0.0082


def test_a_small_clean_corpus_does_not_look_bad() -> None:
    # (0 + 1000 * 1/100,010) / (10 + 1000) stays below the pool's bound
    measured = measure([counted(1, 100_000, "A"), counted(0, 10, "B")], "", "")
    assert measured is not None
    assert measured.rate == rounded(upper_bound(1, 100_010))


def test_era_and_route_choose_the_corpora() -> None:
    rows = [
        counted(30, 5_000, "old", "before2010", "list"),
        counted(1, 9_000, "new", "from2010", "list"),
        counted(0, 1_000, "both", "any", "list"),
        counted(9, 2_999, "direct", "from2010", "direct"),
    ]

    def reference(era: str, route: str) -> tuple[int, int]:
        measured = measure(rows, era, route)
        assert measured is not None
        return measured.reference.hits, measured.reference.n

    assert reference("from2010", "list") == (1, 10_000)
    assert reference("before2010", "list") == (30, 6_000)
    assert reference("from2010", "") == (10, 12_999)
    assert reference("", "list") == (31, 15_000)
    # 2,999 powered items are too few: all of the era stand in, and where these are too few, all
    assert reference("from2010", "direct") == (10, 12_999)
    few = [counted(0, 1_000, "old", "before2010", "list"), counted(1, 9_000, "new", "from2010", "list")]
    measured = measure(few, "before2010", "direct")
    assert measured is not None
    assert measured.reference.n == 10_000


def test_what_misfires_on_mail_that_came_the_items_way_is_weaker() -> None:
    rows = [
        counted(1, 30_000, "list 1", "any", "list"),
        counted(0, 30_000, "list 2", "any", "list"),
        counted(8, 400, "direct 1", "from2010", "direct"),
        counted(8, 400, "direct 2", "from2010", "direct"),
    ]
    of_list, of_direct = measure(rows, "from2010", "list"), measure(rows, "before2010", "direct")
    assert of_list is not None
    assert of_direct is not None
    pool = 1 / 60_000
    assert of_direct.rate == rounded((16 + 1_000 * pool) / 1_800)
    assert of_list.rate < 1e-4 < of_direct.rate
    assert of_list.reference.routes == of_direct.reference.routes == ("list",)
    assert (of_direct.reference.route, of_direct.reference.route_hits, of_direct.reference.route_n) == (
        "direct",
        16,
        800,
    )
    nowhere = measure(rows, "from2010", "exported")
    assert nowhere is not None
    assert nowhere.reference.route_n == 0


def test_senders_of_the_hits_are_counted_where_every_corpus_has_them() -> None:
    rows = [
        msgspec.structs.replace(counted(40, 5_000, "one", "any", "list"), series=1, series_n=300),
        msgspec.structs.replace(counted(2, 5_000, "two", "any", "list"), series=2, series_n=300),
        counted(0, 5_000, "three", "any", "list"),
    ]
    known, unknown = measure(rows, "", "list"), measure([*rows, counted(1, 5_000, "four", "any", "list")], "", "list")
    assert known is not None
    assert unknown is not None
    assert (known.reference.series, unknown.reference.series) == (3, None)


def test_exactly_3000_of_the_items_own_kind_are_enough() -> None:
    new, newer = counted(1, 2_000, "new", "from2010", "direct"), counted(0, 1_000, "newer", "from2010", "direct")
    others = [counted(9, 9_000, "old", "before2010", "direct"), counted(0, 5_000, "lists", "from2010", "list")]
    measured = measure([new, newer, *others], "from2010", "direct")
    assert measured is not None
    assert measured.reference.n == 3_000
    # one corpus is one organization's mail
    alone = measure([msgspec.structs.replace(new, n=3_000), *others], "from2010", "direct")
    assert alone is not None
    assert alone.reference.n == 8_000


def test_mail_without_a_trace_stands_for_no_other() -> None:
    rows = [counted(0, 50_000, "exported", "any", "exported"), counted(9, 9_000, "lists", "any", "list")]
    of_direct, of_exported = measure(rows, "", "direct"), measure(rows, "", "exported")
    assert of_direct is not None
    assert of_exported is not None
    assert (of_direct.reference.hits, of_direct.reference.n) == (9, 9_000)
    assert (of_exported.reference.n, of_exported.reference.route_n) == (59_000, 50_000)
    assert of_exported.rate == rounded((9 + 1_000 * 9 / 59_000) / 10_000)


def test_spam_corpora_serve_unsolicited_items_only() -> None:
    rows = [counted(0, 9_000, "lists", "any", "list"), counted(62, 5_699, "spam", "any", "unsolicited")]
    for route in ("", "list", "direct"):
        measured = measure(rows, "", route)
        assert measured is not None
        assert measured.reference.corpus == "lists"
    measured = measure(rows, "", "unsolicited")
    assert measured is not None
    assert measured.reference.corpus == "spam"
    assert measure(rows[1:], "", "list") is None


def test_no_row_gives_context(make_rule: MakeRule) -> None:
    graded = grade_one(make_rule(), "off", None, None, ())
    assert (graded.strength, graded.rate, graded.capped) == (Strength.CONTEXT, None, "no rate")


def test_strong_needs_about_30000_clean_items(make_rule: MakeRule) -> None:
    assert strength(make_rule(), 0, 29_956) == (Strength.STRONG, "")
    assert strength(make_rule(), 0, 29_955) == (Strength.MODERATE, "")


def test_few_powered_items_cap(make_rule: MakeRule) -> None:
    # 0 of 3,000 gives 0.000998: moderate by itself; 0 of 2,999 gives 0.0009984: moderate, not lowered by the cap
    assert strength(make_rule(), 0, 3_000) == (Strength.MODERATE, "")
    assert strength(make_rule(), 0, 2_999) == (Strength.MODERATE, "")
    assert strength(make_rule(), 0, 300) == (Strength.WEAK, "")
    assert strength(make_rule(), 0, 299) == (Strength.WEAK, "calibration")
    assert strength(make_rule(), 0, 298) == (Strength.CONTEXT, "calibration")
    assert strength(make_rule(), 100, 298) == (Strength.CONTEXT, "")


def test_ceiling(make_rule: MakeRule) -> None:
    assert strength(make_rule(ceiling=Strength.MODERATE), 0, 100_000) == (Strength.MODERATE, "ceiling")
    assert strength(make_rule(ceiling=Strength.WEAK), 0, 4_000) == (Strength.WEAK, "ceiling")
    assert strength(make_rule(ceiling=Strength.CONTEXT), 0, 100_000) == (Strength.CONTEXT, "ceiling")


def test_a_benign_cause_that_explains_gives_context(make_rule: MakeRule) -> None:
    rule = make_rule(benign=("clock_skew",))
    for state, expected in (
        (State.EXPLAINS, (Strength.CONTEXT, "explained")),
        (State.OPEN, (Strength.STRONG, "")),
        (State.EXCLUDED, (Strength.STRONG, "")),
        (State.UNTESTABLE, (Strength.STRONG, "")),
    ):
        assert strength(rule, 0, 100_000, None, BenignState(cause="clock_skew", state=state)) == expected


def test_a_habit_takes_the_larger_rate(make_rule: MakeRule) -> None:
    habit = Habit(hits=5, n=20, group="a@x.example")
    graded = grade_one(make_rule(), "off", measure([counted(0, 100_000)], "", ""), habit, ())
    assert graded.rate == rounded(lower_bound(5, 20)) == 0.104081
    assert (graded.strength, graded.capped) == (Strength.CONTEXT, "habit")
    assert graded.habit == habit


def test_a_habit_never_incriminates(make_rule: MakeRule) -> None:
    # the reference rate of 1/2 stands above the habit's bound of 0.104
    graded = grade_one(
        make_rule(), "off", measure([counted(5_000, 10_000)], "", ""), Habit(hits=5, n=20, group="g"), ()
    )
    assert graded.rate is not None
    assert graded.rate > 0.5
    assert graded.capped == ""


def test_rates_are_looked_up_by_rule_version_and_bin(make_rule: MakeRule) -> None:
    asked: list[tuple[str, int]] = []

    def rows_of(rule: str, version: int) -> list[RateRow]:
        asked.append((rule, version))
        return [counted(1, 10_000), counted(9, 10_000, bin_name="far")] if version == 1 else []

    rates = ReferenceRates(rows_of)
    near, far = rates.of(make_rule(), "off", "", ""), rates.of(make_rule(), "far", "", "")
    assert near is not None
    assert far is not None
    assert (near.reference.hits, far.reference.hits) == (1, 9)
    assert rates.of(make_rule(version=2), "off", "", "") is None
    assert rates.of(make_rule(), "elsewhere", "", "") is None
    assert rates.of(make_rule(), "off", "", "") is near
    assert len(asked) == 4


def test_a_bin_may_have_a_lower_ceiling(make_rule: MakeRule) -> None:
    rule = make_rule(bins=(Bin("off", ceiling=Strength.WEAK), Bin("far")))
    assert strength(rule, 0, 100_000) == (Strength.WEAK, "ceiling")
    graded = grade_one(rule, "far", measure([counted(0, 100_000)], "", ""), None, ())
    assert graded.strength is Strength.STRONG


def test_corpora_of_one_source_are_not_added() -> None:
    rows = [counted(2, 80_000, "L1 linux-mips"), counted(9, 9_000, "linux-mips sample"), counted(0, 5_000, "other")]
    found = measure(rows, "", "")
    assert found is not None
    assert (found.reference.hits, found.reference.n, found.reference.corpus) == (2, 85_000, "L1 linux-mips+other")


def test_what_was_not_counted_so_is_weak_at_most(make_rule: MakeRule) -> None:
    measured = measure([counted(0, 100_000)], "", "")
    graded = grade_one(make_rule(), "off", measured, None, (), as_counted=False)
    assert (graded.strength, graded.capped) == (Strength.WEAK, "stored")
    weak = grade_one(make_rule(), "off", measure([counted(90, 20_000)], "", ""), None, (), as_counted=False)
    assert (weak.strength, weak.capped) == (Strength.WEAK, "")


def pooled(own: tuple[int, int], together: tuple[int, int]) -> ReferenceRates:
    """Rates of a bin of the pool of one moment with so many hits of so many, and of the pool."""
    rows = {
        "document.kept_sum": (counted(*own, bin_name="differs"),),
        "pool.one_moment": (counted(*together, bin_name="any"),),
    }
    return ReferenceRates(lambda rule, _version: rows.get(rule, ()))


@pytest.mark.parametrize(
    ("own", "together", "pool"),
    [
        ((0, 400), (4, 9_000), "one_moment"),
        ((0, 99), (4, 9_000), ""),
        ((1, 400), (4, 9_000), ""),
        ((1, 900), (4, 9_000), "one_moment"),
        ((0, 400), (90, 900), ""),
        ((0, 400), (0, 0), ""),
    ],
    ids=["joins", "too few of its own", "worse by more than three", "worse by less", "pool worse", "no pool"],
)
def test_a_bin_takes_the_rate_of_its_pool(own: tuple[int, int], together: tuple[int, int], pool: str) -> None:
    found = pooled(own, together).of(load("document.kept_sum").RULE, "differs", "", "")
    assert found is not None
    assert found.reference.pool == pool
    assert found.reference.n == (together[1] if pool else own[1])


def test_a_bin_that_nobody_counted_takes_no_rate_of_a_pool() -> None:
    rates = ReferenceRates(lambda rule, _: (counted(0, 9_000, bin_name="any"),) if rule == "pool.one_moment" else ())
    assert rates.of(load("document.kept_sum").RULE, "differs", "", "") is None
