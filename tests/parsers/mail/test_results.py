import pytest

from forensics.model.mail import HeaderField
from forensics.parsers.mail.results import read_results, read_spf


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


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b" Pass (mx.example.org: domain of a@b.example designates\r\n 192.0.2.1 as permitted sender)\r\n"
            b' receiver=MX2.example.org; client-ip=192.0.2.1; envelope-from="a@b.example"; helo=b.example;\r\n',
            (
                "mx2.example.org",
                "pass",
                {"receiver": "MX2.example.org", "client-ip": "192.0.2.1", "envelope-from": "a@b.example"}
                | {"helo": "b.example"},
            ),
        ),
        (b" softfail (MX.example.org: x=y) client-ip=2001:db8::1;", ("mx.example.org", "softfail", "2001:db8::1")),
        (b" none client-ip=192.0.2.1", ("", "none", "192.0.2.1")),
        (b" neutral", ("", "neutral", {})),
        (b" pass=x", None),
        (b"", None),
    ],
)
def test_received_spf(body: bytes, expected: tuple[str, str, object] | None) -> None:
    field = HeaderField("Received-SPF", "received-spf", b"Received-SPF:" + body, 7)
    found = read_spf(field, 1, 2)
    said = [
        (one.server, one.result, one.properties.get("client-ip") if len(one.properties) == 1 else one.properties)
        for one in found
    ]
    assert said == ([] if expected is None else [expected])
    for one in found:
        assert (one.method, one.field, one.index, one.below, one.instance) == ("spf", "received-spf", 1, 2, None)
        assert (one.locator.ranges, one.locator.path) == (((7, field.end),), "header:Received-SPF[1]")
        assert one.signer == "" and one.raw == field.raw
