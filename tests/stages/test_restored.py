"""The stage on signed mails of an invented thread, read from files."""

import hashlib
from base64 import b64encode, encodebytes
from pathlib import Path

import pytest

from forensics import ScanOptions, scan
from forensics.casestore import CaseFolder, Queries
from forensics.checks import load as load_rule
from forensics.examples.cases import context
from forensics.model.rows.restored import RestoredRow
from forensics.model.rules import Observation, Role
from forensics.parsers.mail.canonical import canonical_body
from forensics.relations.restoring.wordings import Wording
from forensics.stages import restored
from forensics.stages.running import parameters
from forensics.stages.stage import Settings, Tables

pytestmark = pytest.mark.usefixtures("in_process")

LINES = (
    "The committee met on Tuesday in the small hall.",
    "The bank returned the whole sum of it to us yesterday.",
    "Everybody was content with what it had heard there.",
    "We shall write to you again as soon as we know more.",
)
TEXT = "\n".join(LINES) + "\n"
SUM = LINES[1].replace("returned", "kept")
FOOTER = "____________________\nTalk mailing list\nhttps://lists.example/talk\n"


def mail(name: str, text: str, *above: str, signed: str | None = None, encoding: str = "", more: str = "") -> bytes:
    """Return a mail of a thread.

    Args:
        name: of the mail.
        text: what stands in it.
        above: names of the mails that it answers, the oldest first.
        signed: what its signature states the hash of; none: it has no signature.
        encoding: how its text is encoded.
        more: header fields.
    """
    fields = [f"From: {name}@one.example", f"Message-ID: <{name}@one.example>", "Subject: The sum"]
    fields += [f"Date: Tue, {1 + len(above)} Jan 2019 10:00:00 +0000", "To: all@lists.example"]
    if above:
        fields.append(f"In-Reply-To: <{above[-1]}@one.example>")
        fields.append("References: " + " ".join([f"<{one}@one.example>" for one in above]))
    if encoding:
        fields += ["Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {encoding}"]
    if signed is not None:
        body = encodebytes(signed.encode()) if encoding == "base64" else signed.encode()
        digest = b64encode(hashlib.sha256(canonical_body(body, True)).digest()).decode()
        own = f"v=1; a=rsa-sha256; c=relaxed/relaxed; d=one.example; s=s1; h=from:date; bh={digest}; b=AAAA"
        fields.insert(0, f"DKIM-Signature: {own}")
    content = encodebytes(text.encode()).decode() if encoding == "base64" else text
    return (more + "\n".join([*fields, "", content])).encode()


def quoted(text: str, marks: str = "> ") -> str:
    return "".join([f"{marks}{line}\n" for line in text.splitlines()]) + "\nYes.\n"


def case_of(folder: Path, *mails: bytes, **options: list[Path]) -> CaseFolder:
    leak = folder / "leak"
    leak.mkdir()
    for number, data in enumerate(mails):
        (leak / f"{number}.eml").write_bytes(data)
    scan([leak], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01", **options))
    return CaseFolder.open(folder / "case")


def rows(case: CaseFolder) -> tuple[list[RestoredRow], list[str]]:
    """Return the rows, and the codes of the stage's notices."""
    with Queries(case) as queries:
        found = list(queries.rows("SELECT * FROM restored ORDER BY ALL", {}, RestoredRow))
        codes = [code for code, _ in queries.pairs("SELECT code, text FROM notices ORDER BY ALL")]
    return found, [code for code in codes if code.startswith("engine.restored")]


def observed(case: CaseFolder) -> list[Observation]:
    rule = load_rule("case.restored_text")
    with Queries(case) as queries:
        found = queries.rows(rule.QUERY, parameters(rule.QUERY, context()), rule.Row)
        return list(rule.check(found, context()))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_quote_restores_a_word(tmp_path: Path) -> None:
    changed = mail("a", TEXT.replace(LINES[1], SUM), signed=TEXT)
    answer = mail("b", quoted(TEXT), "a")
    case = case_of(tmp_path, changed, answer)
    ((row,), notices) = rows(case)
    assert (row.sha256, row.witness_sha256, row.witness) == (digest(changed), digest(answer), "answer")
    assert (row.kind, row.index, row.domain, row.selector, row.steps) == ("dkim", 0, "one.example", "s1", [])
    (edit,) = row.edits
    assert (edit.archived, edit.restored, edit.of_form) == ("kept", "returned", False)
    assert changed[edit.line.start : edit.line.end].decode() == SUM
    assert answer[edit.witness_line.start : edit.witness_line.end].decode() == LINES[1]
    assert notices == []
    (seen,) = observed(case)
    assert [(one.role, one.sha256) for one in seen.subjects] == [
        (Role.SUSPECT, digest(changed)),
        (Role.WITNESS, digest(answer)),
    ]
    assert (seen.bin, seen.sentence.values["signer"]) == ("words", "one.example")


@pytest.mark.parametrize(
    ("here", "archived", "restored"),
    [
        (TEXT.replace(LINES[1] + "\n", ""), "", LINES[1]),
        (TEXT.replace(LINES[2], "Please tell nobody about it until Friday.\n" + LINES[2]),
         "Please tell nobody about it until Friday.", ""),
        (TEXT.replace("content", "not content"), "not", ""),
    ],
)  # fmt: skip
def test_a_quote_restores_lines(tmp_path: Path, here: str, archived: str, restored: str) -> None:
    ((row,), _) = rows(case_of(tmp_path, mail("a", here, signed=TEXT), mail("b", quoted(TEXT), "a")))
    assert [(edit.archived, edit.restored) for edit in row.edits] == [(archived, restored)]


def test_the_original_restores_an_edited_quote(tmp_path: Path) -> None:
    original, signed = mail("a", TEXT), quoted(TEXT)
    reply = mail("b", signed.replace("returned", "kept"), "a", signed=signed)
    ((row,), _) = rows(case_of(tmp_path, original, reply))
    assert (row.sha256, row.witness_sha256, row.witness) == (digest(reply), digest(original), "quoted")


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_a_copy_restores_several_places(tmp_path: Path, encoding: str) -> None:
    here = TEXT.replace("Tuesday", "Thursday").replace("whole sum", "loan")
    changed = mail("a", here, signed=TEXT, encoding=encoding)
    copy = mail("a", TEXT, more="Received: from a by b; Tue, 1 Jan 2019 10:00:01 +0000\n")
    ((row,), _) = rows(case_of(tmp_path, changed, copy))
    assert (row.sha256, row.witness, row.witness_sha256) == (digest(changed), "copy", digest(copy))
    assert [(edit.archived, edit.restored) for edit in row.edits] == [("Thursday", "Tuesday"), ("loan", "whole sum")]


def test_the_original_of_a_reference(tmp_path: Path) -> None:
    changed, original = mail("a", TEXT.replace(LINES[1], SUM), signed=TEXT), mail("a", TEXT, signed=TEXT)
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "a.eml").write_bytes(original)
    case = case_of(tmp_path, changed, reference=[tmp_path / "reference"])
    ((row,), _) = rows(case)
    assert (row.witness, row.witness_sha256) == ("original", digest(original))
    (seen,) = observed(case)
    assert seen.subjects[1].location.text.endswith("a.eml")


def paged(text: str) -> str:
    """Return a text and the page that says the same, as one body."""
    page = "".join([f"<p>{line}</p>\n" for line in text.splitlines()])
    return f"--x\nContent-Type: text/plain\n\n{text}\n--x\nContent-Type: text/html\n\n{page}\n--x--\n"


@pytest.mark.parametrize("both", [True, False])
def test_a_text_and_the_page_that_says_the_same(tmp_path: Path, both: bool) -> None:
    here = paged(TEXT).replace("returned", "kept", 2 if both else 1)
    kind = "Content-Type: multipart/alternative; boundary=x\n"
    changed = mail("a", here, signed=paged(TEXT), more=kind)
    ((row,), _) = rows(case_of(tmp_path, changed, mail("b", quoted(TEXT), "a")))
    (edit,) = row.edits
    assert changed[edit.line.start : edit.line.end].decode() == SUM


def test_a_page_alone(tmp_path: Path) -> None:
    page = "".join([f"<p>{line}</p>\n" for line in LINES])
    changed = mail("a", page.replace("returned", "kept"), signed=page, more="Content-Type: text/html\n")
    ((row,), _) = rows(case_of(tmp_path, changed, mail("b", quoted(TEXT), "a")))
    (edit,) = row.edits
    assert changed[edit.line.start : edit.line.end].decode() == SUM == edit.line.value


def test_what_the_list_adds_to_all_is_undone_as_well(tmp_path: Path) -> None:
    field = "List-Id: <talk.lists.example>\n"
    others = [
        mail(f"o{number}", TEXT + f"{number}\n" + FOOTER, signed=TEXT + f"{number}\n", more=field)
        for number in range(3)
    ]
    changed = mail("a", TEXT.replace(LINES[1], SUM) + FOOTER, signed=TEXT, more=field)
    ((row,), _) = rows(case_of(tmp_path, *others, changed, mail("b", quoted(TEXT), "a")))
    assert (row.sha256, row.steps) == (digest(changed), ["footer_cut"])


def test_what_is_as_it_was_signed_or_was_signed_otherwise_has_no_row(tmp_path: Path) -> None:
    intact = mail("a", TEXT, signed=TEXT)
    edited = mail("b", quoted(TEXT).replace("returned", "kept"), "a")
    other = mail("c", TEXT.replace(LINES[1], SUM), signed="Nobody knows what this was.\n")
    footed = mail("e", TEXT + FOOTER, signed=TEXT)
    case = case_of(tmp_path, intact, edited, other, mail("d", quoted(TEXT), "c"), footed, mail("f", quoted(TEXT), "e"))
    assert rows(case) == ([], [])
    assert observed(case) == []


CHANGED, ANSWER = mail("a", TEXT.replace(LINES[1], SUM), signed=TEXT), mail("b", quoted(TEXT), "a")


def test_sources_that_are_not_at_hand_are_told(tmp_path: Path) -> None:
    case = case_of(tmp_path, CHANGED, ANSWER)
    written: list[tuple[str, object]] = []
    with Queries(case, without=["restored"]) as queries:
        restored.run(Tables(queries.rows), Settings(), lambda table, row: written.append((table, row)))
    ((table, row),) = written
    assert table == "notices"
    assert (row.code, row.text[:2]) == ("engine.restored_unread", "1 ")


@pytest.mark.parametrize(("limit", "most"), [("MOST_BYTES", 100), ("MOST_MAIL", 100)])
def test_what_a_limit_leaves_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(restored, limit, most)
    assert rows(case_of(tmp_path, CHANGED, ANSWER)) == ([], ["engine.restored_limit"])


def test_a_crash_costs_one_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edits_of = restored.edits_of

    def crash(changed: Wording, other: Wording) -> object:
        if "crash" in changed.text:
            raise ValueError("a fault of ours")
        return edits_of(changed, other)

    monkeypatch.setattr(restored, "edits_of", crash)
    crashing = mail("c", TEXT.replace(LINES[1], SUM + " crash"), signed=TEXT)
    found, notices = rows(case_of(tmp_path, CHANGED, ANSWER, crashing, mail("d", quoted(TEXT), "c")))
    assert [row.sha256 for row in found] == [digest(CHANGED)]
    assert notices == ["engine.restored_fault"]
