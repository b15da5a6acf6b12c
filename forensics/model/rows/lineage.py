"""Table ``lineage``, made over the whole case: which document was made from which, by their editing sessions."""

import msgspec


class LineageRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A Word document that shares editing sessions with others, or another that shares slides, shapes or sheets."""

    sha256: str
    family: int
    """Number of the documents that are related, by each other or by way of others."""
    place: int
    """Position in its family, in the order of derivation, from 0."""
    depth: int
    """Documents of which one was made from the other, above it."""
    relation: str
    """To `other`: ``derives`` (it has all of its sessions and more), ``same_sessions``, ``fork`` (each has sessions of
    its own), ``same_origin`` (they share few); ``first``: none of its family is older, and `other` is empty.
    ``shared_parts``: of presentations and workbooks, which do not say which is the older."""
    other: str
    """The likely ancestor: that with the most sessions of all from which it derives; or its nearest relative."""
    sessions: int
    """That it lists; with ``shared_parts`` identifiers of slides, shapes and sheets that it has, here and below."""
    other_sessions: int
    shared: int
    """Sessions that both list."""
