"""Two spellings of one word are one for the index, for the question and for the excerpt."""

import sys
from pathlib import Path

import pytest

from forensics.errors import UsageError
from forensics.fulltext.asking import MAX_TERMS, ask
from forensics.fulltext.excerpts import excerpt
from forensics.fulltext.folding import fold, fold_word
from forensics.fulltext.index_file import Entry, NewIndex


def holds(text: str, words: str) -> bool:
    index = NewIndex(None)
    index.add(Entry(sha256="ab" * 32, outcome="whole", text=(text,)))
    index.finish({})
    try:
        return bool(index.asked().matching(ask(words)))
    finally:
        index.close()


SAME = [
    ("Œuvre d'art", "oeuvre"),
    ("oeuvre", "ŒUVRE"),
    ("ﬁnance", "finance"),
    ("Été à Noël", "noel ete"),
    ("ete", "été"),
    ("e\u0301te\u0301", "Été"),
    ("Straße", "STRASSE"),
    ("pay\u00adment", "payment"),
    ("pay\u200bment", "payment"),
    ("\u202epayment\u202c", "payment"),
    ("p\u034fayment", "payment"),
    ("ＦＵＬＬ width", "full"),
    ("Αθήνα", "ΑΘΗΝΑ"),
    ("ещё", "еще"),
    ("مُحَمَّد", "محمد"),
    ("שָׁלוֹם", "שלום"),
    ("हिन्दी भाषा", "हिन्दी"),
    ("यह भाषा। अगला", "भाषा"),
    ("東京都庁で会議", "会議"),
    ("東京都庁で会議", "東京都庁"),
    ("東京都庁で会議", "庁"),
    ("東京都庁", "都庁"),
    ("東京 2020", '"東京 2020"'),
    ("第3回", "第3回"),
    ("การประชุมใหญ่", "ประชุม"),
    ("회의에서 결정", "회의"),
    ("e-mail", "e-mail"),
    ("Write to anna@firm.example.", "anna@firm.example"),
    ("invoices", "invoic*"),
    ("annual report 2016", '"annual rep"*'),
    ("a half \ud800 of one", "half one"),
    ("before\0behind", "behind"),
    ("at 5℃", "c"),
    ("Brand™", "brandtm"),
    ("Ⓐ", "a"),
    ("½ cup", "1 2"),
]


@pytest.mark.parametrize(("text", "words"), SAME)
def test_one_word_in_two_spellings_is_found_and_shown(text: str, words: str) -> None:
    assert holds(text, words)
    found = excerpt(text, ask(words))
    assert found is not None
    assert found.found
    assert all(0 <= start < end <= len(found.text) for start, end in found.found)


OTHER = [
    ("invoices", "invoice"),
    ("annual big report", '"annual report"'),
    ("東京都庁", "京東"),
    ("東京都庁", "東庁"),
    ("हिन्दी", "हन्द"),
    ("мой", "мои"),
    ("anna at firm example", "anna@firm.example"),
]


@pytest.mark.parametrize(("text", "words"), OTHER)
def test_another_word_is_neither_found_nor_shown(text: str, words: str) -> None:
    assert not holds(text, words)
    assert excerpt(text, ask(words)) is None


HOSTILE = [
    "NEAR(a b, 2)",
    "a AND NOT b",
    "text:b OR names:c",
    '"',
    '""" " "',
    "a*b*c",
    "^a + b",
    "{text names}: b",
    "'; DROP TABLE items; --",
    "a\0b",
    "(((((",
    "﹡＊＂a＂",
    "- -a",
    "\ud800",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_question_is_read_as_the_language_of_the_index(words: str) -> None:
    try:
        asked = ask(words)
    except UsageError:
        return
    index = NewIndex(None)
    index.add(Entry(sha256="ab" * 32, outcome="whole", text=("near a b 2 and not or text names drop table items c",)))
    index.finish({})
    found = index.asked().matching(asked)
    index.close()
    wanted = [token for term in asked.terms for token in term.tokens]
    assert found == [] or all(token in "near a b 2 and not or text names drop table items c" for token in wanted)


def test_no_letter_folds_to_a_quotation_mark() -> None:
    """Tokens stand between quotation marks in a question."""
    letters = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isalnum()]
    assert [letter for letter in letters if '"' in "".join(fold_word(letter))] == []


def test_a_question_has_a_most_and_a_least() -> None:
    for words in ("", "   ", '"" ... --', "x" * 10_000, " ".join(["a"] * (MAX_TERMS + 1))):
        with pytest.raises(UsageError):
            ask(words)
    assert len(ask(" ".join(["a"] * MAX_TERMS)).terms) == MAX_TERMS
    assert ask("report ... !!").wordless == ("...", "!!")


def test_ascii_goes_on_as_it_is() -> None:
    text = "Plain text, as most is."
    assert fold(text) is text


def test_an_excerpt_is_the_place_with_most_of_the_words() -> None:
    text = "First word alone. " + "filler " * 60 + "then the second word beside the first word." + " end" * 60
    found = excerpt(text, ask("first second"))
    assert found is not None
    assert "second word beside the first" in found.text
    assert [found.text[start:end] for start, end in found.found] == ["second", "first"]
    assert (found.begins, found.ends) == (False, False)
    assert found.shown.startswith("…")
    assert excerpt("nothing of it", ask("absent")) is None


def test_an_excerpt_keeps_the_characters_of_the_text_and_has_one_line() -> None:
    found = excerpt("a\r\n\r\n  Pay\u202e\u00adment\tnow", ask("payment"))
    assert found is not None
    assert found.text == "a Pay\u202e\u00adment now"
    assert [found.text[start:end] for start, end in found.found] == ["Pay\u202e\u00adment"]


def test_a_file_is_made_for_its_owner_alone_and_never_over_another(tmp_path: Path) -> None:
    from forensics.errors import CaseStoreError

    made = NewIndex(tmp_path / "index.sqlite")
    made.finish({})
    made.close()
    assert (tmp_path / "index.sqlite").stat().st_mode & 0o777 == 0o600
    with pytest.raises(CaseStoreError):
        NewIndex(tmp_path / "index.sqlite")
