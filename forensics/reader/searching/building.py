"""Makes the index of a case's words, from its sources and on request alone, and takes it out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from forensics.casestore import INDEX, CaseFolder, Queries, drop_index, keep_index
from forensics.casestore.derived import INDEX_FILE
from forensics.engine.desk.desk import Desk, desk_of
from forensics.engine.roots import roots_of
from forensics.errors import Interrupted
from forensics.fulltext.index_file import Entry, NewIndex, open_index
from forensics.model.paths import AnyPath
from forensics.model.searching import BuiltIndex, Coverage, RemovedIndex, TextState
from forensics.reader.sealing.gate import Gate
from forensics.reader.searching.contents import Content, count_unread, read_contents
from forensics.reader.searching.coverage import coverage_of, facts_of
from forensics.reader.searching.reading import read_texts

_AT_ONCE = 64
"""Items that are asked for together."""
T = TypeVar("T")


def build_index(
    case: AnyPath,
    sources: Mapping[str, AnyPath] | Sequence[str] = (),
    *,
    passwords: Sequence[bytes] = (),
    progress: Callable[[int], object] | None = None,
) -> BuiltIndex:
    """Make the index of all words of a case, from where its sources lie; one that is there is replaced.

    It holds the words of the whole leak but of what may not be quoted, and which item holds each. It is a file of the
    case, for its owner alone.

    Args:
        case: the case folder.
        sources: where sources lie now: by label, or as texts ``[LABEL=]PATH``. A source that is not named is looked
            for where it was scanned; what is not at hand is counted, not indexed.
        passwords: tried in order on encrypted members.
        progress: called with the number of items that were looked at, now and then.

    Raises:
        UsageError: a source is not one of the case, or SQLite was made without FTS5.
        CaseStoreError: the folder is no case, is locked, or the disk is full (`StorageFull`).
        Interrupted: stopped by the user; an index that was there before is left as it was.
    """
    folder = CaseFolder.open(Path(case))
    with folder.lock():
        made = folder.tmp / INDEX_FILE
        with _stoppable(), Queries(folder) as queries:
            with closing(desk_of(folder, roots_of(folder.info, sources), passwords)) as desk:
                _write(made, folder, queries, desk, progress or (lambda _: None))
            size = made.stat().st_size
            coverage = _looked_at(made, folder, queries)
        counts = {outcome.value: str(n) for outcome, n in coverage.outcomes}
        digest = keep_index(folder, made)
        try:
            details = {"items": str(coverage.items), "size": str(size), **counts}
            folder.custody.append(INDEX, details, {INDEX_FILE: digest})
        except BaseException:
            if folder.custody.files().get(INDEX_FILE) != digest:
                (folder.path / INDEX_FILE).unlink(missing_ok=True)  # one that the log does not know looks tampered with
            raise
        (line,) = folder.custody.lines()[-1:]
        coverage = msgspec.structs.replace(coverage, made=line.time)
        return BuiltIndex(coverage=coverage, size=size, sha256=digest, head=folder.custody.head())


def remove_index(case: AnyPath) -> RemovedIndex:
    """Take the index of words out of a case; one that is not there is no fault.

    Raises:
        CaseStoreError: the folder is no case, or is locked.
    """
    folder = CaseFolder.open(Path(case))
    with folder.lock():
        return RemovedIndex(removed=drop_index(folder), head=folder.custody.head())


def index_in_memory(folder: CaseFolder, queries: Queries) -> NewIndex:
    """Return an index of subjects and names alone, which the tables hold: for a case that has no index."""
    index = NewIndex(None)
    for content in read_contents(queries):
        index.add(_entry(content, TextState.FAILED, ()))
    index.finish(facts_of(folder, {}))
    return index


@contextmanager
def _stoppable() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, RuntimeError) as stopped:
        # DuckDB turns an interrupt that meets it into a RuntimeError of its own.
        if isinstance(stopped, RuntimeError) and "interrupt" not in str(stopped).lower():
            raise
        raise Interrupted("stopped; no index was made: run the same command again") from stopped


def _write(path: Path, folder: CaseFolder, queries: Queries, desk: Desk, progress: Callable[[int], object]) -> None:
    index, seen, gate = NewIndex(path), 0, Gate(queries)
    try:
        for some in _batches(read_contents(queries), _AT_ONCE):
            quoted = [content for content in some if not gate.withholds(content.sha256)]
            for content, (outcome, texts) in zip(quoted, read_texts(desk, quoted), strict=True):
                index.add(_entry(content, outcome, texts))
            for content in some:
                if gate.withholds(content.sha256):
                    index.add(Entry(sha256=content.sha256, outcome=TextState.RESTRICTED, names=(), subject="", text=()))
            seen += len(some)
            progress(seen)
        index.finish(facts_of(folder, count_unread(queries)))
    except BaseException:
        index.close()
        path.unlink(missing_ok=True)
        raise
    index.close()


def _looked_at(path: Path, folder: CaseFolder, queries: Queries) -> Coverage:
    index = open_index(path)
    try:
        return coverage_of(folder, queries, index)
    finally:
        index.close()


def _entry(content: Content, outcome: TextState, texts: Iterable[str]) -> Entry:
    return Entry(
        sha256=content.sha256,
        outcome=outcome,
        names=content.names,
        subject=content.subject,
        text=texts,
    )


def _batches(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    while some := list(islice(rows, size)):
        yield some
