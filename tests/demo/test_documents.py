"""The documents of the leak, read by the standard library: containers, times, authors."""

import io
import re
import struct
import zipfile
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from forensics._demo.leak.people import STRANGER


def core(item):
    with zipfile.ZipFile(io.BytesIO(item.data)) as package:
        text = package.read("docProps/core.xml").decode("utf-8")
    read = lambda name: re.search(rf"<{name}[^>]*>([^<]*)<", text)[1]  # noqa: E731 - one line a field
    times = [datetime.strptime(read(f"dcterms:{name}"), "%Y-%m-%dT%H:%M:%S%z") for name in ("created", "modified")]
    return read("dc:creator"), read("cp:lastModifiedBy"), *times


def office(leak):
    return [item for item in leak.items if item.path.endswith((".docx", ".xlsx"))]


def _edited(leak):
    return {leak.label(key).sha256 for key in ("contract", "certificate")}


def test_office_signature_but_for_the_patched_part(leak):
    for item in office(leak):
        with zipfile.ZipFile(io.BytesIO(item.data)) as package:
            assert package.testzip() is None
            infos = package.infolist()
        assert [info.filename for info in infos[:2]] == ["[Content_Types].xml", "_rels/.rels"]
        odd = [
            info.filename for info in infos if (info.create_system, info.create_version, info.flag_bits) != (0, 45, 6)
        ]
        assert odd == (["docProps/core.xml"] if item.sha256 in _edited(leak) else [])


def test_word_writes_minutes(leak):
    words = [core(item) for item in office(leak) if item.path.endswith(".docx")]
    assert len(words) >= 10
    assert all(time.second == 0 for row in words for time in row[2:])


def test_only_edited_documents_were_saved_before_they_were_made(leak):
    back = {item.sha256 for item in office(leak) if core(item)[3] < core(item)[2]}
    assert back == _edited(leak)


def test_certificate_was_saved_the_day_before_its_mail_but_made_four_months_after_it(leak):
    label, item = leak.label("certificate"), leak.item("certificate")
    sent = next(mail for mail in leak.mails if mail.sha256 == label.carrier).message["Date"].datetime
    _, _, created, modified = core(item)
    assert timedelta() < sent - modified < timedelta(days=1)
    assert created - sent > timedelta(days=120)


def test_documents_are_older_than_their_mail(leak):
    late = set()
    for item in office(leak):
        holder = [mail for mail in leak.mails if item.path.startswith(f"{mail.path} > ")]
        for mail in holder:
            sent = mail.message["Date"].datetime
            late |= {item.sha256 for time in core(item)[2:] if time > sent}
    assert late == {leak.label("certificate").sha256}


def test_nine_spreadsheets_of_six_authors_in_four_minutes(leak):
    touched = [core(item) for item in office(leak) if core(item)[1] == STRANGER]
    assert len(touched) == 9 and len({row[0] for row in touched}) == 6
    saved = sorted(row[3] for row in touched)
    assert saved[-1] - saved[0] < timedelta(minutes=4)
    made = sorted(row[2] for row in touched)
    assert made[-1].year - made[0].year == 10
    assert {item.sha256 for item in office(leak) if core(item)[1] == STRANGER} == {
        label.sha256 for label in leak.labels.labels if label.cluster == "batch"
    }


def test_no_other_batch(leak):
    others = sorted(core(item)[3] for item in office(leak) if core(item)[0] != core(item)[1] != STRANGER)
    gaps = [later - earlier for earlier, later in pairwise(others)]
    assert all(gap > timedelta(hours=1) for gap in gaps)


def test_member_times_agree(leak):
    """DOS time, minus Paris' offset, is the UTC time of the extra field; no file is older than its content says."""
    archive = next(item for item in leak.items if item.path.endswith("documents.zip"))
    with zipfile.ZipFile(io.BytesIO(archive.data)) as package:
        infos = package.infolist()
    for info in infos:
        tag, size, flags, seconds = struct.unpack("<HHBI", info.extra[:9])
        assert (tag, size, flags) == (0x5455, 5, 3)
        wall = datetime(*info.date_time, tzinfo=UTC)
        assert (wall - datetime.fromtimestamp(seconds, UTC)).total_seconds() // 2 in (1799, 1800, 3599, 3600)
    for item in office(leak):
        name = item.path.removeprefix("leak.zip > documents.zip > ")
        found = [info for info in infos if info.filename == name]
        for info in found:
            assert struct.unpack("<I", info.extra[5:9])[0] >= core(item)[3].timestamp()


def test_pictures_and_the_lure(leak):
    lure = leak.label("spam/1/treasurer").sha256
    pictures = [item for item in leak.items if item.path.endswith(".jpg")]
    assert len(pictures) == 5
    for item in pictures:
        if item.sha256 == lure:
            assert item.data.startswith(b"MZ")
            continue
        assert item.data.startswith(b"\xff\xd8\xff\xe1") and item.data.endswith(b"\xff\xd9")
        times = re.findall(rb"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", item.data)
        assert len(times) == 3 and times[0] >= times[1] == times[2]


def test_pdf_info_and_xmp_agree(leak):
    printed = [item.data for item in leak.items if item.path.endswith(".pdf")]
    assert len(printed) == 6
    for data in printed:
        start = int(re.search(rb"startxref\s+(\d+)", data)[1])
        assert data[start : start + 4] == b"xref" and data.count(b"%%EOF") == 1
        made = re.search(rb"/CreationDate\(D:(\d{14})", data)[1].decode()
        if found := re.search(rb"<xmp:CreateDate>([^<]+)<", data):
            assert re.sub(r"\D", "", found[1].decode()[:19]) == made
