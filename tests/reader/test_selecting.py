"""Lists of a case hold what all given filters match, counts included, and a filter is a text and no pattern."""

from collections.abc import Iterator

import pytest

import forensics
from forensics.errors import UnknownItem, UsageError
from forensics.model.selecting import Selection
from forensics.report import nothing
from forensics.report.timeline import lines_of

pytestmark = pytest.mark.usefixtures("in_process")

MAIL = """\
From: {sender}
To: {to}
Subject: {subject}
Date: {date}
Message-ID: <{id}@mail.example>
{more}MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain

Hello there.
--x
Content-Type: application/octet-stream; name="{file}"
Content-Disposition: attachment; filename="{file}"

{id}
--x--
"""
ONE = MAIL.format(
    sender="=?utf-8?q?In=C3=A8s_Vale?= <ines@vale.example>", to="Bob 100% Roe <bob@roe.example>, c@roe.example",
    subject="plan", date="Mon, 14 Nov 2016 23:30:00 +0200", id="one", more="", file="plan_a.bin",
)  # fmt: skip
TWO = MAIL.format(
    sender="Bob Roe <bob@roe.example>", to="ines@vale.example", subject="Re: plan",
    date="Tue, 14 Nov 2016 09:00:00 +0000", id="two", more="In-Reply-To: <one@mail.example>\n", file="plan-b.bin",
)  # fmt: skip
THREE = MAIL.format(sender="x@x.example", to="y@y.example", subject="other", date="soon", id="three", more="", file="c")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[forensics.Case]:
    home = tmp_path_factory.mktemp("home")
    (home / "leak" / "Courriers été").mkdir(parents=True)
    for name, text in {"Courriers été/one.eml": ONE, "two.eml": TWO, "three.eml": THREE}.items():
        (home / "leak" / name).write_text(text, encoding="utf-8")
    forensics.scan(home / "leak", home / "case", forensics.ScanOptions(as_of="2017-06-01", jobs=1))
    with forensics.open_case(home / "case") as opened:
        yield opened


def names(case: forensics.Case, **given: object) -> list[str]:
    lines = case.items(where=Selection(**given))
    found = list(lines)
    assert lines.count() == len(found) == case.matches(Selection(**given)).matched
    return [line.location.text.rpartition("/")[2] for line in found]


ONE_ALL = ["one.eml", "one.eml > part:1", "one.eml > part:2"]
TWO_ALL = ["two.eml", "two.eml > part:1", "two.eml > part:2"]


def short(found: list[str]) -> set[str]:
    return {name.partition(" > ")[0] for name in found}


@pytest.mark.parametrize(
    ("given", "mails"),
    [
        ({"person": "INES VALE"}, {"one.eml"}),
        ({"person": "Inès Vale <ines@vale.example>"}, {"one.eml"}),
        ({"person": "ines@vale"}, {"one.eml", "two.eml"}),
        ({"sender": "bob"}, {"two.eml"}),
        ({"recipient": "bob"}, {"one.eml"}),
        ({"recipient": "c@roe.example"}, {"one.eml"}),
        ({"person": "100%"}, {"one.eml"}),
        ({"person": "b_b"}, set()),
        ({"person": "%"}, {"one.eml"}),
        ({"person": "' OR true --"}, set()),
        ({"since": "2016-11-14"}, {"one.eml", "two.eml"}),
        ({"since": "2016-11-14", "until": "2016-11-14"}, {"one.eml", "two.eml"}),
        ({"since": "2016-11-14T12:00:00Z"}, {"one.eml"}),
        ({"until": "2016-11-14T09:00:00Z"}, {"two.eml"}),
        ({"until": "2016-11-13"}, set()),
        ({"folder": "COURRIERS ete"}, {"one.eml"}),
        ({"folder": "Courriers %C3%A9t"}, {"one.eml"}),
        ({"folder": "o_e"}, set()),
        ({"thread": "two.eml"}, {"one.eml", "two.eml"}),
        ({"thread": "two.eml", "sender": "ines"}, {"one.eml"}),
    ],
)
def test_what_filters_match(case: forensics.Case, given: dict[str, str], mails: set[str]) -> None:
    assert short(names(case, **given)) == mails


def test_what_is_no_mail_is_matched_by_the_mail_around_it(case: forensics.Case) -> None:
    found = list(case.items(where=Selection(sender="ines")))
    assert [line.media_type for line in found] != ["message/rfc822"]
    labels = {line.location.text.rpartition(" > ")[2]: line.label for line in found}
    part = labels["part:2"]
    assert (part.name, part.subject, part.sender) == ("plan_a.bin", "plan", "Inès Vale <ines@vale.example>")
    assert part.of_mail == ("sender", "subject", "date", "recipients")
    mail = next(line.label for line in found if line.media_type == "message/rfc822")
    assert (mail.of_mail, mail.date) == ((), "2016-11-14T23:30:00+02:00")
    assert mail.recipients == ("Bob 100% Roe <bob@roe.example>", "c@roe.example")
    assert mail.recipient_count == 2
    assert mail.path == "Courriers été/one.eml"


def test_other_lists_are_about_the_same_items(case: forensics.Case) -> None:
    digests = {line.sha256 for line in case.items(where=Selection(sender="bob"))}
    everything = list(case.findings())
    about = [one for one in everything if any(s.sha256 in digests and s.role != "witness" for s in one.subjects)]
    chosen = case.findings(where=Selection(sender="bob"))
    assert list(chosen) == about != []
    assert chosen.count() == len(about)
    assert list(chosen.first(1)) == about[:1]
    ranked = case.rank(where=Selection(sender="bob"))
    assert list(ranked) == [line for line in case.rank() if digests & {item.sha256 for item in line.items}] != []
    assert ranked.count() == len(list(ranked.first(None)))
    times = lines_of(case, where=Selection(sender="bob"))
    assert list(times) == [line for line in lines_of(case) if line.sha256 in digests] != []
    assert times.count() == len(list(times.first(None)))


def test_labels_of_stored_and_of_made_ones_are_equal(case: forensics.Case) -> None:
    items = {line.sha256: line.label for line in case.items() if line.sha256}
    named = [item for line in case.rank() for item in line.items] + [one.item for one in case.findings()]
    assert named
    assert all(item.label == items[item.sha256] for item in named)


def test_what_cannot_be_asked(case: forensics.Case) -> None:
    for where, said in (
        (Selection(since="yesterday"), "--since"),
        (Selection(until="2016-13-01"), "--until"),
        (Selection(text="plan"), "forensics search"),
        (Selection(thread="two.eml > part:9"), "no item"),
    ):
        with pytest.raises(UsageError, match=said):
            case.items(where=where)
    with pytest.raises(UnknownItem):
        case.rank(where=Selection(thread=99))


def test_an_empty_answer_says_which_filter_matched_what(case: forensics.Case) -> None:
    def said(kind: str, where: Selection | None, **asked: str) -> str:
        return " ".join(nothing.lines(kind, where, case.matches(where) if where else None, asked))

    n = case.items().count()
    assert said("item", Selection(person="nobody\u202e")) == f"No item of {n} matches: --person nobody\\u202e."
    both = Selection(sender="bob", until="2016-11-13")
    alone = case.items(where=Selection(sender="bob")).count()
    assert said("item", both) == (
        f"No item of {n} matches all filters: {alone} for --from bob, none for --until 2016-11-13."
    )
    assert said("rank", Selection(sender="bob"), strength="strong") == (
        f"{alone} items of {n} match (--from bob), and no entry of the ranking with strength strong names one of them."
    )
    assert said("finding", None) == "There is no finding."
