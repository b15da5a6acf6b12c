"""Counts of files: a file once with all that is embedded in it, by owner."""

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from rich.console import Console

from forensics.checks import load
from forensics.cli import app
from forensics.engine.measuring import file_counts, file_reading
from forensics.engine.measuring.file_counts import Tally, form_pools
from forensics.engine.measuring.file_meetings import file_meetings
from forensics.engine.measuring.file_reading import SeenFile
from forensics.engine.measuring.file_strengths import strength, strengths
from forensics.engine.measuring.files import measure_files
from forensics.errors import UsageError
from forensics.examples.cases import observation
from forensics.examples.files import location
from forensics.knowledge import pools
from forensics.model.items import Limits
from forensics.model.locations import Locator
from forensics.model.measuring import FileMeasurement, MeasureOptions
from forensics.model.rows.observations import row_of
from forensics.model.rules import BenignState, State, Strength
from forensics.model.sentences import says
from forensics.report.measured import combined_csv, rates_csv
from forensics.report.measured_files import bins_csv, hits_jsonl, table

RULE = "document.modified_before_created"
SAID = says("test.measured_files", one="x")
CORE = """<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created>
<dcterms:modified xsi:type="dcterms:W3CDTF">{modified}</dcterms:modified></cp:coreProperties>"""
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def document(created: str, modified: str, inner: bytes = b"") -> bytes:
    """A Word package with two times, and another in it."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="b" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>",
        "word/document.xml": "<document/>",
        "docProps/core.xml": CORE.format(created=created, modified=modified),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name), text)
        if inner:
            file.writestr(zipfile.ZipInfo("word/embeddings/inner.docx"), inner)
    return made.getvalue()


SOUND = ("2017-03-05T08:00:00Z", "2017-03-06T10:30:00Z")
BACK = ("2017-03-06T10:30:00Z", "2017-03-05T08:00:00Z")
OLD = ("2007-03-05T08:00:00Z", "2007-03-06T10:30:00Z")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    files = {
        "ann/one/a.docx": document(*SOUND),
        "ann/b.docx": document(*OLD),
        "bob/c.docx": document(*BACK),
        "bob/d.docx": document(*SOUND, document(*BACK)),
        "bob/e.txt": b"nothing of Office",
        "beside.docx": document(*BACK),
    }
    for name, data in files.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(data)
    return made


@pytest.fixture(scope="module")
def measured(folder: Path) -> FileMeasurement:
    return measure_files(folder, MeasureOptions(corpus="invented"), jobs=1)


def _rows(found: FileMeasurement, rule: str = RULE) -> dict[tuple[str, str], tuple[int, int]]:
    return {(one.bin, one.era): (one.hits, one.n) for one in found.counts if one.rule == rule}


def test_a_file_counts_once_with_what_is_embedded_in_it(measured: FileMeasurement) -> None:
    assert (measured.files, measured.owners, measured.unread) == (5, 2, 1)
    near = {("word", "before2010"): (0, 1), ("word", "from2010"): (0, 3)}
    assert _rows(measured) == {**near, ("word>14h", "before2010"): (0, 1), ("word>14h", "from2010"): (2, 3)}
    assert [(hit.owner, hit.file) for hit in measured.hits] == [("bob", "bob/c.docx"), ("bob", "bob/d.docx")]
    assert measured.hits[0].sha256 == measured.hits[1].sha256  # the same document, once embedded


def test_processes_see_what_one_sees(folder: Path, measured: FileMeasurement) -> None:
    assert measure_files(folder, MeasureOptions(corpus="invented"), jobs=2) == measured


def test_what_a_review_took_out_does_not_count(folder: Path) -> None:
    import hashlib

    away = hashlib.sha256((folder / "bob" / "d.docx").read_bytes()).hexdigest()
    found = measure_files(folder, MeasureOptions(not_clean=(away,)), jobs=1)
    assert found.corpus == folder.name and _rows(found)["word>14h", "from2010"] == (1, 2)
    assert found.reviewed


def test_a_review_may_name_what_is_in_a_file(folder: Path, measured: FileMeasurement) -> None:
    inner = next(hit.sha256 for hit in measured.hits if hit.file == "bob/d.docx")
    assert _rows(measure_files(folder, MeasureOptions(not_clean=(inner,)), jobs=1))["word", "from2010"] == (0, 1)


def test_a_file_that_stands_twice_counts_once(folder: Path, tmp_path: Path, measured: FileMeasurement) -> None:
    shutil.copytree(folder, tmp_path / "again")
    shutil.copytree(folder / "bob", tmp_path / "again" / "eve")
    found = measure_files(tmp_path / "again", MeasureOptions(corpus="invented"), jobs=1)
    assert (found.files, found.owners, found.counts) == (measured.files, measured.owners, measured.counts)


def test_a_file_beyond_memory_is_read_from_its_place(
    folder: Path, measured: FileMeasurement, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = (folder / "bob" / "c.docx").stat().st_size  # d.docx is larger, and what stands in it is not
    monkeypatch.setattr(file_reading, "Limits", lambda: Limits(memory_bytes=most))
    assert measure_files(folder, MeasureOptions(corpus="invented"), jobs=1).counts == measured.counts


def test_a_folder_without_owners_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(document(*SOUND))
    with pytest.raises(UsageError, match="each of its folders is an owner"):
        measure_files(tmp_path, jobs=1)


@pytest.mark.parametrize("given", [{"leave_out": ("C",)}, {"route": "list"}, {"profile": True}])
def test_what_means_nothing_for_files_is_refused(folder: Path, given: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="--by-file takes neither"):
        measure_files(folder, MeasureOptions(**given), jobs=1)  # type: ignore[arg-type]


def test_the_command_writes_what_is_merged(folder: Path, tmp_path: Path) -> None:
    given = ["measure", str(folder), "--by-file", "--corpus", "C", "--jobs", "1", "--output", str(tmp_path / "out")]
    assert CliRunner().invoke(app, given).exit_code == 0
    assert [one.name for one in (tmp_path / "out").glob("file_rates*")] == ["file_rates-unreviewed.csv"]
    (tmp_path / "out" / "file_rates-unreviewed.csv").unlink()
    (tmp_path / "none").touch()
    given += ["--not-clean", str(tmp_path / "none")]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0, done.output
    assert {one.name for one in (tmp_path / "out").iterdir()} == {
        *("file_rates.csv", "file_bins.csv", "combined.csv", "combined_met.csv", "hits.jsonl")
    }
    assert f"{RULE},5,word>14h,C,from2010,any,2,3,,," in (tmp_path / "out" / "file_rates.csv").read_text(
        encoding="utf-8"
    )


def test_tables(measured: FileMeasurement) -> None:
    assert (
        rates_csv(measured.counts).splitlines()[0] == "rule,version,bin,corpus,era,route,hits,n,series,series_n,items"
    )
    assert f"{RULE},word>14h,4,2,1," in bins_csv(measured.bins)
    assert len(hits_jsonl(measured.hits).splitlines()) == 2
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(table(measured))
    text = console.export_text()
    for one in measured.bins:
        assert f"{one.rule} {one.bin}\n  hits: {one.hits} of {one.n} files; their owners: {one.owners}; at most" in text
    assert "with the shipped ones of other corpora" in " ".join(text.split())
    assert "invented: files: 5; owners: 2; files in which no rule had what it needs: 1" in text
    assert "bob/d.docx" in text and "counted together as one_moment" in text


def seen(owner: str, number: int, powered: Sequence[str], *hits: tuple[str, str], suspect: str = "") -> SeenFile:
    """A file with hits that accuse what no other does, or one thing."""
    digest = f"{owner}{number}"
    rows = []
    for at, (rule, name) in enumerate(hits):
        made = observation(rule, sha256=digest, bin=name)
        fact = msgspec.structs.replace(made.evidence[0], locator=Locator(ranges=((9 * at, 9 * at + 5),), path=rule))
        settled = tuple([BenignState(cause=one, state=State.EXCLUDED) for one in load(rule).RULE.benign])
        whole = msgspec.structs.replace(
            made, sentence=SAID(), evidence=(fact,), suspect=suspect or rule, benign=settled
        )
        rows.append(row_of(load(rule).RULE, whole, digest, location(sha256=digest)))
    name = f"{owner}/{number}.docx"
    return SeenFile(name=name, sha256=digest, era="from2010", powered=frozenset(powered), hits=tuple(rows))


@pytest.fixture
def unshipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is counted but what a test counts."""
    monkeypatch.setattr(file_counts, "rates_of", lambda rule, version: ())


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Writes other pools in the place of the shipped ones."""

    def say(members: Sequence[str], left: Sequence[str] = ()) -> None:
        pools.pool_of.cache_clear()
        of = {"pools": {"p": tuple(members)}, "left": {"p": tuple(left)}}
        monkeypatch.setattr(pools, "_table", of.__getitem__)

    yield say
    pools.pool_of.cache_clear()


@pytest.mark.usefixtures("unshipped")
def test_so_many_files_are_missing_to_the_next_strength() -> None:
    files = [seen("ann", number, [RULE]) for number in range(400)]
    tally, rule = Tally(files, "C"), load(RULE).RULE
    found = {one.bin: one for one in strengths(tally, files)}
    assert set(found) == {"word", "word>14h"}  # of the others no file of these extensions is at hand
    word = found["word"]
    assert (word.n, word.hits, word.strength, word.missing) == (400, 0, "weak", 2_995 - 400)
    assert word.bound == pytest.approx(1 - 0.05 ** (1 / 400))
    assert strength(tally, rule, "word", 2_594)[0] is Strength.WEAK
    assert strength(tally, rule, "word", 2_595)[0] is Strength.MODERATE


@pytest.mark.usefixtures("unshipped")
def test_no_file_makes_a_bin_more_than_it_may_be() -> None:
    rule = load("document.version_agreement").RULE
    files = [msgspec.structs.replace(seen("ann", n, [rule.id]), name=f"ann/{n}.doc") for n in range(3_000)]
    found = {one.bin: one for one in strengths(Tally(files, "C"), files)}
    assert (found["word"].strength, found["word"].missing) == (rule.ceiling.word, None)


def test_the_worst_bin_leaves_a_pool_until_none_is_worse(tables: Callable[..., None]) -> None:
    good, bad = "document.calc_chain", "document.kept_sum"
    files = [seen("ann", n, [good]) for n in range(90)] + [seen("bob", n, [bad, good]) for n in range(8)]
    files += [seen("cem", n, [bad, good], (bad, "differs")) for n in range(2)]
    tables([f"{good} constant"], [f"{bad} differs"])
    (formed,) = form_pools(files, "C")
    assert (formed.members, formed.left) == ((f"{good} constant",), (f"{bad} differs",))
    tally = Tally(files, "C")
    tally.pool(files, formed)
    assert tally.sums("pool.p", "any") == (0, 100)
    tables([f"{bad} differs"])
    assert form_pools(files, "C")[0].members == (f"{bad} differs",)  # it is as bad as itself


@pytest.fixture
def two(tables: Callable[..., None]) -> tuple[str, str]:
    tables([])
    return "document.calc_chain", "document.kept_sum"


@pytest.mark.usefixtures("unshipped")
def test_what_meets_is_judged_without_its_owner(two: tuple[str, str]) -> None:
    chain, kept = two
    files = [seen("ann", n, two) for n in range(5_000)]
    files.append(seen("bob", 0, two, (chain, "constant"), (kept, "differs")))
    row, (one,) = file_meetings(Tally(files, "C"), files)
    assert (row.corpus, row.route, row.mails, row.senders, row.strong) == ("C", "any", 5_001, 2, 0)
    assert (one.mail, one.sender, one.met, one.apart) == ("bob0", 2, f"{chain} {kept}", f"{chain}+{kept}")
    files.append(seen("bob", 1, two, (chain, "constant"), (kept, "differs")))
    assert file_meetings(Tally(files, "C"), files)[0].mails == 0  # with both hits neither rule is moderate
    files = files[:3_000]
    assert file_meetings(Tally(files, "C"), files)[0].mails == 3_000
    files = files[:2_000]
    assert file_meetings(Tally(files, "C"), files)[0].mails == 0  # no rule can be moderate with so few


@pytest.mark.usefixtures("unshipped")
def test_findings_that_accuse_one_thing_meet_and_are_not_apart(two: tuple[str, str]) -> None:
    chain, kept = two
    files = [seen("ann", n, two) for n in range(5_000)]
    files.append(seen("bob", 0, two, (chain, "constant"), (kept, "differs"), suspect="one"))
    files.append(seen("cem", 0, two, (chain, "constant")))
    _, met = file_meetings(Tally(files, "C"), files)
    assert [(one.mail, one.apart) for one in met] == [("bob0", "")]


def test_rows_of_what_could_meet(measured: FileMeasurement) -> None:
    (row,) = combined_csv(measured).splitlines()[1:]
    assert row == f"invented,any,4,2,0,{measured.combined[0].items}"
