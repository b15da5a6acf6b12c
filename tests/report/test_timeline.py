"""The rules of Timesketch's importer, as its reader of JSON lines and CSV applies them, held against our lines."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec import UNSET

from forensics.model.facts import TICKS_PER_SECOND, Absence, Precision
from forensics.report import csv_lines, jsonl
from forensics.report.timeline import LOCAL_TIME, ODD_OFFSET, line, lines, order

MANDATORY = {"message", "datetime", "timestamp_desc"}
RESERVED = {"_id", "_type", "_index", "_source", "__ts_timeline_id", "label", "timesketch_label", "lang"}
KEYWORD_BYTES = 32_766
MAPPING_LIMIT = 1_000
STRICT_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-](\d{2}):\d{2})?)?")
"""OpenSearch's ``strict_date_optional_time``."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def imported(text):
    """Read JSON lines as the importer does; raise where it would refuse or drop one."""
    events = []
    keys = set()
    for row in text.splitlines():
        event = json.loads(row)
        missing = MANDATORY - event.keys()
        if missing:
            raise ValueError(f"missing {sorted(missing)}")
        moment = datetime.fromisoformat(event["datetime"])
        if moment.tzinfo is None:  # the importer takes such a reading for its server's own zone
            assert "timestamp" not in event
            moment = moment.replace(tzinfo=UTC)
        event.setdefault("timestamp", (moment - EPOCH) // timedelta(microseconds=1))
        event["tag"] = [tag for tag in event.get("tag", []) if tag]
        keys |= event.keys()
        events.append(event)
    assert len(keys) * 2 * 1.1 <= MAPPING_LIMIT
    return events


def tag_cell(cell):
    """Read a tag cell as the importer's CSV reader does; an empty cell reaches it as the number NaN."""
    if not cell:
        return ["nan"]
    if cell.startswith("[") and cell.endswith("]"):
        return json.loads(cell)
    return [] if cell == "-" else cell.split(",")


@pytest.fixture
def written(first):
    made = list(lines(first.timestamps, first.ref.sha256, first.ref.location, first.title))
    assert len(made) == len(first.timestamps)
    return made


def test_the_importers_own_samples_pass_the_same_reader(suites):
    folder = suites / "timesketch-import" / "tests" / "test_events"
    for name in ("sigma_events.jsonl", "large_field_event.jsonl", "validate_time_precision_jsonl.jsonl"):
        assert imported((folder / name).read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match="missing"):
        imported('{"message": "no time", "timestamp_desc": "x"}')


def test_every_line_imports(written):
    events = imported(b"".join(jsonl.timeline(written)).decode())
    assert len(events) == len(written)
    for event in events:
        assert not RESERVED & event.keys()
        assert not [key for key in event if key.startswith("_")]
        assert STRICT_DATE.fullmatch(event["datetime"])
        assert all(event[key].strip() for key in MANDATORY)
        assert all(len(value.encode()) < KEYWORD_BYTES for value in event.values() if isinstance(value, str))
        assert type(event["timestamp"]) is int


def test_timestamp_and_datetime_name_one_moment(written):
    for event in imported(b"".join(jsonl.timeline(written)).decode()):
        moment = datetime.fromisoformat(event["datetime"])
        assert LOCAL_TIME in event["tag"] or moment.tzinfo is not None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        assert (moment - EPOCH) // timedelta(microseconds=1) == event["timestamp"]


def test_offsets_stand_as_written_and_local_times_carry_their_tag(written):
    assert written[0].datetime == "2017-04-24T10:12:31+02:00"
    assert written[0].tag == ()
    assert written[-1].datetime == "2017-05-05T20:11:04"
    assert written[-1].tag == (LOCAL_TIME,)
    assert written[-1].timestamp is UNSET


def test_utc_known_and_utc_unknown_are_not_written_alike(first):
    utc = msgspec.structs.replace(first.timestamps[0], offset_s=Absence.NOT_PRESENT)
    local = msgspec.structs.replace(utc, instant=Absence.NOT_PRESENT)
    day = msgspec.structs.replace(local, precision=Precision.DAY)
    known, unknown, whole_day = lines((utc, local, day), first.ref.sha256, first.ref.location)
    assert known.datetime.endswith("-00:00") and known.tag == ()
    assert unknown.datetime == "2017-04-24T10:12:31" and unknown.tag == (LOCAL_TIME,)
    assert whole_day.datetime == "2017-04-24"
    assert b'"timestamp":' in b"".join(jsonl.timeline([known]))
    assert b'"timestamp":' not in b"".join(jsonl.timeline([unknown, whole_day]))
    assert order(known) < order(unknown)


def test_an_offset_that_no_reader_takes_is_tagged_and_the_instant_kept(first):
    odd = msgspec.structs.replace(first.timestamps[0], offset_s=-99 * 3600)
    made = line(odd, first.ref.sha256, first.ref.location)
    assert made.tag == (ODD_OFFSET,)
    assert made.datetime == "2017-04-24T08:12:31-00:00"


def test_a_time_without_a_date_has_no_line(first):
    none = msgspec.structs.replace(first.timestamps[0], instant=Absence.UNPARSABLE, wall=Absence.UNPARSABLE)
    far = msgspec.structs.replace(first.timestamps[0], instant=400_000_000_000 * TICKS_PER_SECOND)
    assert list(lines((none, far), first.ref.sha256, first.ref.location)) == []


def test_a_giant_title_and_raw_value_keep_the_message_short(first):
    raw = b"\xff" * 500_000
    big = msgspec.structs.replace(first.timestamps[0], raw=raw)
    made = line(big, first.ref.sha256, first.ref.location, "\u202e" * 100_000)
    assert len(made.message.encode()) <= 4_000
    imported(b"".join(jsonl.timeline([made])).decode())


def test_csv_imports_too(written):
    rows = list(csv.DictReader(io.StringIO("".join(csv_lines.timeline(written)))))
    assert len(rows) == len(written)
    for row, made in zip(rows, written, strict=True):
        assert row.keys() >= MANDATORY
        assert tag_cell(row["tag"]) == list(made.tag)
        assert row["datetime"] == made.datetime
        assert row["timestamp"] == ("" if made.timestamp is UNSET else str(made.timestamp))
