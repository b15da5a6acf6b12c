"""What every parser must do with every input: end, raise nothing but its own errors, and give places that lead back."""

from hashlib import sha256

from forensics.errors import ForensicsError, ParseError
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import Budget, ChildItem, Limits, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers import Parser, load
from forensics.parsers.identify import identify
from tests.fuzz.places import Places, decoded

LIMITS = Limits(expansion=30_000_000, expansion_ratio=1, memory_bytes=8_000_000, members=20_000, items=5_000)
PASSWORDS = (b"secret",)
_DEPTH = 4
_WHERE = Location((Step(kind=StepKind.FILE, name="fuzzed", start=0, end=0),))


def read_all(parser: Parser, data: bytes) -> int:
    """Read an input and what is inside it; return how many children were decoded again.

    Raises:
        AssertionError: something that a parser gave does not hold.
    """
    budget = Budget(LIMITS, len(data))
    context = ParseContext(limits=LIMITS, budget=budget, passwords=PASSWORDS, spool=_held)
    return _read(parser, MemoryBytes(data), context, 0)


def _held(chunks: object) -> ByteSource:
    return MemoryBytes(b"".join(chunks))  # type: ignore[call-overload,no-any-return]


def _read(parser: Parser, source: ByteSource, context: ParseContext, depth: int) -> int:
    replayed = 0
    places = Places(source, context.passwords)
    try:
        for found in parser.parse(source, _WHERE, context):
            places.check(found)
            if isinstance(found, Notice):
                assert 0 <= found.unread <= max(source.size, 1), found
            elif isinstance(found, ChildItem):
                if context.budget is not None and not context.budget.item():
                    break
                replayed += _check(found, source, context.passwords)
                inner = _inner(found)
                if inner is not None and depth < _DEPTH and found.content is not None:
                    content = found.content
                    layer = MemoryBytes(content) if isinstance(content, bytes) else content
                    replayed += _read(inner, layer, context, depth + 1)
    except ParseError:
        pass
    except ForensicsError as error:
        raise AssertionError(f"{error!r} is no error of a parser") from error
    return replayed


def _inner(child: ChildItem) -> Parser | None:
    """Return what reads a child, where its container says so or its beginning does."""
    if child.content is None:
        return None
    source = MemoryBytes(child.content) if isinstance(child.content, bytes) else child.content
    try:
        name = identify(source.read(0, 4096), source, child.name, child.declared_type)
    except ParseError:
        return None
    return load(child.format or name) if child.format or name else None


def _check(child: ChildItem, source: ByteSource, passwords: tuple[bytes, ...]) -> int:
    """Decode a child again from its steps."""
    layer: ByteSource = source
    for step in (*child.outer, child.step):
        assert 0 <= step.start <= step.end <= layer.size, step
        if child.content is None:
            return 0
        layer = decoded(layer, step, passwords)
        if step.sha256:
            assert sha256(layer.read(0, layer.size)).hexdigest() == step.sha256, step
    size = len(child.content) if isinstance(child.content, bytes) else child.content.size if child.content else 0
    assert layer.size == size, child.step
    return 1
