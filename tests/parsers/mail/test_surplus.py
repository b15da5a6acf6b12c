from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.mail.canonical import canonical_body
from forensics.parsers.mail.surplus import first_unsigned

_PIECES = [b"\n", b"\r\n", b" ", b"\t", b"a", b"bc", b"\n\n"]


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map(b"".join), st.booleans(), st.data())
def test_the_body_up_to_the_place_has_the_signed_form(body: bytes, relaxed: bool, data: st.DataObject) -> None:
    canonical = canonical_body(body, relaxed)
    if not canonical:
        return
    length = data.draw(st.integers(0, len(canonical) - 1))
    at = first_unsigned(body, canonical, length, relaxed)
    before = body[:at].replace(b"\r\n", b"\n").count(b"\n")
    assert before == canonical.count(b"\r\n", 0, length)
    signed = canonical_body(body[:at] + b"|", relaxed).removesuffix(b"|\r\n").rstrip(b" ")
    assert canonical[:length].removesuffix(b"\r").rstrip(b" ") == signed


def test_a_place_in_a_long_body_is_found_by_halves() -> None:
    body = b"line\r\n" * 10_000
    assert first_unsigned(body, body, 6 * 7_777 + 2, False) == 6 * 7_777 + 2
    assert first_unsigned(b"line\n" * 10_000, body, 6 * 7_777 + 2, True) == 5 * 7_777 + 2
