"""What the blocks of an image say, as the facts of a document."""

from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence, Timestamp
from forensics.parsers._gathering import Gathering


def image_facts(gathering: Gathering, format_id: str, times: dict[str, Timestamp]) -> DocumentFacts:
    """Return an image's facts: EXIF before XMP, the time of exposure before that of digitizing."""
    return gathering.facts(
        format_id,
        author=gathering.fact("exif.artist", "xmp.artist", "xmp.creator"),
        application=gathering.first("exif.software", "xmp.creator_tool", "xmp.software"),
        created=_readable(times, "EXIF DateTimeOriginal", "EXIF DateTimeDigitized", "xmp:CreateDate"),
        modified=_readable(times, "Image DateTime", "xmp:ModifyDate"),
    )


def _readable(times: dict[str, Timestamp], *names: str) -> Timestamp | None:
    for name in names:
        stamp = times.get(name)
        if stamp is not None and not isinstance(stamp.wall, Absence):
            return stamp
    return None
