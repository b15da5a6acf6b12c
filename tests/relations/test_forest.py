"""Mails under the mails that they answer."""

from forensics.relations.forest import NONE, Forest


def test_a_reply_stands_under_what_it_answers() -> None:
    forest = Forest(4)
    assert forest.link(1, 0)
    assert forest.link(2, 1)
    assert list(forest.parents) == [NONE, 0, 1, NONE]
    assert list(forest.threads()) == [0, 0, 0, 1]
    assert list(forest.depths()) == [0, 1, 2, 0]


def test_the_first_parent_counts() -> None:
    forest = Forest(3)
    assert forest.link(2, 0)
    assert not forest.link(2, 1)
    assert forest.link(2, 0)
    assert forest.parents[2] == 0


def test_a_circle_is_never_closed() -> None:
    forest = Forest(3)
    assert not forest.link(0, 0)
    assert forest.link(1, 0)
    assert forest.link(2, 1)
    assert not forest.link(0, 2)
    assert list(forest.depths()) == [0, 1, 2]


def test_references_put_missing_messages_in_their_places() -> None:
    forest = Forest(5)
    absent = bytearray([0, 1, 1, 0, 0])
    forest.chain([0, 1, 2, 3], absent)
    assert list(forest.parents) == [NONE, 0, 1, NONE, NONE]
    assert list(forest.threads()) == [0, 0, 0, 0, 1]


def test_a_chain_of_a_hundred_thousand_replies() -> None:
    size = 100_000
    forest = Forest(size)
    # From the last to the first: the order in which naive sets become lists.
    for number in range(size - 1, 0, -1):
        assert forest.link(number, number - 1)
    assert not forest.link(0, size - 1)
    assert forest.depths()[size - 1] == size - 1
    assert set(forest.threads()) == {0}
