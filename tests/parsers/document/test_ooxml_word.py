"""What a Word document tells of its editing."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document._ooxml_text_part import TextPart
from tests.parsers.document.office_packages import W, office, parsed, values

DU = "http://schemas.microsoft.com/office/word/2023/wordml/word16du"
SETTINGS = (
    f'<w:settings {W}><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:rsids><w:rsidRoot w:val="00AA0001"/>'
    '<w:rsid w:val="00112233"/><w:rsid w:val="00aa0001"/></w:rsids><w:decimalSymbol w:val=","/></w:settings>'
)
TEXT = (
    f'<w:document {W} xmlns:w16du="{DU}"><w:body><w:p w:rsidR="00AA0001"><w:r w:rsidR="00FF0000"><w:rPr>'
    '<w:lang w:val="ru-RU"/></w:rPr><w:t>The grant was </w:t></w:r><w:del w:id="1" w:author="Ada" '
    'w:date="2017-03-06T09:30:00Z"><w:r><w:delText>not </w:delText></w:r></w:del><w:ins w:id="2" w:author="Cem" '
    'w:date="2017-03-06T12:31:00Z" w16du:dateUtc="2017-03-06T09:31:00Z"><w:r><w:t>duly </w:t></w:r></w:ins>'
    "<w:r><w:t>paid.</w:t></w:r></w:p></w:body></w:document>"
)


def word(text: str = TEXT, settings: str = SETTINGS, **more: str) -> bytes:
    return office("word", {"word/document.xml": text, "word/settings.xml": settings, **more})


def test_sessions_and_languages(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    data = word()
    facts, notices = parsed(data)
    assert notices == []
    assert values(facts, "rsid_root") == ["00AA0001"]
    assert values(facts, "rsids") == ["00112233 00AA0001"]
    assert values(facts, "rsids_used") == ["00AA0001:1 00FF0000:1"]
    assert values(facts, "rsids_unlisted") == ["00FF0000:1"]
    assert values(facts, "languages") == ["ru-RU:1"]
    assert values(facts, "theme_language") == ["en-US zh-CN"]
    assert values(facts, "decimal_symbol") == [","]
    assert presence(facts) & DocumentHas.RSIDS
    located(data, facts)


def test_a_long_list_of_sessions_is_several_facts(
    located: Callable[[bytes, DocumentFacts], tuple[int, int]],
) -> None:
    sessions = [f"{number:08X}" for number in range(1, 3_746)]
    listed = "".join([f'<w:rsid w:val="{one}"/>' for one in sessions])
    settings = f'<w:settings {W}><w:rsids><w:rsidRoot w:val="00000001"/>{listed}</w:rsids></w:settings>'
    data = word(settings=settings)
    facts, notices = parsed(data)
    assert notices == []
    found = values(facts, "rsids")
    assert len(found) == 4 and " ".join(found).split() == sessions
    located(data, facts)


def test_a_list_of_sessions_that_breaks_off_is_not_taken() -> None:
    facts, notices = parsed(word(settings=SETTINGS.replace("</w:settings>", "<w:x>")))
    assert [one.code for one in notices] == ["ooxml.settings_partial"]
    assert values(facts, "rsids") == values(facts, "rsids_unlisted") == []
    assert not presence(facts) & DocumentHas.RSIDS


def test_changes_with_who_when_and_what(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    data = word()
    facts, _ = parsed(data)
    assert values(facts, "change") == ["deleted by Ada: not ", "inserted by Cem: duly "]
    stamps = {stamp.kind: stamp for stamp in facts.timestamps}
    walls = [one for one in facts.timestamps if one.kind is TimeKind.TRACKED_CHANGE]
    assert [one.raw for one in walls] == [b"2017-03-06T09:30:00Z", b"2017-03-06T12:31:00Z"]
    assert all(one.instant is Absence.NOT_PRESENT for one in walls)
    utc = stamps[TimeKind.TRACKED_CHANGE_UTC]
    assert utc.raw == b"2017-03-06T09:31:00Z" and isinstance(utc.instant, int)
    assert presence(facts) & DocumentHas.CHANGES
    located(data, facts)


def test_people_with_their_accounts() -> None:
    people = (
        '<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person w15:author="Ada">'
        '<w15:presenceInfo w15:providerId="AD" w15:userId="S-1-5-21"/></w15:person></w15:people>'
    )
    facts, _ = parsed(word(**{"word/people.xml": people}))
    assert values(facts, "person") == ["Ada (AD: S-1-5-21)"]


def test_a_text_that_breaks_off_is_said() -> None:
    facts, notices = parsed(word(TEXT.removesuffix("</w:document>")))
    assert [one.code for one in notices] == ["ooxml.text_partial"]
    assert len(values(facts, "change")) == 2


def test_a_document_without_sessions_lists_none() -> None:
    facts, _ = parsed(word(settings=f"<w:settings {W}/>"))
    assert values(facts, "rsids") == [] and not presence(facts) & DocumentHas.RSIDS


def test_of_more_changes_than_are_kept_the_latest_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.parsers.document._ooxml_changes.MOST_CHANGES", 1)
    days = ("2019-03-04", "2019-03-05", "2021-03-04", "2020-03-04")
    made = "".join([f'<w:ins w:author="Ada" w:date="{day}T10:00:00Z"><w:r><w:t>x</w:t></w:r></w:ins>' for day in days])
    facts, notices = parsed(office("word", {"word/document.xml": f"<w:document {W}><w:p>{made}</w:p></w:document>"}))
    assert [one.raw[:10].decode() for one in facts.timestamps if one.kind is TimeKind.TRACKED_CHANGE] == [
        "2019-03-04", "2021-03-04",
    ]  # fmt: skip
    assert [one.code for one in notices] == ["ooxml.changes"]


@given(st.text(alphabet='<>/w:insdelt="A ', max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    TextPart().read(f"<w:x {W}>{text}</w:x>".encode())
