"""What Rich Text says of itself."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence, Precision
from forensics.model.items import Limits, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document import _rtf_reading, rtf

TEXT = (
    rb"{\rtf1\adeflang1025\ansi\ansicpg1251\uc1\deff0{\fonttbl{\f0\fnil Arial;}{\f1\fswiss Calibri;}}"
    rb"{\*\revtbl {Unknown;}{Ada;}}{\*\rsidtbl \rsid4412553\rsid11141121}{\*\generator Example Writer 11.0.6568;}"
    rb"{\info{\title Caf\'e9 \u1046?}{\author Ada}{\operator Cem}{\creatim\yr2017\mo3\dy6\hr10\min5}"
    rb"{\revtim\yr2017\mo3\dy7\hr11\min6}{\printim\yr2017\mo3\dy7\hr11}{\version3}{\edmins41}{\vern57435}}"
    rb"{\*\template C:\\Forms\\minutes.dot}\pard\insrsid4412553 The grant was {\revised\revauth1\revdttm1145602635 not "
    rb"}{\pict\pngblip 89504e470d0a}paid.{\insrsid4412553 }\par}"
)


def parsed(data: bytes) -> tuple[DocumentFacts, list[Notice]]:
    where = Location((Step(kind=StepKind.FILE, name="item", start=0, end=0, source="leak"),))
    found = list(rtf.parse(MemoryBytes(data), where, ParseContext(limits=Limits())))
    (facts,) = [one for one in found if isinstance(one, DocumentFacts)]
    return facts, [one for one in found if isinstance(one, Notice)]


def value(facts: DocumentFacts, name: str) -> list[str]:
    return [one.value for one in facts.properties if one.name == f"rtf.{name}"]


def test_facts_and_times(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    facts, notices = parsed(TEXT)
    assert facts.application == "Example Writer 11.0.6568"
    assert (facts.author.value, facts.last_author.value) == ("Ada", "Cem")
    assert value(facts, "title") == ["Caf\u0439 \u0416"]  # 0xE9 in the document's code page
    assert value(facts, "template") == ["C:\\Forms\\minutes.dot"]
    assert value(facts, "rsids") == ["00435489 00AA0001"]
    assert value(facts, "rsids_used") == ["00435489:2"]
    assert (value(facts, "version"), value(facts, "minutes"), value(facts, "build")) == (["3"], ["41"], ["57435"])
    assert value(facts, "font") == ["Calibri"]
    assert facts.created is not None and facts.modified is not None
    assert facts.modified.wall == facts.created.wall + (24 * 60 + 61) * 600_000_000
    assert facts.created.instant is Absence.NOT_PRESENT and facts.created.precision is Precision.MINUTE
    (change,) = [one for one in facts.timestamps if one.kind is TimeKind.TRACKED_CHANGE]
    assert change.raw == rb"\revdttm1145602635 " and isinstance(change.wall, int)
    assert [one.code for one in notices] == ["rtf.objects"]
    assert presence(facts) & (DocumentHas.MARKS | DocumentHas.DATED) == DocumentHas.MARKS | DocumentHas.DATED
    located(TEXT, facts)


def test_digits_of_a_picture_are_unread() -> None:
    (notice,) = parsed(TEXT)[1]
    assert notice.unread == len(rb"\pngblip 89504e470d0a")


@pytest.mark.parametrize(
    "written", [rb"\yr2017\mo13\dy6", rb"\yr2017\mo2\dy30", rb"\mo3\dy6", rb"\yr2017\mo3\dy6\hr25"]
)
def test_a_time_that_is_none(written: bytes) -> None:
    facts, notices = parsed(TEXT.replace(rb"\yr2017\mo3\dy6\hr10\min5", written))
    assert facts.created is None or facts.created.wall is Absence.UNPARSABLE
    assert "rtf.date_unparsable" in [one.code for one in notices]


def test_a_time_in_zeros_is_none_that_was_kept() -> None:
    facts, notices = parsed(TEXT.replace(rb"\yr2017\mo3\dy7\hr11}{\version3}", rb"\yr0\mo0\dy0\hr0\min0}{\version3}"))
    assert TimeKind.RTF_PRINTED not in [one.kind for one in facts.timestamps]
    assert [one.code for one in notices] == ["rtf.objects"]


def test_what_breaks_off_and_what_is_too_deep() -> None:
    assert [one.code for one in parsed(TEXT[:-1])[1]] == ["rtf.groups", "rtf.objects"]
    deep = b"{\\rtf1" + b"{" * 2_000 + b"}" * 2_000 + b"}"
    assert [one.code for one in parsed(deep)[1]] == ["rtf.depth"]


def test_a_longer_document_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_rtf_reading, "READ_BYTES", 400)
    (notice,) = [one for one in parsed(TEXT)[1] if one.code == "rtf.partial"]
    assert notice.unread == len(TEXT) - 400


def test_binary_data_is_passed_over() -> None:
    facts, _ = parsed(rb"{\rtf1{\object\bin10 {{{\info}}}{\info{\author Ada}}}")
    assert facts.author.value == "Ada"


def test_its_text() -> None:
    (part,) = rtf.text_parts(MemoryBytes(TEXT), ParseContext(limits=Limits()))
    assert "The grant was not paid." in part.text


@given(st.binary(max_size=400), st.integers(0, len(TEXT)), st.integers(0, 60))
def test_any_bytes_and_any_cut(other: bytes, start: int, length: int) -> None:
    for data in (other, rtf.FORMAT.begins[0] + other, TEXT[:start] + other[:8] + TEXT[start + length :]):
        with contextlib.suppress(ParseError):
            parsed(data)
