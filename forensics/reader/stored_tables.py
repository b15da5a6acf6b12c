"""The tables of an opened case, opened when they are first asked for."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from forensics.casestore import CaseFolder, LockedViews, Queries, table_files
from forensics.errors import CaseChanged, UsageError
from forensics.model.rows import BY_READERS, TABLES
from forensics.reader.reached import settled

_Opened = TypeVar("_Opened")
_JUDGED = tuple([table for table in TABLES if table not in BY_READERS])


class StoredTables:
    """The tables as they stood when they were first asked for.

    Args:
        folder: the case.
        partial: whether results may be asked of a case that is not wholly read and judged.
    """

    def __init__(self, folder: CaseFolder, *, partial: bool) -> None:
        self._folder, self._partial = folder, partial
        self._queries: Queries | None = None
        self._views: LockedViews | None = None
        self._settled_at = -1
        self._files: Mapping[str, Mapping[Path, str]] | None = None
        self._closed = False

    def close(self) -> None:
        """Give memory and files back; a second call does nothing."""
        self._closed = True
        for opened in (self._queries, self._views):
            if opened is not None:
                opened.close()
        self._queries = self._views = None

    def all(self) -> Queries:
        """Return the tables.

        Raises:
            UsageError: the case was closed.
        """
        if self._queries is None and not self._closed:
            self._files = table_files(self._folder, _JUDGED)
        self._queries = self._open(self._queries, Queries)
        return self._queries

    def judged(self) -> Queries:
        """Return the tables, if results may be read from them; looked at again once the log has grown.

        Raises:
            NotJudged: the case is not wholly read and judged.
            CaseChanged: it was written to since.
        """
        if not self._partial:
            size = self._folder.custody.size()
            if size != self._settled_at:
                settled(self._folder, partial=False)
                if self._files is not None and table_files(self._folder, _JUDGED) != self._files:
                    raise CaseChanged(f"{self._folder.path} was written to since it was opened; open it again")
                self._settled_at = size
        return self.all()

    def views(self) -> LockedViews:
        """Return the views for SQL of others, in a database of their own."""
        self._views = self._open(self._views, LockedViews)
        return self._views

    def _open(self, known: _Opened | None, kind: Callable[[CaseFolder], _Opened]) -> _Opened:
        if self._closed:
            raise UsageError("this case is closed; open it again")
        return kind(self._folder) if known is None else known
