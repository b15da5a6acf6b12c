import base64
import json

import msgspec
import pytest

from forensics.model.accounts import AccountLine, AccountShare, AccountSums, State
from forensics.model.findings import Combined
from forensics.model.ledger import LedgerLine, Mark, MissingLine
from forensics.model.lines import ItemLine, Place
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.texts import Attachment, Text, TextPart
from forensics.report import jsonl, timeline


def fits(value, schema, defs):
    """Whether a value fits a schema, for the part of JSON Schema that msgspec writes."""
    if "$ref" in schema:
        return fits(value, defs[schema["$ref"].rpartition("/")[2]], defs)
    if "anyOf" in schema:
        return any(fits(value, option, defs) for option in schema["anyOf"])
    if "enum" in schema and value not in schema["enum"]:
        return False
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}
    kind = schema.get("type")
    if kind == "null":
        return value is None
    if kind and not isinstance(value, kinds[kind]):
        return False
    if kind == "array":
        rows = schema.get("prefixItems") or [schema.get("items") or {}] * len(value)
        return all(fits(inner, row, defs) for inner, row in zip(value, rows, strict=False))
    if kind == "object" and "properties" in schema:
        known = schema["properties"]
        whole = set(schema.get("required", ())) <= value.keys() <= known.keys()
        return whole and all(fits(inner, known[key], defs) for key, inner in value.items())
    return True


def item_line(facts):
    return ItemLine(
        sha256=facts.ref.sha256,
        size=facts.size,
        media_type=facts.media_type,
        location=Place.of(facts.ref.location),
        status=facts.status,
        parser=facts.parser,
        notices=facts.notices,
        power=facts.power,
    )


ACCOUNT = AccountLine(
    source="leak",
    files=1,
    size=10,
    sums=AccountSums(parsed=4, partial=3, unread=2, skipped=1),
    shares=(AccountShare(state=State.PARTIAL, reason="zip.gap", media_type="application/zip", items=1, size=3),),
)
MONTH = LedgerLine(
    source="leak",
    mailbox="mail",
    month="2017-03",
    mails=90,
    answered=40,
    missing=20,
    threads=30,
    incomplete=18,
    expected=0.18,
    numbers=90,
    numbers_missing=12,
    silent_days=9,
    silent_from="2017-03-04",
    marks=(Mark.MISSING, Mark.SILENCE),
)


def absent(location):
    return MissingLine(
        id="1@a.example",
        subject="=harbour",
        written_after="",
        written_before="2017-03-04T10:00:00Z",
        quoted_name="Ana",
        quoted_address="",
        quoted_date="2017-03-04T09:00:00",
        id_time="",
        id_scheme="",
        mentions=2,
        replies=1,
        repliers=("ana@a.example",),
        replier_count=1,
        named_by="0" * 64,
        location=Place.of(location),
        reference="",
    )


CARRIED = Attachment(
    sha256="0" * 64,
    name="a.png",
    size=9,
    media_type="image/png",
    declared_type="",
    status="unread",
    location=Location((Step(kind=StepKind.FILE, name="a.eml", start=0, end=9, source="leak"),)),
)


def said(facts):
    part = TextPart(text="half \ud800 a pair", media_type="text/plain", charset="utf-7", locator=Locator(), whole=True)
    return Text(ref=facts.ref, parts=(part,))


@pytest.fixture(scope="module")
def written(summary, first):
    found = [stored.finding for stored in summary.findings.values()]
    times = timeline.lines(first.timestamps, first.ref.sha256, first.ref.location, first.title)
    return {
        "findings": list(jsonl.findings(found)),
        "rank": list(jsonl.rank(summary.ranking)),
        "items": list(jsonl.items([item_line(facts) for facts in summary.items.values()])),
        "timeline": list(jsonl.timeline(times)),
        "ledger": list(jsonl.ledger([MONTH])),
        "accounts": list(jsonl.accounts([ACCOUNT])),
        "missing": list(jsonl.missing([absent(first.ref.location)])),
        "show": [jsonl.show(first, found[:2]), jsonl.show(first, (), text=said(first), attachments=(CARRIED,))],
    }


@pytest.mark.parametrize("command", ["findings", "rank", "items", "timeline", "ledger", "accounts", "missing", "show"])
def test_every_line_names_its_schema_and_fits_it(written, command):
    schema = jsonl.schemas()[command]
    assert written[command]
    for raw in written[command]:
        assert raw.endswith(b"\n")
        assert raw.count(b"\n") == 1
        line = json.loads(raw)
        assert line["schema"] == schema["$id"] == f"forensics/{command}/1"
        assert fits(line, schema, schema["$defs"])


def test_what_rules_ask_of_a_time_is_no_part_of_the_contract(written):
    line, schema = json.loads(written["show"][0]), jsonl.schemas()["show"]
    assert line["facts"]["timestamps"]
    for time in [*line["facts"]["timestamps"], schema["$defs"]["Timestamp"]["properties"]]:
        assert "locator" in time and not {"kind", "index"} & time.keys()
    assert "TimeKind" not in json.dumps(schema)


def test_every_location_has_steps_and_text(written):
    def walk(value, key=""):
        if isinstance(value, dict):
            if key == "location":
                assert value.keys() == {"steps", "text"}
                assert value["text"] == msgspec.convert({"steps": value["steps"]}, Location).text
                found.append(value["text"])
            for name, inner in value.items():
                walk(inner, name)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, "location" if key == "occurrences" else "")

    found = []
    for rows in written.values():
        for raw in rows:
            walk(json.loads(raw))
    assert "leak.zip > mail/campaign.mbox > mbox:4118" in found
    assert all(text.isascii() for text in found)


def test_raw_bytes_are_the_truth(written, summary):
    line = json.loads(written["findings"][0])
    stored = next(iter(summary.findings.values()))
    assert line["evidence"][0]["kind"] == "bytes"
    assert base64.b64decode(line["evidence"][0]["raw"]["b64"]) == stored.finding.evidence[0].raw.b64
    assert line["evidence"][2]["kind"] == "aggregate"
    assert (line["evidence"][2]["k"], line["evidence"][2]["n"]) == (212, 214)


def test_what_an_entry_is_strong_by_is_an_object_or_null(summary, first):
    both = Combined(owners=2, findings=("f",), hits=1, n=90, series=1, corpus="A+B", routes=("list",), bound=0.1)
    line = msgspec.structs.replace(summary.ranking[0], combined=both)
    written = [json.loads(raw)["combined"] for raw in jsonl.rank([line, summary.ranking[0]])]
    plain = json.loads(msgspec.json.encode(both))
    assert written == [plain, None]
    assert json.loads(jsonl.show(first, [], entry=line))["entry"]["combined"] == plain
    assert "entry" not in json.loads(jsonl.show(first, []))


def test_a_ranked_line_is_an_item_or_a_cluster(written):
    ranked = [json.loads(raw) for raw in written["rank"]]
    assert ranked[0]["cluster"] is None
    assert ranked[3]["item"] is None
    assert len(ranked[3]["cluster"]["members"]) == 9


def test_the_same_lines_twice(written, summary):
    assert list(jsonl.rank(summary.ranking)) == written["rank"]


def test_a_text_that_is_no_utf_8_is_written_all_the_same(written):
    line, without = json.loads(written["show"][1]), json.loads(written["show"][0])
    assert [part["text"] for part in line["texts"]] == ["half \N{REPLACEMENT CHARACTER} a pair"]
    assert [one["name"] for one in line["attachments"]] == ["a.png"]
    assert not {"texts", "attachments"} & without.keys()
