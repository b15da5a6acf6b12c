"""Keys with what they open, and selectors with the key that they need."""

from pathlib import Path

import pytest

from forensics import ScanOptions, add_keys, key_coverage, keys, open_case, scan
from forensics.model.key_lines import AtHand

pytestmark = pytest.mark.usefixtures("in_process")

RSA = (
    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y"
    "3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
)
OTHER_RSA = (
    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq6"
    "31uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
)
FOREIGN = b"""\
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=Firm-Example.20150623.GAPPSSMTP.com; s=20150623;
 t=1500000000; h=from; bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=AAAA
From: a@firm.example

Hi.
"""


@pytest.fixture
def case(tmp_path: Path, signed_mail: bytes) -> Path:
    source = tmp_path / "mails"
    source.mkdir()
    (source / "1.eml").write_bytes(signed_mail)
    (source / "2.eml").write_bytes(signed_mail.replace(b"dinner", b"supper"))
    (source / "3.eml").write_bytes(FOREIGN)
    scan([source], tmp_path / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    return tmp_path / "case"


def key_file(case: Path, *rows: str) -> Path:
    path = case.with_name(f"keys{len(list(case.parent.iterdir()))}.csv")
    path.write_text("\n".join(["domain,selector,record,first_seen,last_seen", *rows]))
    return path


def at_hand(case: Path) -> dict[str, tuple[AtHand, int, int]]:
    return {use.selector: (use.at_hand, use.opened, use.decides) for use in key_coverage(case)}


def test_which_key_is_at_hand(case: Path) -> None:
    assert at_hand(case) == {
        "brisbane": (AtHand.NONE, 0, 2),
        "test": (AtHand.NONE, 0, 2),
        "20150623": (AtHand.NONE, 0, 1),
    }
    add_keys(case, key_file(case, f"football.example.com,test,{OTHER_RSA},,"))
    assert at_hand(case)["test"] == (AtHand.OTHER, 0, 2)
    add_keys(case, key_file(case, f"football.example.com,Test,{RSA},,"))
    assert at_hand(case) == {
        "20150623": (AtHand.NONE, 0, 1),
        "brisbane": (AtHand.NONE, 0, 0),
        "test": (AtHand.FILE, 2, 0),
    }


def test_a_key_that_was_not_judged_with_is_not_tested(case: Path) -> None:
    (case.parent / "mails").rename(case.parent / "moved")
    assert not add_keys(case, key_file(case, f"football.example.com,test,{RSA},,")).judged
    assert at_hand(case)["test"] == (AtHand.UNTESTED, 0, 2)


def test_a_failing_ed25519_signature_does_not_tell_another_key(case: Path) -> None:
    wrong = "k=ed25519; p=3SUqa9UbfciWkk7tlcJ9P1VD0qwrkYmNRx8CZkMBCQM="
    add_keys(case, key_file(case, f"football.example.com,brisbane,{wrong},,"))
    assert at_hand(case)["brisbane"] == (AtHand.UNTESTED, 0, 2)


def test_a_selector_says_when_and_whom_to_ask(case: Path) -> None:
    found = {use.selector: use for use in key_coverage(case)}
    use = found["20150623"]
    assert (use.domain, use.platform) == ("firm-example.20150623.gappssmtp.com", "Google")
    assert (use.algorithm, use.signatures, use.mails) == ("rsa-sha256", 1, 1)
    assert (use.first, use.last) == ("2017-07-14T02:40:00Z", "2017-07-14T02:40:00Z")
    assert (found["test"].organization, found["test"].platform) == ("example.com", "")
    with open_case(case) as opened:
        lines = opened.key_coverage()
        assert (lines.count(), len(list(lines.first(1)))) == (3, 1)


def test_keys_say_what_they_open(case: Path) -> None:
    rows = (f"football.example.com,test,{RSA},2018-01-01,2019-01-01", f"a.example,s,{OTHER_RSA},,")
    add_keys(case, key_file(case, *rows))
    add_keys(case, key_file(case, rows[0].replace("2019", "2020")))
    unused, used = keys(case)
    assert (unused.domain, unused.opens, unused.holds, unused.limits) == ("a.example", 0, 0, ("published",))
    assert (used.domain, used.bits, used.algorithm, used.obtained) == ("football.example.com", 1024, "rsa", "file")
    assert (used.opens, used.holds, used.mails) == (2, 1, 2)
    assert len(used.origins) == 2
    assert (used.first_seen, used.last_seen) == ("2018-01-01T00:00:00Z", "2020-01-01T00:00:00Z")
    with open_case(case) as opened:
        assert opened.keys().count() == 2


def test_a_time_that_no_calendar_has_is_left_out(case: Path) -> None:
    source = case.parent / "mails"
    (source / "3.eml").write_bytes(FOREIGN.replace(b"1500000000", b"999999999999999"))
    scan([source], case, ScanOptions(jobs=1))
    use = {use.selector: use for use in key_coverage(case)}["20150623"]
    assert (use.first, use.last) == ("", "")
