"""Feeds one parser with what a coverage-guided fuzzer makes of good files; needs the extra ``fuzz``.

    python -m tests.fuzz.parsers archive.tar SEEDS... -- -max_total_time=1800 -artifact_prefix=crashers/

SEEDS are files or folders of input that the parser reads; without any, what `seeds` makes is taken. What follows ``--``
goes to libFuzzer as it is. Each input is read whole, children that are of the parser's own formats too, every child
that was decoded is decoded again from its steps, and every fact is looked for at its place. A crasher becomes a test
beside those of its parser.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

TIMEOUT_S = 20
MEMORY_MB = 2_000


def main(arguments: Sequence[str]) -> None:
    """Run until the fuzzer ends."""
    import atheris

    at = arguments.index("--") if "--" in arguments else len(arguments)
    (name, *seeds), options = arguments[:at], arguments[at + 1 :]
    with atheris.instrument_imports(include=["forensics.parsers", "forensics.replay", "olefile", "compressed_rtf"]):
        from forensics.parsers import load
        from tests.fuzz.reading import read_all
        from tests.fuzz.seeds import SEEDS

        parser = load(name)
        given = _data(seeds) if seeds else list(SEEDS[name]())
        for data in given:  # what parsing imports is then instrumented too
            read_all(parser, data)

    def one_input(data: bytes) -> None:
        read_all(parser, data)

    with TemporaryDirectory() as corpus:
        for number, data in enumerate(given):
            (Path(corpus) / str(number)).write_bytes(data)
        own = [f"-timeout={TIMEOUT_S}", f"-rss_limit_mb={MEMORY_MB}", "-max_len=400000", corpus]
        atheris.Setup([sys.argv[0], *own, *options], one_input)
        atheris.Fuzz()


def _data(seeds: Sequence[str]) -> list[bytes]:
    found = [Path(seed) for seed in seeds]
    given = [file.read_bytes() for seed in found for file in (seed, *sorted(seed.rglob("*"))) if file.is_file()]
    if not given:
        raise SystemExit("there are no seeds: what is made of nothing finds nothing")
    return given


if __name__ == "__main__":
    main(sys.argv[1:])
