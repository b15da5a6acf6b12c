"""Members of an archive that are made each time one is asked for.

A quarter of a million of them, each with all that its header says, take more memory than a worker should; what they
are made of is held anyway.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, overload

from forensics.model.documents import ArchiveMember

T = TypeVar("T")


class MadeMembers(Sequence[ArchiveMember], Generic[T]):
    """The members of an archive, none of them held.

    Args:
        make: makes one.
        of: what each is made of.
    """

    def __init__(self, make: Callable[[T], ArchiveMember], of: Sequence[T]) -> None:
        self._make = make
        self._of = of

    def __len__(self) -> int:
        return len(self._of)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MadeMembers):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return len(self)

    @overload
    def __getitem__(self, place: int) -> ArchiveMember: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[ArchiveMember, ...]: ...

    def __getitem__(self, place: int | slice) -> ArchiveMember | tuple[ArchiveMember, ...]:
        if isinstance(place, slice):
            return tuple([self._make(one) for one in self._of[place]])
        return self._make(self._of[place])
