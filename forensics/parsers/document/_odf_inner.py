"""What an OpenDocument tells beside its metadata: who changed and commented it when, printer and sessions.

Source: OASIS OpenDocument 1.3 part 3, 5.5.9 (office:change-info), 14.1 (office:annotation), 3.10 (settings).
"""

from forensics.model.facts import Description
from forensics.model.locations import quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._written_dates import w3cdtf
from forensics.parsers.document._package import Package
from forensics.parsers.document._xml_scan import Full, Scan, local, named

MOST_CHANGES = 2_000
_ENTRIES = {"change-info": "changed", "annotation": "comment"}
_SETTINGS = {
    "PrinterName": "printer",
    "RsidRoot": "rsid_root",
    "Rsid": "rsid",
    "CurrentDatabaseDataSource": "data_source",
}
_MOST_VALUE = 200


def inner_facts(package: Package, gathering: Gathering) -> None:
    """Add changes, comments and settings.

    Facts:
        ``odf.change``: whether a change or a comment, and by whom; times of kind `TimeKind.TRACKED_CHANGE` beside it.
        ``odf.printer``, ``odf.rsid_root``, ``odf.rsid``, ``odf.data_source``: as the settings have them.
    """
    content = package.layer(b"content.xml")
    if content is not None and any(name.encode() in content.data for name in _ENTRIES):
        found = _Changes()
        if not found.read(content.data):
            gathering.note("content_partial", "content.xml is read in part: changes and comments in it may be more")
        for number, (kind, author, date, at) in enumerate(found.found):
            _change(content, (number, kind, author, date, at), gathering)
    settings = package.layer(b"settings.xml")
    if settings is not None:
        items = _Settings()
        items.read(settings.data)
        for name, value, at in items.found:
            raw = settings.cut((at, _tag_end(settings.data, at)), value)
            gathering.add_fact(f"odf.{_SETTINGS[name]}", value, raw.locator(f"xml:settings.xml#{name}"), raw.data)


def _change(layer: Layer, one: tuple[int, str, str, str, int], gathering: Gathering) -> None:
    number, kind, author, date, at = one
    path = f"xml:{quote(b'content.xml')}#change[{number}]"
    raw = layer.cut((at, _tag_end(layer.data, at)), "")
    gathering.add_fact("odf.change", f"{kind} by {author}", raw.locator(path), raw.data)
    if date:
        start = layer.data.find(date.encode("utf-8", "surrogatepass"), at)
        span = (start, start + len(date.encode("utf-8", "surrogatepass"))) if start >= 0 else None
        when = layer.cut(span, date)
        gathering.add_time(
            w3cdtf(date), TimeKind.TRACKED_CHANGE, Description.RECORDED, when.locator(f"{path}.date"), when.data
        )


def _tag_end(data: bytes, start: int) -> int:
    return data.find(b">", start) + 1 or len(data)


class _Changes(Scan):
    """Takes who changed or commented what when."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str, int]] = []
        self._open: tuple[str, int, dict[str, str]] | None = None
        self._field = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name in _ENTRIES:
            self._open = name, self.at, {}
        elif self._open is not None and name in ("creator", "date"):
            self._field = name

    def end(self, tag: str) -> None:
        name = local(tag)
        if self._open is not None and name == self._open[0]:
            kind, at, said = self._open
            if len(self.found) >= MOST_CHANGES:
                raise Full
            self.found.append((_ENTRIES[kind], said.get("creator", ""), said.get("date", "").strip(), at))
            self._open = None
        self._field = ""

    def characters(self, text: str) -> None:
        if self._open is not None and self._field:
            said = self._open[2]
            said[self._field] = (said.get(self._field, "") + text)[:_MOST_VALUE]


class _Settings(Scan):
    """Takes the settings that tell of a machine or a session."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, int]] = []
        self._open: tuple[str, int] | None = None
        self._value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "config-item" and (name := named(attributes, "name")) in _SETTINGS:
            self._open, self._value = (name, self.at), ""

    def end(self, tag: str) -> None:
        if self._open is not None and local(tag) == "config-item":
            if self._value.strip() and len(self.found) < len(_SETTINGS) * 4:
                self.found.append((self._open[0], self._value.strip(), self._open[1]))
            self._open = None

    def characters(self, text: str) -> None:
        if self._open is not None:
            self._value = (self._value + text)[:_MOST_VALUE]
