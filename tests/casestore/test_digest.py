import hashlib
import typing

from forensics.casestore import CaseFolder, Queries, logical_digest, source_digest
from forensics.model.rows.contents import ContentRow
from forensics.model.rows.ranking import RankRow


def content(name: str, size: int = 1) -> ContentRow:
    return ContentRow(sha256=name, size=size, media_type="", parser="", status="parsed")


def rank(number: int) -> RankRow:
    return RankRow(rank=number, strength="weak", score=0.1, ranked="{}")


def digest(case: CaseFolder) -> str:
    with Queries(case) as queries:
        return logical_digest(queries)


def test_units_and_their_order_do_not_matter(case: CaseFolder, store: typing.Any) -> None:
    store("u1", {"contents": [content("a"), content("b")]})
    store("u2", {"contents": [content("c")]})
    first = digest(case)
    for unit, rows in {"u1": [content("c")], "u2": [], "u3": [content("b")], "u4": [content("a")]}.items():
        store(unit, {"contents": rows})
    assert digest(case) == first


def test_every_row_and_its_number_matter(case: CaseFolder, store: typing.Any) -> None:
    found = [digest(case)]
    for unit, rows in {
        "u1": [rank(1)],
        "u2": [rank(1)],
        "u3": [rank(2)],
        "u4": [rank(0)],
    }.items():
        store(unit, {"ranking": rows})
        found.append(digest(case))
    assert len(set(found)) == len(found)


def test_a_content_that_two_units_met_counts_once(case: CaseFolder, store: typing.Any) -> None:
    store("u1", {"contents": [content("a"), content("b")]})
    first = digest(case)
    store("u2", {"contents": [content("a")]})
    assert digest(case) == first


def test_source_digest_is_that_of_a_listing() -> None:
    files = [("b" * 64, "b.eml"), ("", "link"), ("a" * 64, "x.eml")]
    listing = "".join([f"{sha256}  {path}\n" for sha256, path in files])
    assert source_digest(iter(files)) == hashlib.sha256(listing.encode()).hexdigest()
    assert source_digest(files) != source_digest(files[:2])
