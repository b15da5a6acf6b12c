"""What a key limits whatever it signs, and what a signature adds."""

import pytest

from forensics.authenticity.key_records import read_record
from forensics.authenticity.limits import LIMITS, of_key, of_signature

RFC_6376 = (
    b"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq6"
    b"31uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
)
SHORT = (
    b"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALgSoqXVLTtp0k8mGzoPOnjLmIMh0JCDPOq7WsKFHhmVQGzIW2dgBn0sp2YZcKHJmfxRmLNpBHGWQrzrM"
    b"fcdh7kCAwEAAQ=="
)
ED25519 = b"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


@pytest.mark.parametrize(
    ("record", "limits"),
    [
        (b"p=" + RFC_6376, ["published"]),
        (b"t=y; p=" + RFC_6376, ["testing", "published"]),
        (b"k=ed25519; p=" + ED25519, ["published"]),
        (b"p=", ["revoked"]),
        (b"p=" + SHORT, ["short_key"]),
    ],
)
def test_limits_of_a_key(record: bytes, limits: list[str]) -> None:
    assert of_key(read_record(record)) == limits


def test_a_published_key_limits_under_any_name() -> None:
    record = read_record(b"v=DKIM1; p=" + RFC_6376)
    found = of_signature(record, "rsa-sha1", ["to"], "surplus", "victim.example", "@other.example")
    assert found == ["from_unsigned", "length", "deprecated_hash", "identity_domain", "published"]
    assert [limit for limit in LIMITS if limit in found] == found
