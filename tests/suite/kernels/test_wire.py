from __future__ import annotations

import os
import socket

import pytest

from analysis.suite.kernels import wire
from analysis.suite.kernels.place import NoWarmKernelError
from analysis.suite.kernels.process import read_seed
from analysis.suite.kernels.wire import (
    ForeignUserError,
    Request,
    answer,
    ask_fork,
    check_peer,
    connect_to,
    hear,
    listen_at,
    read_peer,
)


@pytest.fixture
def pair():
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    yield near, far
    near.close()
    far.close()


def test_a_request_arrives_as_it_was():
    asked = Request(["-f", "c.json"], {"A": "Куманово \udcff"}, "/", 0o77, {"7": [1, -1]}, 5)

    assert Request.from_file(asked.to_file()) == asked


def test_the_same_user_may_speak(pair):
    check_peer(pair[0])

    assert read_peer(pair[0]) == (os.getpid(), os.getuid())


def test_a_foreign_user_is_refused(pair, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 12345)

    with pytest.raises(ForeignUserError, match="where user 12345 belongs"):
        check_peer(pair[0])


def test_an_owner_does_not_speak_to_a_parent_of_somebody_else(own_room, monkeypatch):
    with listen_at(own_room / "s.sock"):
        monkeypatch.setattr(os, "getuid", lambda: 12345)

        with pytest.raises(NoWarmKernelError, match="where user 12345 belongs"):
            connect_to(own_room / "s.sock")


def test_only_the_owner_may_use_a_socket(own_room):
    (own_room / "s.sock").write_text("left by a former parent")

    with listen_at(own_room / "s.sock"):
        assert (own_room / "s.sock").stat().st_mode & 0o777 == 0o600


def test_where_nobody_listens_there_is_no_kernel(own_room):
    with pytest.raises(NoWarmKernelError, match="no parent of kernels answers at none.sock"):
        connect_to(own_room / "none.sock")


def test_a_parent_that_refuses_says_why(pair):
    answer(pair[1], {"refused": "it has 2 threads"})

    with pytest.raises(NoWarmKernelError, match="it has 2 threads"):
        ask_fork(pair[0], [0, 0, 1, 2])


def test_a_parent_that_ends_is_noticed(pair):
    pair[1].close()

    with pytest.raises(NoWarmKernelError, match="parent of kernels"):
        ask_fork(pair[0], [0, 0, 1, 2])


def test_a_parent_that_is_gone_says_nothing(pair):
    pair[1].close()

    assert hear(pair[0]) is None
    answer(pair[0], {"code": 0})


def test_a_seed_is_a_whole_number():
    assert read_seed({}) is None
    assert read_seed({wire.__name__: "1"}) is None
    with pytest.raises(NoWarmKernelError, match="PATOKAZ_SEED is '-1', where a whole number"):
        read_seed({"PATOKAZ_SEED": "-1"})
