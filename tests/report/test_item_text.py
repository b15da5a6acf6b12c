"""An item's text on a terminal: bounded, quotes marked, nothing of the evidence acts."""

import io

import pytest
from rich.console import Console
from rich.text import Text as Line

from forensics.model.findings import ItemRef
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.texts import Attachment, Text, TextPart
from forensics.report import item_text

PLACE = Location((Step(kind=StepKind.FILE, name="a.eml", start=0, end=9, source="leak"),))
REF = ItemRef(sha256="0" * 64, location=PLACE)


def part(
    text: str, media_type: str = "text/plain", *, whole: bool = True, quoted: tuple[tuple[int, int], ...] = ()
) -> TextPart:
    return TextPart(text=text, media_type=media_type, charset="utf-8", locator=Locator(), whole=whole, quoted=quoted)


def shown(*parts: TextPart, most: int | None = item_text.LINES) -> list[str]:
    return printed(item_text.lines(Text(ref=REF, parts=parts), most))


def printed(renderable: object) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=80, markup=False, highlight=False).print(renderable)
    assert not any(character < " " and character != "\n" for character in out.getvalue())
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_lines_stand_as_they_are_written_and_nothing_acts() -> None:
    found = shown(part("one\r\n\ttwo\rthree \x1b[31m \u202e [bold]x[/]\n\n"))
    assert found[1:] == ["one", "        two", "three \\x1b[31m \\u202e [bold]x[/]"]
    assert "read again from the source" in found[0]


@pytest.mark.parametrize(
    ("most", "last"),
    [(3, "7 more lines: --text all"), (9, "1 more line: --text all"), (10, "line 9"), (None, "line 9")],
)
def test_what_is_left_out_is_counted(most: int | None, last: str) -> None:
    found = shown(part("\n".join([f"line {number}" for number in range(10)])), most=most)
    assert found[-1] == last
    assert len(found) == 1 + (10 if most is None or most == 10 else most + 1)


def test_a_line_without_end_fills_no_more_than_was_asked_for() -> None:
    found = shown(part("x" * 1_000_000), most=5)
    assert found[1:] == ["x" * 80] * 5 + ["1 more line: --text all"]
    assert len(shown(part("x" * 1_000_000), most=None)) == 1 + 12_500


def test_plain_texts_come_before_pages_and_those_are_said() -> None:
    found = shown(part("plain"), part("page", "text/html"), part("more"))
    assert found[1:] == [
        "plain",
        "next part: text/plain",
        "more",
        "It has 1 text as a page (HTML) besides: --format json has it.",
    ]
    assert shown(part("page", "text/html")) == [
        "Text of a page (HTML), read again from the source; nothing of it was loaded",
        "page",
    ]


def test_a_text_that_is_empty_or_not_whole_says_so() -> None:
    assert shown()[1:] == ["It holds no text."]
    assert shown(part(" \n\n"))[1:] == ["Its text is empty.", ""]
    assert shown(part("a", whole=False))[1:] == ["a", "only the beginning of this part was read"]


def test_quotes_are_marked() -> None:
    page = "own\nquoted one\nquoted two\nown again\n> twice\nlast"
    start, again = page.index("quoted one"), page.index("> twice")
    quoted = ((start, page.index("\nown again")), (again, page.index("\nlast")))
    found = list(item_text._of_part(part(page, "text/html", quoted=quoted)))
    assert [(line.plain, str(line.style)) for line in found] == [
        ("own", ""),
        ("│ quoted one", "dim"),
        ("│ quoted two", "dim"),
        ("own again", ""),
        ("> twice", "dim"),
        ("last", ""),
    ]
    plain = [str(line.style) for line in item_text._of_part(part("a\n> b\n| c\n|d"))]
    assert plain == ["", "dim", "dim", ""]
    assert all(isinstance(line, Line) for line in found)


def carried(number: int) -> list[str]:
    return printed(
        item_text.carried(
            [
                Attachment(
                    sha256=f"{place:064x}",
                    name=f"file {place}\u202etxt.exe",
                    size=1_000 * place,
                    media_type="" if place else "image/png",
                    declared_type="application/x-odd",
                    status="unread" if place else "parsed",
                    location=PLACE,
                )
                for place in range(number)
            ]
        )
    )


def test_what_is_carried_is_listed() -> None:
    found = carried(2)
    assert found[0] == "Carries 2 files"
    assert found[3].split() == ["000000000000", "0", "image/png", "file", "0\\u202etxt.exe"]
    assert found[4].endswith("file 1\\u202etxt.exe (not read)") and "application/x-odd" in found[4]
    assert carried(1)[0] == "Carries 1 file"
    many = carried(item_text.FILES + 3)
    assert many[-1] == "and 3 more" and len(many) == 3 + item_text.FILES + 1
