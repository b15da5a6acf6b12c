import typing

import msgspec
import pytest

from forensics.casestore import CaseFolder, Queries, _flat
from forensics.model.authentication import Signature
from forensics.model.locations import Locator
from forensics.model.rows import signatures
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.messages import HopRow, PartyRow
from tests.casestore.rows import content, message, occurrence


@pytest.fixture(params=["in memory", "in a file"])
def anywhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "in a file":
        monkeypatch.setattr(_flat, "IN_MEMORY_BYTES", 0)


@pytest.mark.usefixtures("anywhere")
def test_organizations_of_the_host_names_of_mails(case: CaseFolder, store: typing.Any) -> None:
    host = HopRow(by="MX.Example.co.uk", from_="a.github.io (unknown [192.0.2.1])", with_="", instant=0)
    reader = PartyRow(field="to", name="", address="b@list.example.org", domain="list.example.org")
    rows = [
        message("1", hops=[host], queue_ids=[LocatedRow("")], message_id=LocatedRow("x@Mail.example.net"),
                parties=[reader]),
        message("2", first_hop="MX"),
    ]  # fmt: skip
    store("u1", {"messages": rows, "occurrences": [occurrence("1", []), occurrence("2", [])]})
    with Queries(case) as queries:
        sql = "SELECT * FROM flat.organizations ORDER BY name"
        assert queries.pairs(sql) == [
            ("a.github.io", "a.github.io"),
            ("list.example.org", "example.org"),
            ("mail.example.net", "example.net"),
            ("mx", "mx"),
            ("mx.example.co.uk", "example.co.uk"),
        ]
        assert queries.pairs(sql) == queries.pairs(sql)


@pytest.mark.usefixtures("anywhere")
def test_flat_tables_number_contents_in_the_order_of_digests(case: CaseFolder, store: typing.Any) -> None:
    ids = [LocatedRow("q1"), LocatedRow("")]
    hops = [HopRow(by=name, from_="", with_="", instant=None, for_=f"<R@{name}>") for name in ("A.example", "")]
    mail = message("b", hops=hops, queue_ids=ids, in_reply_to=["1"], references=["2", "3"], form=["id=x", "has=y"])
    store("u1", {"messages": [mail], "occurrences": [occurrence("b", []), occurrence("c", [])]})
    store("u2", {"messages": [message("a")], "occurrences": [occurrence("a", [])]})
    with Queries(case) as queries:
        assert queries.pairs("SELECT item, sha256 FROM flat.items ORDER BY item") == [(1, "a"), (2, "b"), (3, "c")]
        assert queries.pairs("SELECT item, hops FROM flat.mails ORDER BY item") == [(1, 0), (2, 2)]
        spread = 'SELECT place, [item::VARCHAR, "by", host, reader, id] FROM flat.hops ORDER BY place'
        assert queries.pairs(spread) == [
            (1, ["2", "A.example", "a.example", "r@a.example", "q1"]),
            (2, ["2", "", "", "", ""]),
        ]
        assert queries.pairs("SELECT id, reply FROM flat.links ORDER BY place") == [
            ("1", True),
            ("2", False),
            ("3", False),
        ]
        assert queries.pairs("SELECT kind, feature FROM flat.features ORDER BY kind") == [
            ("has", "has=y"),
            ("id", "id=x"),
        ]


@pytest.mark.usefixtures("anywhere")
def test_mails_of_one_form_have_one_number(case: CaseFolder, store: typing.Any) -> None:
    forms = {"a": ["id=x", "has=y"], "b": ["id=z"], "c": ["id=x", "has=y"], "d": []}
    mails = [message(name, form=form) for name, form in forms.items()]
    store("u1", {"messages": mails, "occurrences": [occurrence(name, []) for name in forms]})
    with Queries(case) as queries:
        alike = "SELECT list(item ORDER BY item), count(*) FROM flat.mails GROUP BY form ORDER BY 1"
        assert queries.pairs(alike) == [([1, 3], 2), ([2], 1), ([4], 1)]
        features = "SELECT item, feature FROM flat.mails JOIN flat.features USING (form) ORDER BY ALL"
        assert queries.pairs(features) == [(1, "has=y"), (1, "id=x"), (2, "id=z"), (3, "has=y"), (3, "id=x")]


@pytest.mark.usefixtures("anywhere")
def test_flat_items_tell_where_a_content_stands_and_whether_it_was_read(case: CaseFolder, store: typing.Any) -> None:
    alone, inside = occurrence("a", []), msgspec.structs.replace(occurrence("b", []), message_sha256="a")
    places = [alone, inside, msgspec.structs.replace(occurrence("b", []), status="partial")]
    places.append(msgspec.structs.replace(occurrence("c", []), message_sha256="a", status="failed"))
    store("u1", {"occurrences": places})
    with Queries(case) as queries:
        sql = "SELECT sha256, [alone, inside, parsed] FROM flat.items ORDER BY item"
        assert queries.pairs(sql) == [
            ("a", [True, False, True]),
            ("b", [True, True, True]),
            ("c", [False, True, False]),
        ]


@pytest.mark.parametrize(
    ("answered", "referred", "links"),
    [
        ([], [], []),
        (["1"], [], [("1", [True, True])]),
        (["1"], ["0", "1"], [("1", [True, False]), ("0", [False, False]), ("1", [False, True])]),
    ],
)
def test_the_last_link_of_a_mail_is_told(
    case: CaseFolder, store: typing.Any, answered: list[str], referred: list[str], links: list[tuple[str, list[bool]]]
) -> None:
    mail = message("a", in_reply_to=answered, references=referred)
    store("u1", {"messages": [mail], "occurrences": [occurrence("a", [])]})
    with Queries(case) as queries:
        assert queries.pairs("SELECT id, [reply, last] FROM flat.links ORDER BY place") == links


@pytest.mark.usefixtures("anywhere")
def test_a_mail_that_two_units_met_is_one_of_the_flat_tables(case: CaseFolder, store: typing.Any) -> None:
    hop = HopRow(by="a.example", from_="", with_="", instant=None)
    for unit, status in (("u1", "partial"), ("u2", "parsed"), ("u3", "partial")):
        mails = [message(name, hops=[hop], queue_ids=[LocatedRow(unit)]) for name in ("a", f"b-{unit}")]
        rows = [content(mail.sha256, status) for mail in mails]
        store(
            unit, {"messages": mails, "contents": rows, "occurrences": [occurrence(mail.sha256, []) for mail in mails]}
        )
    with Queries(case) as queries:
        assert queries.pairs("SELECT sha256, id FROM flat.hops JOIN flat.items USING (item) ORDER BY ALL") == [
            ("a", "u2"),
            ("b-u1", "u1"),
            ("b-u2", "u2"),
            ("b-u3", "u3"),
        ]


def test_the_file_of_the_flat_tables_goes_with_its_reader(case: CaseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_flat, "IN_MEMORY_BYTES", -1)
    with Queries(case) as one, Queries(case) as other:
        for queries in (one, other):
            assert queries.pairs("SELECT item, sha256 FROM flat.items") == []
        assert len(list(case.tmp.glob("*.duckdb"))) == 2
    assert not list(case.tmp.iterdir())


@pytest.mark.usefixtures("anywhere")
def test_flat_tables_are_there_with_more_memory_and_with_less(
    case: CaseFolder, store: typing.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store("u1", {"messages": [message("1"), message("2")], "occurrences": [occurrence("1", []), occurrence("2", [])]})
    made: list[object] = []
    make = _flat.make
    monkeypatch.setattr(_flat, "make", lambda *given: made.append(given) or make(*given))
    with Queries(case) as queries:
        sql, limits = "SELECT item, sha256 FROM flat.mails JOIN flat.items USING (item) ORDER BY item", []
        for change in (list, queries.grow, queries.grow, queries.shrink):
            change()
            queries.renew(["verdicts"])
            assert queries.pairs(sql) == [(1, "1"), (2, "2")]
            assert queries.pairs("SELECT item, header FROM flat.judged") == []
            limits.append(queries.memory)
        assert limits == ["256MB", "1GB", "4GB", "256MB"]
        assert len(made) == (1 if _flat.IN_MEMORY_BYTES == 0 else 4)
    assert not list(case.tmp.glob("*.duckdb*"))


@pytest.mark.usefixtures("anywhere")
def test_what_the_platform_signed_is_no_signature_of_the_flat_tables(case: CaseFolder, store: typing.Any) -> None:
    raw = b"DKIM-Signature: v=1; d=a.example; b=AA=="
    place = Locator(ranges=((0, len(raw)),), path="header:DKIM-Signature[0]")
    signed = [
        signatures.row_of("1", Signature(kind=kind, index=0, domain=f"{kind}.example", raw=raw, locator=place))
        for kind in ("google", "dkim", "as")
    ]
    store("u1", {"messages": [message("1")], "signatures": signed, "occurrences": [occurrence("1", [])]})
    with Queries(case) as queries:
        assert queries.pairs("SELECT kind, domain FROM flat.signatures ORDER BY kind") == [
            ("as", "as.example"),
            ("dkim", "dkim.example"),
        ]
        assert queries.pairs("SELECT count(*), 0 FROM signatures") == [(3, 0)]


@pytest.mark.usefixtures("anywhere")
def test_what_two_units_met_where_no_mail_is_needs_no_flat_tables(case: CaseFolder, store: typing.Any) -> None:
    for unit in ("u1", "u2"):
        store(unit, {"contents": [content("a", "parsed")], "occurrences": [occurrence("a", [])]})
    with Queries(case) as queries:
        assert queries.pairs("SELECT sha256, id FROM flat.hops JOIN flat.items USING (item)") == []
