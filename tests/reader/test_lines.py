from collections.abc import Iterator

from forensics.reader.lines import Lines


def test_only_what_is_asked_for_is_read() -> None:
    asked: list[int | None] = []

    def read(most: int | None) -> Iterator[int]:
        asked.append(most)
        yield from range(5 if most is None else most)

    lines = Lines(read, lambda: 5)
    assert (lines.count(), asked) == (5, [])
    assert (list(lines.first(2)), asked) == ([0, 1], [2])
    assert (next(lines), list(lines), asked) == (0, [1, 2, 3, 4], [2, None])
