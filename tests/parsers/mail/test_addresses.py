import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.parsers.mail import addr_spec
from forensics.parsers.mail.addr_spec import is_valid
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


def test_syntax_only_is_validated() -> None:
    assert is_valid("jo@a.example")
    assert is_valid("jo@host.local")
    assert is_valid("jo@localhost")
    assert not is_valid("jo@@a.example")
    assert not is_valid("x" * 2000)


@given(
    st.from_regex(addr_spec._PLAIN, fullmatch=True)
    | st.text('ab1.-_@[]<"ß', max_size=40)
    | st.builds("{}@{}".format, st.text("aZ9.+-", min_size=1), st.text("aZ9.-", min_size=1, max_size=70))
)
@settings(deadline=None)
def test_plain_addresses_are_what_email_validator_says(address: str) -> None:
    assert is_valid(address) == addr_spec._is_valid(address)


@given(st.binary(max_size=200) | st.text('<>@,;:()"\\ a.=?\r\n', max_size=120).map(str.encode))
def test_never_fails(raw: bytes) -> None:
    for one in parse_addresses(raw):
        assert 0 <= one.start <= one.end <= len(raw)
