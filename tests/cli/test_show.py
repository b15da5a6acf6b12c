"""``show``: one item, or the members of a cluster."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import forensics

Run = Callable[..., Any]


def test_show_a_rank_and_a_cluster(run: Run, demo: Path) -> None:
    case = demo / "case"
    first = run("show", case, "#1")
    assert first.returncode == 0, first.stderr
    (sheet,) = forensics.show(case, "#1")
    assert [field.name for field in sheet.facts.headers if field.key == "date"] == ["Date"]
    assert all(field.raw.startswith(field.name.encode("latin-1")) for field in sheet.facts.headers)
    assert "Header fields, read again from the source" in first.stdout
    ranks = list(forensics.rank(case))
    cluster = next(line for line in ranks if line.cluster)
    shown = forensics.show(case, f"#{cluster.rank}")
    assert len(shown) == len(cluster.cluster.members)
    text = run("show", case, f"#{cluster.rank}").stdout
    assert text.count("was last saved") + text.count("were all last saved") == 1, "the shared finding is printed once"


def test_findings_come_before_the_text_and_tables_last(run: Run, demo: Path) -> None:
    text = run("show", demo / "case", "#1").stdout
    places = [
        text.index(words)
        for words in ("\nClocks  ", " findings\n", "\nText, read again", "\nAll its clocks", "\nHeader")
    ]
    assert places == sorted(places)


def test_the_text_is_as_long_as_is_asked_for(run: Run, demo: Path) -> None:
    case = demo / "case"
    with forensics.open_case(case) as opened:
        lines = opened.text(1).shown.rstrip().splitlines()
    assert len(lines) > 3
    assert f"\n{lines[0]}\n{len(lines) - 1} more lines: --text all\n" in run("show", case, "#1", "--text", "1").stdout
    assert "more line" not in run("show", case, "#1", "--text", "all").stdout
    assert "Text, read again" not in run("show", case, "#1", "--text", "none").stdout
    assert run("show", case, "#1", "--text", "-1").returncode == 2


def test_the_document_has_all_of_the_text_or_none(run: Run, demo: Path) -> None:
    case = demo / "case"
    document = json.loads(run("show", case, "#1", "--format", "json").stdout)
    with forensics.open_case(case) as opened:
        assert [part["text"] for part in document["texts"]] == [part.text for part in opened.text(1).parts]
    assert "texts" not in json.loads(run("show", case, "#1", "--format", "json", "--text", "none").stdout)
    refused = run("show", case, "#1", "--format", "json", "--text", "5")
    assert refused.returncode == 2 and "--text all, --text none" in refused.stderr


def test_a_source_that_is_gone_leaves_the_rest(run: Run, demo: Path, tmp_path: Path) -> None:
    gone = run("show", demo / "case", "#1", "--source", tmp_path / "nowhere")
    assert gone.returncode == 0 and " findings\n" in gone.stdout and "\nText, read again" not in gone.stdout
    said = " ".join(gone.stdout.split())
    assert "the text cannot be read again from the source" in said
    assert "header fields cannot be read again from the source" in said


def test_attachments_are_listed_and_can_be_shown(run: Run, demo: Path) -> None:
    case = demo / "case"
    with forensics.open_case(case) as opened:
        carrying = next(facts for mail in opened.messages() if opened.attachments(facts := opened.item(mail.sha256)))
        carried = opened.attachments(carrying)
        assert all(opened.item(one.sha256).media_type == one.media_type for one in carried if one.sha256)
        archive = next(line for line in opened.items() if line.media_type == "application/mbox")
        assert opened.attachments(opened.item(archive.sha256)) == (), "mails of a mailbox are no attachments"
    text = run("show", case, carrying.ref.sha256).stdout
    assert "\nCarries " in text and carried[0].sha256[:12] in text


def test_an_entry_of_two_mails_is_shown_with_what_differs(demo: Path, run: Run) -> None:
    def shown(item: str, *more: str) -> str:
        return run("show", demo / "case", item, *more).stdout

    sheet = shown("2")
    assert "Compared with the other mail of its entry" in sheet
    assert "[-livraison de nuit-] {+Note sur le pont des Oules+}" in sheet
    against = json.loads(shown("2", "--format", "json"))["against"]
    other = against["other"]["sha256"]
    assert "subject" in {one["kind"] for one in against["differences"]}
    back = json.loads(shown(other, "--format", "json"))["against"]
    assert (back["one"]["sha256"], back["other"]["sha256"]) == (other, against["one"]["sha256"])
    assert "against" not in json.loads(shown("2", "--format", "json", "--text", "none"))
    alone = next(line.item for line in forensics.rank(demo / "case") if line.item is not None and not line.related)
    assert "against" not in json.loads(shown(alone.sha256, "--format", "json"))


def test_a_comparison_that_cannot_be_made_is_told(demo: Path, tmp_path: Path, run: Run) -> None:
    shutil.copytree(demo / "case", tmp_path / "case")
    (tmp_path / "leak.zip").write_bytes(b"other bytes")
    line = json.loads(run("show", tmp_path / "case", "2", "--format", "json", "--source", tmp_path / "leak.zip").stdout)
    assert "against" not in line
    assert any("cannot be compared with the other mail" in notice["text"] for notice in line["facts"]["notices"])
