"""A document carries the same time twice, in two blocks of its metadata, and the two differ."""

from collections.abc import Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, LOCAL, MINUTE, bin_of, cite, offsets, shown, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document
from forensics.examples.times import time
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Precision, Timestamp
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import (
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="document.times_disagree",
    version=1,
    title="The same time differs in two blocks of metadata",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.TWO_BLOCKS,
    bins=(*nested("created>1min", "created>1d"), *nested("modified>1min", "modified>1d")),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("one_block_updated", "local_time_as_utc", "zone_changed", "date_set_by_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:PDF-5", "kb:IMG-7", "ISO 32000-1 14.3.2"),
)

_SAID = {
    "created": says(
        "rule.document.times_disagree.created",
        one=(
            "The document gives its creation time twice, differing by {apart}: {one} in its own metadata, "
            "{other} in XMP."
        ),
    ),
    "modified": says(
        "rule.document.times_disagree.modified",
        one=(
            "The document gives the time of its last change twice, differing by {apart}: {one} in its own "
            "metadata, {other} in XMP."
        ),
    ),
}

_PAIRS = (
    ("created", TimeKind.INFO_CREATED, (TimeKind.XMP_CREATED,)),
    ("created", TimeKind.EXIF_ORIGINAL, (TimeKind.XMP_EXIF_ORIGINAL, TimeKind.XMP_PHOTOSHOP_CREATED)),
    ("created", TimeKind.EXIF_DIGITIZED, (TimeKind.XMP_EXIF_DIGITIZED, TimeKind.XMP_CREATED)),
    ("modified", TimeKind.INFO_MODIFIED, (TimeKind.XMP_MODIFIED,)),
    ("modified", TimeKind.EXIF_CHANGED, (TimeKind.XMP_TIFF_CHANGED, TimeKind.XMP_MODIFIED)),
)
"""Which time, and where it stands: in Info or EXIF, and in XMP."""
_QUARTER = HOUR // 4
_LASTS = {Precision.DAY: DAY, Precision.MINUTE: MINUTE}


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare each time that stands twice; differences that two zones make, or a coarse writing, are none."""
    at: dict[TimeKind, Timestamp] = {}
    for stamp in facts.timestamps:
        at.setdefault(stamp.kind, stamp)
    told: set[str] = set()
    for label, own, others in _PAIRS:
        one = at.get(own)
        other = next((at[kind] for kind in others if kind in at), None)
        apart = _apart(one, other) if one and other and label not in told else 0
        name = bin_of(apart, ((DAY, f"{label}>1d"), (MINUTE, f"{label}>1min")))
        if name and one and other:
            told.add(label)
            values = {"one": shown(one), "other": shown(other), "apart": span(apart)}
            yield Observation(
                sentence=_SAID[label](**values),
                bin=name,
                evidence=(cite("Info or EXIF", one, Role.EITHER), cite("XMP", other, Role.EITHER)),
                suspect=one.locator.path,
                benign=(*offsets("zone_changed", apart), *offsets("local_time_as_utc", apart)),
            )


def _apart(one: Timestamp, other: Timestamp) -> int:
    """Return by how much two times differ at least; 0 where zones or their precision may account for it."""
    known = isinstance(one.instant, int) and isinstance(other.instant, int)
    first, second = (one.instant, other.instant) if known else (one.wall, other.wall)
    if not isinstance(first, int) or not isinstance(second, int):
        return 0
    coarse = _LASTS.get(one.precision, 0) + _LASTS.get(other.precision, 0)
    apart = abs(first - second)
    if coarse >= DAY or not known:
        return max(0, apart - coarse - 2 * LOCAL)
    off_zone = min(apart % _QUARTER, -apart % _QUARTER)
    return 0 if apart <= 2 * LOCAL and off_zone <= MINUTE + coarse else max(0, apart - coarse)


def _document(format: str, *stamps: tuple[TimeKind, str]) -> DocumentFacts:
    times = tuple([time(text, path=kind, kind=kind) for kind, text in stamps])
    return msgspec.structs.replace(document(format=format), timestamps=times)


def cases() -> Iterator[Case]:
    """Cases of a PDF's Info against its XMP, and of a picture's EXIF against its XMP."""
    info, made, saved = TimeKind.INFO_CREATED, TimeKind.XMP_CREATED, TimeKind.XMP_MODIFIED
    early = (info, "2017-03-06T10:00:00Z")
    yield fires(_document("pdf", early, (made, "2018-07-15T11:21:00Z")), "496 days apart", bin="created>1d")
    yield fires(_document("pdf", early, (made, "2017-03-06T10:07:30Z")), "minutes apart", bin="created>1min")
    changed = (TimeKind.INFO_MODIFIED, "2017-03-06T10:00:00Z"), (saved, "2017-03-09T10:00:00Z")
    yield fires(_document("pdf", *changed), "only one block was updated", bin="modified>1d")
    taken = (TimeKind.EXIF_ORIGINAL, "2017-03-06T10:00:00")
    dated = _document("image.jpeg", taken, (TimeKind.XMP_PHOTOSHOP_CREATED, "2015-03-06"))
    yield fires(dated, "a picture dated two years before it was taken", bin="created>1d")
    yield silent(_document("pdf", early, (made, "2017-03-06T11:00:00+01:00")), "one instant in two zones")
    yield silent(_document("pdf", early, (made, "2017-03-06T12:00:00Z")), "local time marked as UTC")
    yield silent(_document("pdf", early, (made, "2017-03-06T10:00:40Z")), "seconds between two writings")
    yield silent(_document("image.jpeg", taken, (TimeKind.XMP_PHOTOSHOP_CREATED, "2017-03-06")), "the same day")
    yield silent(_document("pdf", early, (saved, "2018-07-15T11:21:00Z")), "a later save in one block alone")
