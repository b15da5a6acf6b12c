"""What the extended properties list, against the parts."""

from collections.abc import Callable
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.checks.document import listed_parts
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.rules import Context
from forensics.parsers.document._ooxml_listed import _title
from tests.parsers.document.office_packages import office, parsed, values, workbook

_R = "http://schemas.openxmlformats.org/officeDocument/2006"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_NS = f'xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_R}/relationships"'
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def listing(application: str, pairs: dict[str, list[str]], **counts: int) -> str:
    said = "".join([f"<{name}>{count}</{name}>" for name, count in counts.items()])
    heads = "".join(
        [
            f"<vt:variant><vt:lpstr>{head}</vt:lpstr></vt:variant><vt:variant><vt:i4>{len(names)}</vt:i4></vt:variant>"
            for head, names in pairs.items()
        ]
    )
    titles = "".join([f"<vt:lpstr>{name}</vt:lpstr>" for names in pairs.values() for name in names])
    return (
        f'<Properties xmlns="{_R}/extended-properties" xmlns:vt="{_R}/docPropsVTypes">'
        f"<Application>{application}</Application>{said}<HeadingPairs><vt:vector>{heads}</vt:vector></HeadingPairs>"
        f"<TitlesOfParts><vt:vector>{titles}</vt:vector></TitlesOfParts><AppVersion>16.0000</AppVersion></Properties>"
    )


def shape(title: str) -> str:
    words = "</a:t></a:r><a:r><a:t>".join([title[:3], title[3:]])
    return (
        '<p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>'
        f"{words}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def presentation(
    titles: list[str],
    listed: list[str],
    *,
    slides: int = 2,
    hidden: int = 0,
    notes: int = 0,
    more: str = "",
    other: dict[str, str] | None = None,
) -> bytes:
    numbers = range(1, len(titles) + 1)
    ids = "".join([f'<p:sldId id="{256 + at}" r:id="rId{at}"/>' for at in numbers])
    named = "".join([f'<Relationship Id="rId{at}" Target="slides/slide{at}.xml" Type="x"/>' for at in numbers])
    parts = {
        "docProps/app.xml": listing(
            "Microsoft Office PowerPoint",
            {"Theme": ["Office"], "Slide Titles": listed},
            Slides=slides,
            Notes=notes,
            HiddenSlides=hidden,
        ),
        "ppt/presentation.xml": f"<p:presentation {_NS}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{_RELS}">{named}</Relationships>',
    }
    for at, title in zip(numbers, titles, strict=True):
        parts[f"ppt/slides/slide{at}.xml"] = f"<p:sld {_NS} {more}><p:cSld>{shape(title)}</p:cSld></p:sld>"
    return office("ppt", {**parts, **(other or {})})


TITLES = ["Costs of 2017", "Plans &amp; dates"]


def test_a_presentation_and_its_list(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    data = presentation(TITLES, TITLES)
    facts, notices = parsed(data)
    assert notices == []
    assert values(facts, "listed_parts") == ["5"]
    assert values(facts, "listed_count_differs") == values(facts, "listed_title_differs") == []
    assert presence(facts) & DocumentHas.LISTED
    located(data, facts)


def test_a_title_that_is_listed_otherwise(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    data = presentation(["Costs of 2018", TITLES[1]], TITLES)
    facts, _ = parsed(data)
    assert values(facts, "listed_title_differs") == ["slide 1 is “Costs of 2018”, listed is “Costs of 2017”"]
    assert values(facts, "wrong_listed_titles") == ["1"]
    (told,) = [one for one in facts.properties if one.name == "ooxml.listed_title_differs"]
    assert told.raw == b"Cos</a:t></a:r><a:r><a:t>ts of 2018"
    located(data, facts)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (presentation(TITLES, TITLES, slides=3), ["Slides says 3, there are 2 slides"]),
        (presentation(TITLES, TITLES, hidden=1), ["HiddenSlides says 1, there are 0 hidden slides"]),
        (presentation(TITLES, TITLES, hidden=2, more='show="0"'), []),
        (presentation(TITLES, TITLES, notes=1), ["Notes says 1, there are 0 slides with notes"]),
        (presentation([], [], slides=1), []),
    ],
    ids=["one more slide", "one more hidden", "all hidden", "one more with notes", "no slide at all"],
)
def test_numbers_of_slides(data: bytes, told: list[str]) -> None:
    assert values(parsed(data)[0], "listed_count_differs") == told


@pytest.mark.parametrize(
    ("titles", "listed"),
    [
        (["", "Plans"], ["PowerPoint Presentation", "Plans"]),
        (["Costs  of\n2017", "Plans"], ["Costs of_x000B_2017", "Plans"]),
        (["a" * 300, "Plans"], ["a" * 255, "Plans"]),
        (["Costs", "Plans"], ["Costs"]),
        (["Costs<m:oMath/>", "Plans"], ["Costs x=1", "Plans"]),
    ],
    ids=["without a title", "blanks", "cut", "no list of as many", "a formula"],
)
def test_titles_that_agree_or_cannot_be_compared(titles: list[str], listed: list[str]) -> None:
    facts, _ = parsed(presentation(titles, listed))
    assert values(facts, "listed_title_differs") == []


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ({"Worksheets": ["Budget"], "Named Ranges": ["Total"]}, []),
        ({"Worksheets": ["Costs"]}, ["the sheet “Budget” is not listed", "“Costs” is listed, and is no sheet"]),
        ({"Worksheets": []}, []),
    ],
)
def test_sheets_of_a_workbook(listed: dict[str, list[str]], told: list[str]) -> None:
    data = workbook(more={"docProps/app.xml": listing("Microsoft Excel", listed)})
    assert values(parsed(data)[0], "listed_sheet_differs") == told


@pytest.mark.parametrize(
    ("state", "listed", "told"),
    [
        ("veryHidden", ["Budget"], []),
        ("veryHidden", ["Budget", "Cache"], []),
        ("hidden", ["Budget"], ["the sheet “Cache” is not listed"]),
    ],
)
def test_sheets_that_only_a_program_shows_need_not_be_listed(state: str, listed: list[str], told: list[str]) -> None:
    sheets = f'<sheet name="Budget" sheetId="1"/><sheet name="Cache" sheetId="2" state="{state}"/>'
    parts = {
        "xl/workbook.xml": f"<workbook><sheets>{sheets}</sheets></workbook>",
        "docProps/app.xml": listing("Microsoft Excel", {"Worksheets": listed}),
    }
    assert values(parsed(workbook(more=parts))[0], "listed_sheet_differs") == told


def test_a_list_whose_numbers_do_not_add_up_is_not_compared() -> None:
    said = listing("Microsoft Excel", {"Worksheets": ["Costs"]}).replace("<vt:i4>1<", "<vt:i4>2<")
    assert values(parsed(workbook(more={"docProps/app.xml": said}))[0], "listed_parts") == []


def test_slides_out_of_turn_and_left_behind(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    turned = (
        f'<p:presentation {_NS}><p:sldIdLst><p:sldId id="257" r:id="rId2"/><p:sldId id="256" r:id="rId1"/></p:sldIdLst>'
        "</p:presentation>"
    )
    data = presentation(TITLES, TITLES[::-1], other={"ppt/presentation.xml": turned})
    facts, _ = parsed(data)
    assert values(facts, "part_order") == ["slide 1 of 2 stands in slide2.xml"]
    assert values(facts, "slide_ids") == ["257 256"] and values(facts, "part_left") == []
    located(data, facts)
    hidden = presentation(TITLES, TITLES, other={"ppt/slides/slide3.xml": f"<p:sld {_NS}/>"})
    facts, _ = parsed(hidden)
    assert (values(facts, "part_order"), values(facts, "part_left")) == ([], ["ppt/slides/slide3.xml"])
    located(hidden, facts)


def test_a_slide_that_is_shown_twice_leaves_nothing_to_compare() -> None:
    slides = '<p:sldId id="256" r:id="rId1"/><p:sldId id="257" r:id="rId1"/>'
    twice = f"<p:presentation {_NS}><p:sldIdLst>{slides}</p:sldIdLst></p:presentation>"
    facts, _ = parsed(presentation(TITLES, TITLES, other={"ppt/presentation.xml": twice}))
    assert values(facts, "listed_parts") == values(facts, "part_order") == []


def test_a_sheet_that_the_workbook_does_not_have() -> None:
    more = {"docProps/app.xml": listing("Microsoft Excel", {"Worksheets": ["Budget"]})}
    facts, _ = parsed(workbook(more=more))
    assert values(facts, "part_left") == values(facts, "part_order") == []
    left = {**more, "xl/worksheets/sheet2.xml": "<worksheet/>"}
    assert values(parsed(workbook(more=left))[0], "part_left") == ["xl/worksheets/sheet2.xml"]


def test_a_workbook_that_cannot_be_read_is_told_once() -> None:
    more = {"docProps/app.xml": listing("Microsoft Excel", {"Worksheets": ["Budget"]}), "xl/workbook.xml": "<workbook>"}
    _, notices = parsed(workbook(more=more))
    assert [one.code for one in notices] == ["xml.malformed"]


def test_more_parts_left_than_are_told_are_counted() -> None:
    left = {f"ppt/slides/slide{at}.xml": f"<p:sld {_NS}/>" for at in range(3, 33)}
    facts, _ = parsed(presentation(TITLES, TITLES, other=left))
    assert len(values(facts, "part_left")) == 20
    (found,) = listed_parts.check(facts, Context(as_of=0))
    assert (found.bin, found.sentence.n) == ("part_left", 30)


def test_more_slides_than_are_compared_are_not_taken_for_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.parsers.document._ooxml_listed.MOST_SLIDES", 2)
    facts, notices = parsed(presentation([*TITLES, "More", "Most"], [*TITLES, "More", "Most"], slides=4))
    assert values(facts, "part_left") == values(facts, "listed_parts") == []
    assert [one.text for one in notices] == ["4 slides, limit 2; they are not compared with their list"]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["ppt/presentation.xml", "ppt/slides/slide1.xml", "docProps/app.xml"]), st.integers(0, 2_000),
       st.text(alphabet='<>/"psld', max_size=12))  # fmt: skip
def test_damaged_parts_never_break_out(part: str, at: int, put: str) -> None:
    parts = {
        "ppt/presentation.xml": f'<p:presentation {_NS}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst>'
        "</p:presentation>",
        "ppt/slides/slide1.xml": f"<p:sld {_NS}><p:cSld>{shape(TITLES[0])}</p:cSld></p:sld>",
        "docProps/app.xml": listing("Microsoft Office PowerPoint", {"Slide Titles": TITLES[:1]}, Slides=1),
    }
    text = parts[part]
    facts, _ = parsed(presentation(TITLES, TITLES, other={**parts, part: text[: at % len(text)] + put}))
    assert facts.format == "ooxml.powerpoint"


@given(st.text(alphabet='<>/:apsptr="tile ', max_size=120))
def test_no_slide_breaks_the_reading_of_its_title(text: str) -> None:
    data = f'<p:sp>{text}<p:ph type="title"/>{text}</p:sp>'.encode()
    title, (start, end) = _title(data)
    assert 0 <= start <= end <= len(data) and (title == "") == (end == 0)


def test_slides_that_are_left_out_of_the_show(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    data = presentation(TITLES, TITLES, hidden=2, more='show="0"')
    facts, _ = parsed(data)
    assert values(facts, "hidden_slide") == [f"slide {at}: {unescape(title)}" for at, title in enumerate(TITLES, 1)]
    located(data, facts)
    assert values(parsed(presentation(TITLES, TITLES))[0], "hidden_slide") == []
