import pytest

from forensics.model.mail import HeaderField
from forensics.parsers.mail.results import read_results


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b" mx.example.org; dkim=pass (good) header.i=@example.com header.s=s1;\r\n"
            b" spf=FAIL smtp.mailfrom=a@b.example\r\n",
            [
                ("mx.example.org", "dkim", "pass", {"header.i": "@example.com", "header.s": "s1"}),
                ("mx.example.org", "spf", "fail", {"smtp.mailfrom": "a@b.example"}),
            ],
        ),
        (
            b" spf=pass (sender IP is 192.0.2.1; x=y)\n smtp.mailfrom=b.example; dkim=none\n header.d=none;",
            [("", "spf", "pass", {"smtp.mailfrom": "b.example"}), ("", "dkim", "none", {"header.d": "none"})],
        ),
        (
            b' MX.Example 1; auth/1=pass reason="two words" smtp.auth=x',
            [("mx.example", "auth", "pass", {"reason": "two words", "smtp.auth": "x"})],
        ),
        (b" mx.example.org; none", []),
        (b"", []),
    ],
)
def test_results_of_rfc_8601(body: bytes, expected: list[tuple[str, str, str, dict[str, str]]]) -> None:
    field = HeaderField("Authentication-Results", "authentication-results", b"Authentication-Results:" + body, 7)
    found = read_results(field, 1, 2)
    assert [(one.server, one.method, one.result, one.properties) for one in found] == expected
    places = {(one.index, one.below, one.locator.ranges, one.locator.path) for one in found}
    assert places <= {(1, 2, ((7, field.end),), "header:Authentication-Results[1]")}
    assert all(one.raw == field.raw for one in found)


def test_a_sealed_result_names_its_set() -> None:
    body = b"ARC-Authentication-Results: i=2; mx.example.org; dkim=fail header.d=example.com\r\n"
    (found,) = read_results(HeaderField("ARC-Authentication-Results", "arc-authentication-results", body, 0), 0, 1)
    assert (found.instance, found.server, found.method, found.result) == (2, "mx.example.org", "dkim", "fail")
