"""Table ``copy_claims``, made over the whole case: copies of one mail whose headers make different claims."""

import msgspec


class CopyClaimsRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two mails that share a Message-ID and their text, with a difference that nothing lawful explains."""

    sha256: str
    other_sha256: str
    unexplained: list[str]
    """Kinds of the differences that nothing lawful explains, each once."""
    compared: str
    """JSON text of a `forensics.model.comparing.ComparedLine`: ``one`` is the mail, ``other`` the other."""
