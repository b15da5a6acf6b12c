"""The writers of ids against published examples and a decoder of their own."""

import base64
from random import Random

from forensics._demo.leak import tokens
from forensics._demo.leak.clock import at, filetime, later, microseconds, numeric, pacific, paris


def decoded(index):
    """Times of a Thread-Index by the knowledge base's rule T-82, as FILETIME."""
    total = int.from_bytes(index[:6], "big") << 16
    out = []
    for start in range(22, len(index), 5):
        word = int.from_bytes(index[start : start + 4], "big")
        total += (word & 0x7FFFFFFF) << (23 if word >> 31 else 18)
        out.append(total % (1 << 54))
    return out


def test_published_thread_index_adds_up():
    index = base64.b64decode("AdQc2DN7rLoS3hgnE/O76rpFzxN/EwAddF4A")
    assert abs(decoded(index)[0] - filetime(at("2018-07-16 21:43:22.830000")) % (1 << 54)) < 10_000_000


def test_thread_index_children():
    for modern in (False, True):
        root, moment, times = at("2016-05-24 08:15:53.120000"), at("2016-05-24 08:15:53.120000"), []
        index = tokens.thread_root(root, Random(1), modern=modern)
        for gap in (217, 86_400 * 3, 3600):
            moment = later(moment, gap)
            times.append(filetime(moment) % (1 << 54))
            index = tokens.thread_child(index, moment, Random(gap))
        assert len(index) == 22 + 3 * 5
        assert base64.b64encode(index).startswith(b"AQHR" if modern else b"AdG")
        assert all(abs(read - true) < 10_000_000 for read, true in zip(decoded(index), times, strict=True))


def test_postfix_and_exim_ids():
    assert tokens.postfix_long(at("2019-01-14 03:40:19.473893"), Random(1))[:11] == "43dK433MFKz"
    assert tokens.exim_id(at("2002-08-28 08:40:13"), Random(1)).startswith("17jyN3-")


def test_outlook_boundary_is_local():
    local = tokens.outlook_boundary(at("2009-05-05 02:05:00.140000"), 19_800, 0, 0x226)
    assert local.startswith("----=_NextPart_000_0226_01C9CD53.FF")


def test_webpost_shapes():
    made = tokens.webpost("CAJq7Rt", Random(3))
    assert len(made) == 51 and made.startswith("CAJq7Rt")
    moment = at("2020-03-12 20:49:03.864600")
    value = tokens.webpost_boundary(moment, Random(3), "000000000000")
    assert len(value) == 28 and int(value[18:26] + value[12:18], 16) == microseconds(moment)


def test_summer_time():
    assert [numeric(paris(at(text))) for text in ("2016-03-27 00:59", "2016-03-27 01:00")] == ["+0100", "+0200"]
    assert [numeric(paris(at(text))) for text in ("2016-10-30 00:59", "2016-10-30 01:00")] == ["+0200", "+0100"]
    assert [numeric(pacific(at(text))) for text in ("2016-03-13 09:59", "2016-03-13 10:00")] == ["-0800", "-0700"]
    assert [numeric(pacific(at(text))) for text in ("2016-11-06 08:59", "2016-11-06 09:00")] == ["-0700", "-0800"]
