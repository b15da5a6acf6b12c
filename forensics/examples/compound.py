"""Office documents in compound files, for examples."""

from msgspec.structs import replace

from forensics.examples.files import document, fact
from forensics.examples.times import time
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Precision, Timestamp
from forensics.model.time_kinds import TimeKind

WINDOWS_XP, MAC = "0x00020105", "0x00010A03"


def old_document(
    created: str | None,
    saved: str | None,
    *stamps: Timestamp,
    format: str = "ole2.word",
    application: str = "Microsoft Office Word 11.0",
    system: str = WINDOWS_XP,
    last_author: str = "",
    **facts: str,
) -> DocumentFacts:
    """A document with the times of its property sets, other times, and facts: ``doc_version`` is ``doc.version``."""
    properties = [fact("ole2.system", system)]
    properties += [fact(name.replace("_", ".", 1), value) for name, value in facts.items()]
    made = document(created, saved, format=format, application=application, last_author=last_author)
    kinds = {"created": TimeKind.SUMMARY_CREATED, "modified": TimeKind.SUMMARY_SAVED}
    own = [replace(one, kind=kinds[one.locator.path]) for one in made.timestamps]
    named = {one.locator.path: one for one in own}
    return replace(
        made,
        properties=tuple(properties),
        timestamps=(*own, *stamps),
        created=named.get("created"),
        modified=named.get("modified"),
    )


def local(kind: TimeKind, text: str) -> Timestamp:
    """A time of Word's own block: local, to the minute."""
    return replace(time(text, path=kind, kind=kind), precision=Precision.MINUTE)


def root(text: str) -> Timestamp:
    """When the root was changed last."""
    return time(text, path="ole://modified", kind=TimeKind.OLE_MODIFIED)
