import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.mail.addresses import parse_addresses


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b" Jo Doe <jo@a.example>\r\n", [("Jo Doe", "jo@a.example", "a.example", "", b"Jo Doe <jo@a.example>")]),
        (b'"Doe, Jo" <Jo@A.example>', [("Doe, Jo", "Jo@A.example", "a.example", "", b'"Doe, Jo" <Jo@A.example>')]),
        (b"jo@a.example (Jo Doe)", [("Jo Doe", "jo@a.example", "a.example", "", b"jo@a.example (Jo Doe)")]),
        (b"=?utf-8?q?J=C3=B6?= <j@a.example>", [("Jö", "j@a.example", "a.example", "", None)]),
        ("Jö <jö@ä.example>".encode(), [("Jö", "jö@ä.example", "ä.example", "", None)]),
        (b"<@r.example,@s.example:jo@a.example>", [("", "jo@a.example", "a.example", "", None)]),
        (
            b"G: a@a.example, B <b@b.example>;",
            [("", "a@a.example", "a.example", "G", None), ("B", "b@b.example", "b.example", "G", None)],
        ),
        (b"undisclosed-recipients:;", []),
        (b"no address", [("no address", "", "", "", b"no address")]),
        (b"<>", [("", "", "", "", b"<>")]),
        (b"", []),
    ],
)
def test_lists(raw: bytes, expected: list[tuple[str, str, str, str, bytes | None]]) -> None:
    found = parse_addresses(raw)
    assert [(one.name, one.address, one.domain, one.group) for one in found] == [one[:4] for one in expected]
    for one, (*_, cut) in zip(found, expected, strict=True):
        assert cut is None or raw[one.start : one.end] == cut


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Miller, Jane <jane@a.example>", [("Miller, Jane", "jane@a.example", "comma")]),
        (b'"Shop", "Shop"\r\n\t<n@a.example>', [("Shop, Shop", "n@a.example", "comma")]),
        (b"Company, Inc., Sales <s@a.example>", [("Company, Inc., Sales", "s@a.example", "comma")]),
        (b"Miller, Jane (Dept) <j@a.example>", [("Miller, Jane", "j@a.example", "comma")]),
        (b"=?utf-8?q?M=C3=BC?=, =?utf-8?q?J=C3=B6?= <j@a.example>", [("M\u00fc, J\u00f6", "j@a.example", "comma")]),
        (b"Miller, Jane j@a.example", [("Miller, Jane", "j@a.example", "comma")]),
        (
            b"Miller, Jane <j@a.example>, Smith, Bob <b@a.example>",
            [("Miller, Jane", "j@a.example", "comma"), ("Smith, Bob", "b@a.example", "comma")],
        ),
        (b"G: Miller, Jane <j@a.example>;", [("Miller, Jane", "j@a.example", "comma")]),
        (b'"News"<>63<i@a.example>', [("News 63", "i@a.example", "empty")]),
        (b"<a@a.example> <b@b.example>", [("", "a@a.example", "several"), ("", "b@b.example", "several")]),
        (b"a@a.example b@b.example", [("", "a@a.example", "several"), ("", "b@b.example", "several")]),
        (b"root, ann@a.example", [("root", "", ""), ("", "ann@a.example", "")]),
        (b"Miller, Jane", [("Miller", "", ""), ("Jane", "", "")]),
        (b"jane@a.example Jane Miller", [("Jane Miller", "jane@a.example", "")]),
        (b'"Miller, Jane" <jane@a.example', [("Miller, Jane", "jane@a.example", "")]),
        (b"jdoe@test  . example", [("", "jdoe@test.example", "")]),
        (b"ann(x)@a.example", [("x", "ann@a.example", "")]),
        (b"an(x)n@a.example", [("", "an(x)n@a.example", "")]),
        (b"\x1b$BF|K\\\x1b(B <j@a.example>", [("\u65e5\u672c", "j@a.example", "")]),
        (b'"\x1b$B$"$"\x1b(B" <j@a.example>', [("\u3042\u3042", "j@a.example", "")]),
    ],
)
def test_names_and_addresses_that_can_be_read_in_two_ways(raw: bytes, expected: list[tuple[str, str, str]]) -> None:
    assert [(one.name, one.address, one.odd) for one in parse_addresses(raw)] == expected


def test_a_name_that_was_held_is_quoted_from_its_beginning() -> None:
    raw = b"x@a.example, Miller, Jane <jane@a.example>"
    one = parse_addresses(raw)[1]
    assert raw[one.start : one.end] == b"Miller, Jane <jane@a.example>"


def test_raw_names_in_the_charset_of_the_mail() -> None:
    assert parse_addresses(b"J\xfcrgen <j@a.example>", "iso-8859-1")[0].name == "J\u00fcrgen"


@given(st.binary(max_size=200) | st.text('<>@,;:()"\\ a.=?\r\n', max_size=120).map(str.encode))
def test_never_fails(raw: bytes) -> None:
    for one in parse_addresses(raw):
        assert 0 <= one.start <= one.end <= len(raw)
