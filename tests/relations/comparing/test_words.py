"""Texts as runs of words."""

from hypothesis import given
from hypothesis import strategies as st

from forensics.model.comparing import Side, WordRun
from forensics.relations.comparing.words import changes, runs, words_of

ONE = "The roof is mended before winter comes and nobody pays for it twice."


def told(one: str, other: str) -> tuple[WordRun, ...]:
    pair = words_of(one), words_of(other)
    return runs(*pair, changes(*pair)[0])


def test_equal_texts_are_one_run() -> None:
    assert told("a b", "a  b\n") == (WordRun(Side.BOTH, "a b"),)


def test_words_in_the_place_of_others() -> None:
    assert told("we pay now", "we never pay") == (
        WordRun(Side.BOTH, "we"),
        WordRun(Side.OTHER, "never"),
        WordRun(Side.BOTH, "pay"),
        WordRun(Side.ONE, "now"),
    )


def test_typographic_signs_marks_and_breaks_are_no_words() -> None:
    assert len(told("it's “so” – he said", 'it’s "so" - he said')) == 1
    assert len(told("a\nFrom here", "a\n>From here")) == 1
    assert len(told("a >From b", "a From b")) == 4
    assert len(told("https://a.example/long/ path", "https://a.example/long/path")) == 1


def test_unseen_characters_count() -> None:
    assert len(told("pay now", "pay\u200b now")) == 3


def test_long_common_runs_are_cut_to_their_ends() -> None:
    long = " ".join(map(str, range(100)))
    first, one, last = told(f"{long} x", long)[0], *told(f"{long} x", long)[1:], WordRun(Side.BOTH, "")
    assert first.text == "[...] 92 93 94 95 96 97 98 99"
    assert one == WordRun(Side.ONE, "x")
    assert last.text == ""


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_the_runs_give_back_both_texts(one: list[str], other: list[str]) -> None:
    pair = words_of(" ".join(one)), words_of(" ".join(other))
    found, whole = changes(*pair)
    assert whole
    rebuilt = list(one)
    for change in reversed(found):
        rebuilt[slice(*change.one)] = other[slice(*change.other)]
    assert "".join(rebuilt) == "".join(other)


def test_a_long_run_is_cut_between_two_words():
    one, other = words_of("kept " + "someone@long.example " * 200), words_of("kept")
    found, _ = changes(one, other)
    (added,) = [run.text for run in runs(one, other, found) if run.side is Side.ONE]
    assert len(added) <= 2_010 and added.endswith("[...]")
    assert set(added.split()) == {"someone@long.example", "[...]"}
