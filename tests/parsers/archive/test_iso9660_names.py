"""Discs whose files have several names: Rock Ridge, Joliet, folders that were moved, trees that differ."""

from pathlib import Path

from forensics.examples.times import ticks
from forensics.model.facts import Precision
from forensics.model.time_kinds import TimeKind
from tests.parsers.archive import iso_builder as iso
from tests.parsers.archive.iso_builder import (
    SECTOR,
    SP,
    TERMINATOR,
    Found,
    ce,
    descriptor,
    disc,
    folder,
    joliet,
    nm,
    px,
    record,
    rock,
    susp,
    wide,
)
from tests.parsers.archive.replays import walked


def test_rock_ridge_names_owners_links_and_times(tmp_path: Path) -> None:
    stamps = susp(b"TF", b"\x0a" + iso.TIME + bytes((116, 3, 5, 0, 0, 0, 0)))
    long_stamps = susp(b"TF", b"\x82" + iso.long_time())
    link = susp(b"SL", b"\0" + b"\x08\0" + b"\0\x03etc" + b"\x04\0" + b"\x01\x02pa" + b"\0\x04sswd")
    pipe, device = px(0o010644), px(0o020644) + susp(b"PN", iso.both(4, 4) + iso.both(1, 4))
    data = rock(
        nm(b"Na", 1) + nm(b"me.eml") + px(0o100640) + stamps,
        nm(b"link") + px(0o120777) + link,
        nm(b"tty") + device,
        nm(b"pipe") + pipe,
        long_stamps,
    )
    data = data.replace(iso.both(5, 4) + iso.TIME, iso.both(0, 4) + iso.TIME).replace(
        record(b"F0.;1", 22, 0)[2:18], record(b"F0.;1", 22, 5)[2:18], 1
    )
    found = Found(data)
    assert found.notices == []
    assert list(found.named) == ["Name.eml", "F4.;1"]
    assert found.said(0) | {"iso.mode": "100640", "iso.uid": "1000", "iso.identifier": "F0.;1"} == found.said(0)
    assert [(one.kind, one.instant) for one in found.facts.members[0].times[1:]] == [
        (TimeKind.ROCK_RIDGE_MODIFIED, ticks("2016-03-04T04:06:07+00:00")),
        (TimeKind.ROCK_RIDGE_CHANGED, ticks("2016-03-05T00:00:00+00:00")),
    ]
    (target,) = [one for one in found.facts.members[1].said if one.name == "iso.link"]
    assert target.value == "/etc/../passwd"
    assert target.raw == link[4:] == b"".join([data[start:end] for start, end in target.locator.ranges])
    assert (found.said(2)["iso.device_high"], found.said(2)["iso.device_low"]) == ("4", "1")
    assert found.facts.members[4].times[1].precision is Precision.MILLISECOND
    paths = [one.locator.path for member in found.facts.members for one in (*member.times, *member.said)]
    assert len(paths) == len(set(paths))
    walked(data, found.children, tmp_path / "d.iso")


def test_names_that_continue_elsewhere() -> None:
    area = nm(b"y" * 100)
    found = Found(rock(nm(b"x" * 100, 1) + ce(24, 10, len(area)), more={24: b"\0" * 10 + area}))
    assert list(found.named) == ["x" * 100 + "y" * 100] and found.codes == []


def test_a_folder_that_was_moved_is_entered_where_it_belongs() -> None:
    child = susp(b"CL", iso.both(23, 4))
    root = folder(
        20,
        record(b"DEEP.;1", 24, 0, 0, nm(b"deep") + child),
        record(b"MOVED", 21, SECTOR, 2, nm(b"rr_moved")),
        use=SP,
    )
    moved = folder(21, record(b"DEEP", 23, SECTOR, 2, nm(b"deep") + susp(b"RE", b"")))
    deep = folder(23, record(b"A.;1", 22, 5, 0, nm(b"a")))
    data = disc({20: root, 21: moved, 22: b"hello", 23: deep}, descriptor(1, (20, SECTOR), 40), TERMINATOR)
    assert list(Found(data).named) == ["deep/a"]
    lost = data.replace(child, susp(b"XX", iso.both(23, 4)))
    assert list(Found(lost).named) == ["deep", "rr_moved/deep/a"]


def test_two_trees_of_the_same_files() -> None:
    found = Found(
        joliet(
            [record(b"PLAN__.PDF;1", 22, 5), record(b"EMPTY.;1", 0, 0)],
            [record(wide("Pläne für uns.exe"), 22, 5), record(wide("empty"), 0, 0)],
        )
    )
    assert found.codes == [] and list(found.named) == ["PLAN__.PDF;1", "EMPTY.;1"]
    assert found.children[0].other_names == ("Pläne für uns.exe",)
    assert found.said(0)["iso.tree"] == "primary, joliet"
    assert [one.kind for one in found.facts.members[0].times] == [TimeKind.DISC_RECORDED, TimeKind.JOLIET_RECORDED]
    volumes = [one.value for one in found.facts.properties if one.name == "iso.volume"]
    assert volumes == ["VOLUME", "Größe"]


def test_what_only_one_tree_lists_is_read_and_told() -> None:
    found = Found(joliet([record(b"A.;1", 22, 5)], [record(wide("b"), 23, 5)]))
    assert found.named == {"A.;1": b"hello", "b": b"world"}
    assert found.codes == ["iso.trees_differ", "iso.trees_differ"]


def test_empty_files_and_copies_are_paired_by_their_paths_alone() -> None:
    found = Found(
        joliet(
            [record(b"A.PNG;1", 0, 0), record(b"B.EXE;1", 0, 0), record(b"C.TXT;1", 22, 5), record(b"D.TXT;1", 22, 5)],
            [
                record(wide("b.exe"), 0, 0),
                record(wide("x.exe"), 0, 0),
                record(wide("d.txt"), 22, 5),
                record(wide("c.txt"), 22, 5),
            ],
        )
    )
    assert found.codes == []
    assert [(child.step.name, child.other_names) for child in found.children] == [
        ("A.PNG;1", ()),
        ("B.EXE;1", ("b.exe",)),
        ("C.TXT;1", ("c.txt",)),
        ("D.TXT;1", ("d.txt",)),
        ("x.exe", ()),
    ]


def test_two_trees_that_name_other_bytes_for_one_path() -> None:
    found = Found(joliet([record(b"A.TXT;1", 22, 5)], [record(wide("a.txt"), 23, 5)]))
    assert found.named == {"A.TXT;1": b"hello", "a.txt": b"world"}
    assert found.codes == ["iso.trees_contradict"]
    (conflict,) = found.facts.members[1].conflicts
    assert conflict.value == f"joliet {23 * SECTOR}-{23 * SECTOR + 5}, primary {22 * SECTOR}-{22 * SECTOR + 5}"


def test_names_that_lead_out_and_hide() -> None:
    found = Found(rock(nm(b"../../etc/x\n"), nm("a\u202etxt".encode())))
    assert [one.code for one in found.children[0].notices] == ["iso.name_path", "iso.name_control"]
    assert [one.code for one in found.children[1].notices] == ["iso.name_hidden"]
    assert found.children[0].step.name == "../../etc/x%0A"
