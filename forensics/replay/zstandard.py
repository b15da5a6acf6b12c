"""The library that decodes Zstandard, loaded when a frame is first decoded.

Source: RFC 8878.
"""

from forensics.replay.streams import Engine

MAGIC = b"\x28\xb5\x2f\xfd"
_WINDOW_LOG = 28
"""A frame that needs a larger window (256 MB) is not decoded."""


def engine() -> Engine:
    """Return what decodes one frame."""
    from backports.zstd import DecompressionParameter, ZstdDecompressor

    made: Engine = ZstdDecompressor(options={DecompressionParameter.window_log_max: _WINDOW_LOG})
    return made


def faults() -> tuple[type[Exception], ...]:
    """Return what an engine raises on damage."""
    from backports.zstd import ZstdError

    return (ZstdError,)
