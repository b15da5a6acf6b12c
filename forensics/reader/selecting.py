"""The items of a case that a selection matches, by SQL that is constant but for bound values."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import ExitStack

import msgspec

from forensics.casestore import Queries
from forensics.engine.dates import span_of
from forensics.errors import UsageError
from forensics.model.selecting import Matches, Selection
from forensics.reader.sealing.items import OPEN

_FOLDED = "strip_accents(lower({}))"
"""Upper and lower case and accents are the same; only a text in it that is found, so that nothing is a pattern."""
_PARTY = _FOLDED.format("""CASE WHEN p."name" = '' THEN p.address ELSE p."name" || ' <' || p.address || '>' END""")
_NAMED = f"""mail IN (
    SELECT sha256 FROM (SELECT sha256, unnest(parties) AS p FROM messages)
    WHERE {{fields}} contains({_PARTY}, {_FOLDED.format("{value}")}))"""
_CLAIMED = "coalesce(own, of_mail)"
_CONDITIONS: Mapping[str, str] = {
    "person": _NAMED.format(fields="", value="$person"),
    "sender": _NAMED.format(fields="p.field IN ('from', 'sender') AND", value="$sender"),
    "recipient": _NAMED.format(fields="p.field IN ('to', 'cc', 'bcc') AND", value="$recipient"),
    "since": f"coalesce({_CLAIMED} >= $since, false)",
    "until": f"coalesce({_CLAIMED} <= $until, false)",
    "folder": f"""contains({_FOLDED.format("coalesce(TRY(url_decode(location_text)), location_text)")},
        {_FOLDED.format("$folder")}) OR contains(lower(location_text), lower($folder))""",
    "thread": """mail IN (SELECT sha256 FROM threads WHERE thread IN (
        SELECT thread FROM threads WHERE sha256 IN (SELECT unnest($thread::VARCHAR[]))))""",
    "text": "sha256 IN (SELECT unnest($text::VARCHAR[]))",
    "reviewed": """$reviewed = (sha256 <> '' AND sha256 IN (SELECT sha256 FROM standing)
        OR sha256 = '' AND location_text IN (SELECT location_text FROM standing WHERE sha256 = ''))""",
}
"""Of each filter, over the columns of `_ITEMS`."""
_DATED = """
LEFT JOIN (SELECT sha256, coalesce(date.instant, date.wall) AS written FROM messages) AS m ON m.sha256 = o.sha256
LEFT JOIN (SELECT sha256, coalesce(date.instant, date.wall) AS of_mail FROM messages) AS c ON c.sha256 = mail
LEFT JOIN (SELECT sha256, coalesce(modified.instant, modified.wall, created.instant, created.wall) AS saved
           FROM documents) AS d ON d.sha256 = o.sha256"""
_ITEMS = """
SELECT o.sha256, location, location_text, mail{columns} FROM (
    SELECT sha256, location, location_text,
           CASE WHEN sha256 IN (SELECT sha256 FROM messages) THEN sha256 ELSE message_sha256 END AS mail
    FROM occurrences) AS o{dated}
"""
"""Each place of an item; ``mail`` is the mail that stands there, else the one around it."""
_STANDING = """
WITH standing AS (
    SELECT sha256, CASE WHEN sha256 = '' THEN location_text ELSE '' END AS location_text, author
    FROM marks GROUP BY ALL HAVING arg_max(mark, act) <> 'undone')
"""
"""The marks that stand: of each reader and item the latest act."""
_DATES = ("since", "until")
_MAIL_OF = """
SELECT CASE WHEN sha256 IN (SELECT sha256 FROM messages) THEN sha256 ELSE message_sha256 END AS sha256
FROM occurrences WHERE sha256 IN (SELECT unnest($digests::VARCHAR[])) ORDER BY sha256
"""
_THREADS = "SELECT DISTINCT sha256 FROM threads WHERE sha256 IN (SELECT unnest($digests::VARCHAR[])) ORDER BY sha256"
SAME_ITEM = "(sha256 <> '' AND sha256 IN (SELECT sha256 FROM {chosen}) OR location IN (SELECT location FROM {chosen}))"
"""Whether an item is one that was chosen, wherever it stands; one that was not read is known by its place."""


class _Digest(msgspec.Struct, frozen=True):
    sha256: str


class Selected:
    """The items that selections match, kept in tables while a case is open.

    Args:
        tables: gives the tables of the case.
        meant: returns the digests of the items that a reference means.
        worded: returns the digests of the items that hold words; raises `UsageError` where there is no index.
        sealed: returns what may not be quoted, digests and places of unread items: no filter says what is in these.
    """

    def __init__(
        self,
        tables: Callable[[], Queries],
        meant: Callable[[str | int], Iterable[str]],
        worded: Callable[[str], Iterable[str]],
        sealed: Callable[[], tuple[Collection[str], Collection[str]]] = lambda: ((), ()),
    ) -> None:
        self._tables, self._meant, self._worded, self._sealed = tables, meant, worded, sealed
        self._kept: dict[Selection, str] = {}
        self._open = ExitStack()

    def close(self) -> None:
        """Drop the tables; a second call does nothing."""
        self._kept.clear()
        self._open.close()

    def table(self, where: Selection | None) -> str:
        """Return the name of a table with ``sha256`` and ``location`` of each place that is selected.

        Returns:
            The name; empty where nothing is to be selected.

        Raises:
            UsageError: a date is none, or there is no full-text index.
            UnknownItem: the reference of a thread means no item.
            AmbiguousItem: it means several.
        """
        if where is None or not where.given:
            return ""
        if where not in self._kept:
            queries, names = self._tables(), where.given
            conditions = " AND ".join([f"({_CONDITIONS[name]})" for name in names])
            chosen = f"{conditions} AND {OPEN}"
            sql = f"{_first(names)} SELECT DISTINCT sha256, location FROM ({_items(names)}) WHERE {chosen}"
            self._kept[where] = self._open.enter_context(queries.kept(sql, self._values(where)))
        return self._kept[where]

    def matches(self, where: Selection) -> Matches:
        """Return how many items the filters match, alone and together.

        Raises:
            UsageError, UnknownItem, AmbiguousItem: as `table`.
        """
        names = where.given
        alone = "".join([f", count(*) FILTER ({OPEN} AND ({_CONDITIONS[name]}))" for name in names])
        together = " AND ".join([OPEN, *[f"({_CONDITIONS[name]})" for name in names]])
        sql = f"SELECT list_value(count(*), count(*) FILTER ({together}){alone}) AS n, 0 AS o FROM ({_items(names)})"
        ((counts, _),) = self._tables().pairs(f"{_first(names)} {sql} ORDER BY n", self._values(where))
        return Matches(items=counts[0], matched=counts[1], alone=dict(zip(names, counts[2:], strict=True)))

    def _values(self, where: Selection) -> dict[str, object]:
        values: dict[str, object] = {name: getattr(where, name) for name in where.given}
        digests, places = self._sealed()
        values |= {"sealed": sorted(digests), "unread": sorted(places)}
        if where.since:
            values["since"] = span_of(where.since, "--since")[0]
        if where.until:
            values["until"] = span_of(where.until, "--until")[1]
        if "thread" in values:
            values["thread"] = self._thread(where.thread)
        if where.text:
            values["text"] = list(self._worded(where.text))
        return values

    def _thread(self, ref: str | int) -> list[str]:
        """Return the mails that a reference means, or those in which what it means stands."""
        given = {"digests": [digest for digest in self._meant(ref) if digest]}  # what was not read has none
        mails = [row.sha256 for row in self._tables().rows(_MAIL_OF, given, _Digest)]
        found = [row.sha256 for row in self._tables().rows(_THREADS, {"digests": mails}, _Digest)]
        if not found:
            raise UsageError(f"{ref!r} is in no thread: it is no mail that was read, or the case was not judged")
        return found


def _first(names: Iterable[str]) -> str:
    return _STANDING if "reviewed" in names else ""


def _items(names: Iterable[str]) -> str:
    dated = bool(set(names) & set(_DATES))
    columns = ", coalesce(written, saved) AS own, of_mail" if dated else ""
    return _ITEMS.format(columns=columns, dated=_DATED if dated else "")
