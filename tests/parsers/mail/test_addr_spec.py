import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.parsers.mail import addr_spec as module
from forensics.parsers.mail.addr_spec import addr_spec, is_valid


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"jane (x) @ a.example", b"jane@a.example"),
        (b"<@r.example:jane@a.example"[1:], b"jane@a.example"),
        (b"jane@a.exam\r\n ple", b"jane@a.example"),
        (b"an(x)n@a.example", b"an(x)n@a.example"),
        (b"an n@a.example", b"an n@a.example"),
        (b'"a b"@a.example', b'"a b"@a.example'),
    ],
)
def test_only_what_may_stand_there_is_taken_away(raw: bytes, text: bytes) -> None:
    assert addr_spec(raw) == text


def test_syntax_only_is_validated() -> None:
    assert is_valid("jo@a.example")
    assert is_valid("jo@host.local")
    assert is_valid("jo@localhost")
    assert not is_valid("jo@@a.example")
    assert not is_valid("x" * 2000)


@given(
    st.from_regex(module._PLAIN, fullmatch=True)
    | st.text('ab1.-_@[]<"ß', max_size=40)
    | st.builds("{}@{}".format, st.text("aZ9.+-", min_size=1), st.text("aZ9.-", min_size=1, max_size=70))
)
@settings(deadline=None)
def test_plain_addresses_are_what_email_validator_says(address: str) -> None:
    assert is_valid(address) == module._is_valid(address)
