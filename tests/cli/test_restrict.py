"""``restrict``: what a list names is judged and ranked, and stands in no output; one item is opened by name."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import forensics
from forensics.casestore import CaseFolder, Queries
from forensics.errors import Restricted
from forensics.model.searching import TextState
from forensics.reader.sealing.items import read_sealed

pytestmark = pytest.mark.usefixtures("in_process")

Run = Callable[..., Any]
LIST = "# counsel\npostelibre.example\n@nobody.example\nmessagerie/marcheroux/\n"
COMMON = 8
"""A word that is shorter says nothing of one item."""


@pytest.fixture
def case(demo: Path, tmp_path: Path) -> Path:
    for name in ("case", "leak.zip"):
        source = demo / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    return tmp_path / "case"


@pytest.fixture
def listed(case: Path, tmp_path: Path) -> Path:
    (tmp_path / "list.txt").write_text(LIST)
    forensics.restrict(case, tmp_path / "list.txt")
    return case


def secrets(case: Path) -> set[str]:
    """Return what only items say that may not be quoted: subjects, names of files, addresses, ids, lines of texts."""
    folder = CaseFolder.open(case)
    with Queries(folder) as queries:
        sealed = read_sealed(queries)
    assert sealed is not None and sealed.digests
    plain = folder.path.with_name("plain")
    shutil.copytree(case, plain)
    for table in ("restrictions", "unsealed"):
        shutil.rmtree(plain / "tables" / table, ignore_errors=True)
    said: dict[bool, set[str]] = {True: set(), False: set()}
    with forensics.open_case(plain) as opened:
        for mail in opened.messages():
            words = {mail.subject.value, mail.message_id.value}
            words |= {word for party in mail.parties for word in (party.address, party.name)}
            words |= {line.strip() for line in opened.text(mail.sha256).shown.splitlines()}
            said[mail.sha256 in sealed.digests] |= words
        for line in opened.items():
            last = line.location.text.rpartition(" > ")[2]
            if not last.startswith(("mbox:", "part:")):
                said[line.sha256 in sealed.digests].add(last)
            if line.sha256 in sealed.digests:
                said[True] |= {value for _, value in opened.members(line.sha256)[0].claims}
            else:
                said[False] |= {value for _, value in opened.members(line.sha256)[0].claims}
    shutil.rmtree(plain)
    shared = "\n".join(said[False])
    return {word for word in said[True] if len(word) >= COMMON and word not in shared}


def outputs(run: Run, case: Path) -> Iterator[tuple[str, str]]:
    """Yield everything that a case shows, by what shows it."""
    lists = ("items", "rank", "findings", "timeline", "ledger")
    commands = [(name, case, "--format", form, "--limit", "0") for name in lists for form in ("table", "jsonl", "csv")]
    commands += [("items", case, "--ledger", "--format", form) for form in ("table", "jsonl", "csv")]
    commands += [("ledger", case, "--missing", "--format", form, "--limit", "0") for form in ("table", "jsonl", "csv")]
    for kind in ("list", "coverage"):
        commands += [("keys", kind, case, *more, "--format", "jsonl") for more in ((), ("--signers",))]
    commands += [("items", case, "--from", "postelibre", "--format", "jsonl")]
    commands += [("letters", case, "--strength", "weak")]
    commands += [("search", case, "--build"), ("search", case, "de", "--limit", "0", "--format", "jsonl")]
    commands += [("search", case, "a", "--part", "--limit", "0"), ("rank", case, "--text", "de", "--format", "jsonl")]
    commands += [("mark", case), ("restrict", case), ("verify", case)]
    for command in commands:
        ran = run(*command)
        assert ran.returncode in (0, 3), ran.stderr
        yield " ".join(map(str, command)), ran.stdout + ran.stderr
    for line in forensics.rank(case):
        for form in ("text", "json"):
            yield f"show #{line.rank} {form}", run("show", case, f"#{line.rank}", "--format", form).stdout
    run("report", case)
    yield "report", (case / "report.html").read_text()
    run("report", case, "--audience", "public", "--output", case.parent / "public.html")
    yield "public report", (case.parent / "public.html").read_text()
    with forensics.open_case(case) as opened:
        for name in ("messages", "set_aside", "counterparts"):
            yield name, "\n".join(map(repr, getattr(opened, name)()))
        for digest in sorted({item.sha256 for item in opened.items() if item.sha256}):
            for facts in opened.members(digest):
                more = opened.signatures(facts), opened.chain(facts), opened.signed_parts(facts), opened.lineage(facts)
                yield digest, repr((facts, *more, opened.thread(facts), opened.quoted(facts), opened.entry(digest)))


def test_nothing_that_is_restricted_stands_in_any_output(run: Run, listed: Path) -> None:
    hidden = secrets(listed)
    assert len(hidden) > 200
    for name, text in outputs(run, listed):
        found = [word for word in hidden if word in text or json.dumps(word)[1:-1] in text]
        assert not found, (name, found[:5])
        assert "postelibre" not in text or name.startswith("restrict") or "--from" in name, name


def test_no_search_tells_what_a_restricted_item_holds(run: Run, listed: Path) -> None:
    forensics.build_index(listed)
    with forensics.open_case(listed) as opened:
        sealed = {line.sha256 for line in opened.items() if line.restricted}
        assert sealed
        for words, part in (("de", False), ("le", False), ("a", True), ("postelibre", True)):
            assert not sealed & {line.sha256 for line in opened.search(words, part=part)}
        assert not sealed & set(opened.digests("de"))
        assert opened.digests("de", most=3) == opened.digests("de")[:3]


def test_restricted_items_are_judged_and_ranked_as_before(case: Path, tmp_path: Path) -> None:
    before = [(line.rank, line.score, line.strength, line.findings) for line in forensics.rank(case)]
    (tmp_path / "list.txt").write_text(LIST)
    forensics.restrict(case, tmp_path / "list.txt")
    assert forensics.reached(case).settled
    lines = list(forensics.rank(case))
    assert before == [(line.rank, line.score, line.strength, line.findings) for line in lines]
    assert any(line.restricted for line in lines) and not all(line.restricted for line in lines)
    for line in lines:
        if line.restricted:
            assert all(reason.startswith("Restricted, not quoted. ") for reason in line.reasons)
    sealed = [one for one in forensics.findings(case) if one.restricted]
    assert sealed and not [one.evidence for one in sealed if one.evidence]


def closed_rank(case: Path) -> int:
    """Return the first rank of an item that may not be quoted."""
    return next(line.rank for line in forensics.rank(case) if line.restricted and len(line.items) == 1)


def test_bytes_texts_and_tables_are_refused_until_unsealed(run: Run, listed: Path) -> None:
    rank = closed_rank(listed)
    with forensics.open_case(listed) as opened:
        first = opened.item(rank)
        assert first.restricted and not first.claims and not first.timestamps and not first.headers
        for ask in (opened.read, opened.text):
            with pytest.raises(Restricted):
                ask(rank)
        whole = next(line.sha256 for line in opened.items() if line.location.text == "leak.zip")
        with pytest.raises(Restricted, match="may not be quoted"):
            opened.read(whole)
        with pytest.raises(Restricted, match="may not be quoted"):
            forensics.extract(listed, rank, listed.with_name("out"))
        assert not listed.with_name("out").exists()
        with pytest.raises(Restricted, match="sql"):
            opened.sql("SELECT subject FROM messages")
    shown = run("restrict", listed, "--unseal", f"#{rank}", "--by", "Ann")
    assert shown.returncode == 0 and "opened by Ann" in shown.stdout
    with forensics.open_case(listed) as opened:
        facts = opened.item(rank)
        assert facts.ref.sha256 == first.ref.sha256 and not facts.restricted and facts.headers
        assert len(opened.read(rank)) == facts.size and opened.text(rank).parts
        with pytest.raises(Restricted):
            opened.sql("SELECT 1 FROM messages")  # others are still closed
    line = CaseFolder.open(listed).custody.lines()[-1]
    assert (line.action, line.details["by"], line.details["item"]) == ("unseal", "Ann", first.ref.sha256)
    assert forensics.verify(listed).problems == ()


def test_a_new_list_replaces_the_old_one_and_closes_what_was_open(listed: Path, tmp_path: Path) -> None:
    forensics.unseal(listed, closed_rank(listed), by="Ann")
    assert forensics.restriction(listed).opened == 1
    again = forensics.restrict(listed, tmp_path / "list.txt")
    assert not again.changed and forensics.restriction(listed).opened == 1
    (tmp_path / "other.txt").write_text("postelibre.example\n")
    assert forensics.restrict(listed, tmp_path / "other.txt").changed
    state = forensics.restriction(listed)
    assert (state.opened, [one.value for one in state.entries]) == (0, ["postelibre.example"])
    (tmp_path / "third.txt").write_text("nobody@nowhere.example\n")
    forensics.restrict(listed, tmp_path / "third.txt")
    state = forensics.restriction(listed)
    assert (state.items, len(state.idle)) == (0, 1)
    with forensics.open_case(listed) as opened:
        assert next(iter(opened.sql("SELECT count(*) FROM messages")))[0] > 0
        assert not [line for line in opened.rank() if line.restricted]


def test_the_log_has_digests_and_no_entries(listed: Path) -> None:
    log = (listed / "custody.jsonl").read_text()
    assert '"restrict"' in log and "postelibre" not in log and "marcheroux" not in log


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names nothing"),
        ("# only a comment\n\n", "names nothing"),
        ("just words\na@b.example\n", "line 1: 'just words'"),
        ("localhost\n", "line 1: 'localhost'"),
        ("*\n", "line 1"),
        ("/\n", "line 1"),
        ("a@b@c.example\n", "line 1"),
        ("a@b.example\x1b[31m\n", "line 1"),
        ("\n".join(["no"] * 9), "and 4 more"),
    ],
)
def test_lines_that_cannot_be_used_are_refused_as_a_whole(
    run: Run, listed: Path, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "bad.txt").write_text(text)
    refused = run("restrict", listed, tmp_path / "bad.txt")
    assert refused.returncode == 2 and said in refused.stderr and "\x1b" not in refused.stderr
    assert len(forensics.restriction(listed).entries) == 3


def test_what_is_called_wrongly_is_said(run: Run, case: Path, tmp_path: Path) -> None:
    assert "Nothing is restricted" in run("restrict", case).stdout
    for given, said in (
        (["--unseal", "#1", "--by", "Ann"], "is not restricted"),
        (["--by", "Ann"], "--by goes with --unseal"),
        ([tmp_path / "nowhere.txt"], "No such file"),
        ([tmp_path / "nowhere.txt", "--unseal", "#1"], "not both"),
    ):
        refused = run("restrict", case, *given)
        assert refused.returncode == 2 and said in refused.stderr
    (tmp_path / "latin.txt").write_bytes(b"m\xfcller@x.example")
    assert "not UTF-8" in run("restrict", case, tmp_path / "latin.txt").stderr


def terms(index: Path) -> set[str]:
    """Return all words that an index holds."""
    with closing(sqlite3.connect(index)) as opened:
        opened.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab('main', 'words', 'row')")
        return {term for (term,) in opened.execute("SELECT term FROM held")}


def test_a_new_list_takes_the_index_out_and_the_next_lacks_what_it_names(case: Path, tmp_path: Path, run: Run) -> None:
    forensics.build_index(case)
    before = terms(case / "index.sqlite")
    (tmp_path / "list.txt").write_text(LIST)
    said = run("restrict", case, tmp_path / "list.txt").stdout
    assert "The index of words was taken out" in " ".join(said.split())
    assert not (case / "index.sqlite").exists()
    assert CaseFolder.open(case).custody.lines()[-2].action == "index_removed"
    assert "taken out" not in run("restrict", case, tmp_path / "list.txt").stdout
    built = forensics.build_index(case)
    outcomes = dict(built.coverage.outcomes)
    with Queries(CaseFolder.open(case)) as queries:
        sealed = read_sealed(queries)
    assert outcomes[TextState.RESTRICTED] >= len(sealed.digests) > 0
    assert "postelibre" in before and "postelibre" not in terms(case / "index.sqlite")
    assert not forensics.verify(case).problems


def test_two_items_are_compared_only_if_both_may_be_quoted(listed: Path, run: Run) -> None:
    with Queries(CaseFolder.open(listed)) as queries:
        sealed = read_sealed(queries)
    assert sealed is not None
    mails = [line.sha256 for line in forensics.items(listed, media_type="message/rfc822") if line.sha256]
    closed = [digest for digest in mails if digest in sealed.digests]
    opened = [
        digest for digest in dict.fromkeys(mails) if digest not in sealed.digests and digest not in sealed.holders
    ]
    for pair in ((closed[0], opened[0]), (opened[0], closed[0])):
        ran = run("compare", listed, *pair)
        assert ran.returncode != 0 and not ran.stdout and "may not be quoted" in ran.stderr
    ran = run("compare", listed, *opened[:2])
    assert ran.returncode == 0
    assert not [word for word in secrets(listed) if word in ran.stdout]
