"""What a worker may do is limited for good, and what was obtained is said."""

import errno
import resource
import signal
from types import SimpleNamespace
from typing import Any

import pytest

from forensics.engine.reading import confine as target
from forensics.engine.reading.confine import confine

NEW_NET, NEW_USER = 0x40000000, 0x10000000


class Kernel:
    """A kernel that notes what it is asked, and allows namespaces only as told."""

    def __init__(self, *allowed: int, privileges: int = 0) -> None:
        self.allowed, self.privileges = allowed, privileges
        self.asked: list[tuple[int, int]] = []

    def prctl(self, option: int, value: int, *_: int) -> int:
        self.asked.append((option, int(value)))
        return self.privileges if option == 38 else 0

    def unshare(self, flags: int) -> int:
        return 0 if flags in self.allowed else -1


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, int]]:
    """What would have been set; this process stays as it is."""
    found: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(target.resource, "setrlimit", found.__setitem__)
    monkeypatch.setattr(target.signal, "signal", lambda *_: None)
    monkeypatch.setattr(target.ctypes, "get_errno", lambda: errno.EPERM)
    return found


def use(monkeypatch: pytest.MonkeyPatch, kernel: Kernel) -> Kernel:
    monkeypatch.setattr(target.ctypes, "CDLL", lambda *_, **__: kernel)
    return kernel


def test_limits_are_hard_and_never_wider_than_before(
    limits: dict[int, tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Kernel(NEW_NET))
    hard = {resource.RLIMIT_NOFILE: 64}
    monkeypatch.setattr(target.resource, "getrlimit", lambda kind: (0, hard.get(kind, resource.RLIM_INFINITY)))
    report = confine()
    assert limits[resource.RLIMIT_NOFILE] == (64, 64)
    assert limits[resource.RLIMIT_AS] == (target.ADDRESS_SPACE, target.ADDRESS_SPACE)
    assert limits[resource.RLIMIT_CORE] == (0, 0)
    assert (report["open_files"], report["core_dumps"]) == ("obtained: 64", "obtained: 0")


def test_a_limit_that_is_refused_is_said_and_the_rest_is_set(
    limits: dict[int, tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Kernel(NEW_NET))

    def refuse(kind: int, value: tuple[int, int]) -> None:
        if kind == resource.RLIMIT_AS:
            raise ValueError("not allowed")
        limits[kind] = value

    monkeypatch.setattr(target.resource, "setrlimit", refuse)
    report = confine()
    assert report["address_space"] == "refused: not allowed"
    assert report["cpu_seconds"].startswith("obtained") and resource.RLIMIT_CPU in limits


@pytest.mark.parametrize(
    ("allowed", "network"),
    [((NEW_NET,), "obtained"), ((NEW_USER | NEW_NET,), "obtained"), ((), "refused: Operation not permitted")],
)
def test_the_network_is_left_if_the_kernel_allows_it(
    limits: Any, monkeypatch: pytest.MonkeyPatch, allowed: tuple[int, ...], network: str
) -> None:
    kernel = use(monkeypatch, Kernel(*allowed))
    report = confine()
    assert (report["no_network"], report["no_new_privileges"]) == (network, "obtained")
    assert kernel.asked == [(1, int(signal.SIGKILL)), (38, 1)], "it dies with its parent"


def test_privileges_that_cannot_be_given_up(limits: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Kernel(NEW_NET, privileges=-1))
    assert confine()["no_new_privileges"] == "refused"


def test_another_system_has_limits_only(limits: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "sys", SimpleNamespace(platform="darwin"))
    report = confine()
    assert report["no_network"] == report["no_new_privileges"] == "not on this system"
    assert report["core_dumps"] == "obtained: 0"
