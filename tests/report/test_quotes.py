import msgspec
import pytest

from forensics.knowledge.wording import Wording
from forensics.model.findings import Raw
from forensics.model.locations import Locator
from forensics.report.quotes import RAW_MAX, Piece, quote


@pytest.fixture
def part(summary):
    return summary.findings[summary.ranking[0].findings[0]].finding.evidence[0]


def pieces(part, **changes):
    return quote(msgspec.structs.replace(part, **changes), Wording("en"))


def raw(data):
    return Raw(b64=data, text="")


def test_what_stands_around_is_shown_line_by_line(part):
    made = quote(part, Wording("en"))
    assert Piece("Tue, 24 Apr 2017 10:12:31 +0200", True) in made
    assert "".join(piece.text for piece in made if piece.marked) == "Tue, 24 Apr 2017 10:12:31 +0200"
    assert sum(piece.breaks for piece in made) == 5
    assert made[0].text == "Received: from relay.partner.example ([192.0.2.4])\\r\\n"


def test_the_range_says_which_of_two_equal_places_is_meant(part):
    locator = Locator(ranges=((14, 15),))
    made = pieces(part, raw=raw(b"a"), context=raw(b"abcdab"), context_start=10, locator=locator)
    assert made == (Piece("abcd", False), Piece("a", True), Piece("b", False))


def test_bytes_that_the_context_does_not_hold_stand_alone(part):
    assert pieces(part, raw=raw(b"zz"), context=raw(b"abc")) == (Piece("zz", True),)
    two = Locator(ranges=((0, 1), (4, 5)))
    assert pieces(part, raw=raw(b"ab"), context=raw(b"ab"), locator=two) == (Piece("ab", True),)
    assert pieces(part, raw=raw(b""), context=raw(b"abc")) == ()


def test_equal_bytes_at_another_place_are_not_the_quoted_ones(part):
    locator = Locator(ranges=((50, 51),))
    assert pieces(part, raw=raw(b"a"), context=raw(b"abc"), context_start=10, locator=locator) == (Piece("a", True),)


def test_a_giant_quote_is_cut_and_says_so(part):
    made = pieces(part, raw=raw(b"x" * (RAW_MAX + 5)), context=raw(b""))
    assert made[0] == Piece("x" * RAW_MAX, True)
    assert made[1] == Piece(" … 5 more bytes", False)
