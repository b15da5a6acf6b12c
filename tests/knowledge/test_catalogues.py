"""The catalogues of other languages: compiled as their source stands, true to today's English, and complete."""

import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from forensics.errors import KnowledgeError
from forensics.knowledge import make_catalogue
from forensics.knowledge.languages import translated
from forensics.knowledge.make_catalogue import (
    LANGUAGES,
    catalogue,
    compiled,
    french,
    misfit,
    placeholders,
    renewed,
    sentences,
)
from forensics.knowledge.terms import KINDS
from forensics.knowledge.values import AMONG, COUNTS, DATES, LENGTHS
from forensics.knowledge.wording import Wording

MISSING = 0
"""Sentences that may lack a French translation. Give them with ``python -m forensics.knowledge.make_catalogue fr``."""
SOURCE = (LANGUAGES / "fr.po").read_text(encoding="utf-8")
ENGLISH = {key: english for _, key, english in sentences()}
FORGED = re.compile(r"\b(?:falsifi|contrefai|truqu|faux\b|fausse)", re.IGNORECASE)
SAID_FORGED = re.compile(r"\b(?:forged|falsified|false)\b")
UNSET = re.compile(
    r"'|\.\.\.|[^\s\xa0]:(?=\s|\Z)|[^\s\u202f\x00][;!?](?=\s|\Z)|\s(?<!\xa0):(?=\s|\Z)|\s(?<!\u202f)[;!?]|«(?!\xa0)|(?<!\xa0)»"
)
"""Straight apostrophes, and signs without the space that French print puts there."""
ELIDES = re.compile(r"\b(?:de|que|la|ne|se|me|te|jusque|lorsque|puisque|si) \{(\w+)\}", re.IGNORECASE)
NUMBERS = {"n", "authors", "entries", "k", "least", "networks", "offset", "off", "opened", "read", "size", "steady"}
"""Values that are numbers: no vowel begins them."""


@pytest.fixture(scope="module")
def entries() -> list[Message]:
    return [message for message in catalogue(SOURCE, "fr") if message.id]


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Each form with its English."""
    texts = [message.string] if isinstance(message.string, str) else list(message.string)
    english = [message.id] if isinstance(message.id, str) else list(message.id)
    yield from zip(english, texts, strict=True)


def test_each_language_is_compiled_as_its_source_stands() -> None:
    sources = sorted(LANGUAGES.glob("*.po"))
    assert [path.stem for path in sources] == [path.stem for path in sorted(LANGUAGES.glob("*.mo"))] == ["fr"]
    for path in sources:
        kept = gettext.GNUTranslations(io.BytesIO(path.with_suffix(".mo").read_bytes()))
        made = gettext.GNUTranslations(io.BytesIO(compiled(path.read_text(encoding="utf-8"), path.stem)))
        shown = [{key: text for key, text in one._catalog.items() if key} for one in (kept, made)]  # type: ignore[attr-defined]
        assert shown[0] == shown[1] and len(shown[0]) > 1000
        assert [kept.plural(n) for n in (0, 1, 2, 1_000)] == [made.plural(n) for n in (0, 1, 2, 1_000)]  # type: ignore[attr-defined]


def test_every_entry_is_a_sentence_of_today(entries: list[Message]) -> None:
    assert {
        message.context: message.id for message in entries if ENGLISH.get(message.context or "") != message.id
    } == {}
    read = catalogue(SOURCE, "fr")
    assert not any(message.fuzzy for message in entries) and not read.obsolete
    assert (read.num_plurals, read.plural_expr) == (2, "(n > 1)")


def test_every_translation_has_the_values_of_its_english(entries: list[Message]) -> None:
    wrong = {
        message.context: why for message in entries if message.string and (why := misfit(message.id, message.string))
    }
    assert wrong == {}


def test_no_more_is_missing_than_is_allowed() -> None:
    _, missing = renewed(SOURCE, "fr", {})
    listed = "\n".join(f"{key}: {english}" for key, english in missing.items())
    assert len(missing) <= MISSING, f"{len(missing)} sentences have no French:\n{listed}"


def test_french_is_set_as_french_print_is(entries: list[Message]) -> None:
    # what stands in back quotes is a command
    texts = {(message.context, text): re.sub(r"`[^`]*`", "", text) for message in entries for _, text in forms(message)}
    assert [named for named, text in texts.items() if UNSET.search(text) and text not in ("?", ":")] == []
    assert [named for named, text in texts.items() if french(text) != text and "`" not in named[1]] == []


def test_nothing_is_called_forged_that_english_does_not_call_so(entries: list[Message]) -> None:
    said = [(english, text) for message in entries for english, text in forms(message) if FORGED.search(text)]
    assert [text for english, text in said if not SAID_FORGED.search(english)] == []
    assert len(said) >= 4


def test_no_word_that_elides_stands_before_a_value(entries: list[Message]) -> None:
    found = [
        (message.context, name) for message in entries for _, text in forms(message) for name in ELIDES.findall(text)
    ]
    assert [named for named in found if named[1] not in NUMBERS] == []


def test_every_sentence_reads_well_with_a_name_that_a_vowel_begins_and_with_any_count(entries: list[Message]) -> None:
    wrong = re.compile(r"\b(?:de|que|le|la|ne|se|du|au|si|lorsque|puisque|jusque) (?:Élise|un )", re.IGNORECASE)
    kept = gettext.GNUTranslations(io.BytesIO((LANGUAGES / "fr.mo").read_bytes()))
    counted = {n: Wording("fr").number(n) for n in (0, 1, 2, 1_000)}
    for message in entries:
        for n, number in counted.items():
            text = translated(kept, message.context or "", *_one_and_many(message), n)
            values = {name: _example(name) for name in placeholders(text)}
            written = text.format_map(values | {"n": number})
            assert not wrong.search(written), (message.context, written)


def _example(name: str) -> str:
    if name in DATES | AMONG.keys():
        return "1er mai"
    return "7" if name in NUMBERS | COUNTS | LENGTHS else "premier" if name == "which" else "Élise"


def _one_and_many(message: Message) -> tuple[str, str]:
    return (message.id, "") if isinstance(message.id, str) else (message.id[0], message.id[1])


def test_renewing_keeps_what_is_true_and_says_what_is_missing() -> None:
    source, missing = renewed(SOURCE, "fr", {})
    assert source == SOURCE
    other = SOURCE.replace('msgid "Nothing was lost."', 'msgid "Nothing was lost so far."')
    source, missing = renewed(other, "fr", {})
    assert missing == {"report.scan.lost.none": "Nothing was lost."} and "lost so far" not in source
    again, missing = renewed(source, "fr", {"report.scan.lost.none": "Rien n'a été perdu."})
    assert (again, missing) == (SOURCE, {})
    gone = SOURCE + '\nmsgctxt "report.no.such"\nmsgid "a"\nmsgstr "b"\n'
    assert renewed(gone, "fr", {})[0] == SOURCE
    for texts, why in (
        ({"report.no.such": "a"}, "no sentence has the key report.no.such"),
        ({"report.kind.mail": "courriels"}, "one form"),
        ({"report.keys.holds": "{hold} valides"}, "other values"),
        ({"report.keys.holds": "{holds valides"}, "expected '}'"),
    ):
        with pytest.raises(KnowledgeError, match=re.escape(why)):
            renewed(SOURCE, "fr", texts)


def test_the_main_prints_what_is_missing_as_it_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setattr(make_catalogue, "LANGUAGES", tmp_path)
    (tmp_path / "fr.po").write_text(SOURCE.partition("\n\n")[0] + "\n\n", encoding="utf-8")
    texts = tmp_path / "texts.json"
    texts.write_text('{"report.kind.mail": ["{n} courriel", "{n} courriels"]}', encoding="utf-8")
    make_catalogue.main("fr", str(texts))
    missing = capsys.readouterr().out
    assert '"report.kind.document": [\n  "1 document or image",' in missing and "report.kind.mail" not in missing
    assert (tmp_path / "fr.mo").is_file()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Qu'a-t-on : « a » ; b !", "Qu’a-t-on\xa0: «\xa0a\xa0»\u202f; b\u202f!"),
        ("1 sur 10 000, 5 %", "1 sur 10\u202f000, 5\xa0%"),
        ("à 10:00:00, `forensics scan 'a' ; b`", "à 10:00:00, `forensics scan 'a' ; b`"),
        ("selon son l=, 12 courriels", "selon son l=, 12 courriels"),
    ],
)
def test_french_print(given: str, shown: str) -> None:
    assert french(given) == french(shown) == shown


def test_counts_in_french() -> None:
    say = Wording("fr")
    shown = [say.say(KINDS["mail"], n) for n in (0, 1, 2, 1_000)]
    assert shown == ["0 courriel", "1 courriel", "2 courriels", "1\u202f000 courriels"]
