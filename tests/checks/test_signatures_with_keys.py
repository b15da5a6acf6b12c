"""Rules and the explainer that ask what keys opened, from files to findings."""

from pathlib import Path

import pytest

from forensics import ScanOptions, findings, rank, scan
from forensics.checks._changes import Change, quoted_change
from tests.signed_mails import mail, record_of

pytestmark = pytest.mark.usefixtures("in_process")
NAME = "one.example/s1"
SENDER = "anna@one.example"


@pytest.fixture
def judged(tmp_path: Path):
    """Scan thirty mails of one signer, some of them others, with the signer's key from a file."""

    def make(*others: tuple[int, bytes]) -> dict[str, set[tuple[str, str, str]]]:
        leak = tmp_path / "leak"
        leak.mkdir()
        mails = {number: mail(number, SENDER, "ben@two.example", key="true", name=NAME) for number in range(30)}
        for number, data in (mails | dict(others)).items():
            (leak / f"{number:02}.eml").write_bytes(data)
        keys = tmp_path / "s1._domainkey.one.example"
        keys.write_bytes(record_of("true"))
        scan([leak], tmp_path / "case", ScanOptions(jobs=1, as_of="2026-01-01T00:00:00Z", dkim_keys=(keys,)))
        assert not any("authenticated" in line.propositions for line in rank(tmp_path / "case"))
        found: dict[str, set[tuple[str, str, str]]] = {}
        for one in findings(tmp_path / "case"):
            causes = ",".join(state.cause for state in one.benign if state.state == "explains")
            for subject in one.subjects:
                if subject.role != "witness":
                    found.setdefault(subject.location.steps[0].name, set()).add((one.rule, one.bin, causes))
        return found

    return make


def test_a_changed_subject(judged) -> None:
    found = judged((15, mail(15, SENDER, "ben@two.example", key="true", name=NAME, changed="Subject")))
    assert ("case.header_signature", "untold", "") in found["15.eml"]
    assert not any(rule == "case.authenticated" for rule, _, _ in found["15.eml"])
    assert ("case.authenticated", "author", "") in found["14.eml"]


def test_a_changed_body_with_its_header(judged) -> None:
    found = judged((15, mail(15, SENDER, "ben@two.example", key="true", name=NAME, changed="body")))
    assert {one for one in found["15.eml"] if one[0].startswith("case.")} >= {
        ("case.body_hash", "untold", ""),
        ("case.authenticated", "header_only", ""),
    }


def test_a_signature_by_another_key(judged) -> None:
    found = judged((15, mail(15, SENDER, "ben@two.example", key="own", name=NAME)))
    assert ("case.signing_key", "alone", "") in found["15.eml"]
    assert not any(rule == "case.authenticated" for rule, _, _ in found["15.eml"])


def test_a_selector_that_only_one_mail_has(judged) -> None:
    found = judged((15, mail(15, SENDER, "ben@two.example", key="own", name="one.example/mail7")))
    assert ("case.signing_selector", "alone", "") in found["15.eml"]
    assert not any(rule == "case.signing_selector" for rule, _, _ in found["14.eml"] | found["16.eml"])


def test_the_first_mail_with_a_new_selector(judged) -> None:
    found = judged((29, mail(29, SENDER, "ben@two.example", key="own", name="one.example/mail7")))
    assert not any(rule == "case.signing_selector" for rule, _, _ in found.get("29.eml", ()))


def test_a_signed_date_is_no_later_change(judged) -> None:
    odd = mail(15, SENDER, "ben@two.example", key="true", name=NAME)
    day = odd.partition(b"Date: ")[2][:3]
    wrong = b"Mon" if day != b"Mon" else b"Tue"
    altered = odd.replace(b"Date: " + day, b"Date: " + wrong)
    found = judged((15, altered))
    weekday = {one for one in found["15.eml"] if one[0] == "mail.date_weekday"}
    assert weekday == {("mail.date_weekday", next(iter(weekday))[1], "")}, "the signature over Date does not hold"


def test_two_long_values_are_quoted_where_they_differ() -> None:
    names = ", ".join(f"p{number}@one.example" for number in range(40))
    change = Change("cc", f"{names}, ben@two.example", f"{names}, eve@two.example", False)
    values = quoted_change(change).values
    assert values["signed"] != values["shown"]
    assert "ben@two.example" in str(values["signed"])
    assert "eve@two.example" in str(values["shown"])
