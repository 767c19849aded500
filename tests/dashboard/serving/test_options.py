from __future__ import annotations

from pathlib import Path

import pytest
from tornado.httputil import split_host_and_port

from analysis.dashboard.serving.options import (
    MOST_SESSIONS,
    SESSION_BYTES,
    ServeError,
    ServeOptions,
    check_options,
    count_sessions,
    is_loopback,
    read_free_memory,
)

FILE = Path("readers.toml")
EVERYWHERE = ["0.0.0.0", "::", ""]  # noqa: S104  # to be asked about


@pytest.mark.parametrize(
    "options",
    [
        ServeOptions(),
        ServeOptions(address="::1"),
        ServeOptions(address="127.0.0.2"),
        ServeOptions(address="10.0.0.5", identity=FILE),
        ServeOptions(address="10.0.0.5", is_public=True),
        ServeOptions(names=("figures.example.mk",), identity=FILE),
        ServeOptions(address=EVERYWHERE[0], names=("figures.example.mk",), is_public=True),
    ],
)
def test_what_is_safe_is_let_through(options):
    check_options(options)


@pytest.mark.parametrize("options", [{"address": "10.0.0.5"}, {"names": ("figures.example.mk",)}])
def test_others_may_read_only_where_somebody_said_so(options):
    with pytest.raises(ServeError, match="Say who may: --identity FILE .*--public"):
        check_options(ServeOptions(**options))


@pytest.mark.parametrize("address", EVERYWHERE)
def test_all_addresses_need_a_name(address):
    with pytest.raises(ServeError, match="--name"):
        check_options(ServeOptions(address=address, is_public=True))


@pytest.mark.parametrize("number", [0, -3])
def test_a_server_without_seats_is_refused(number):
    with pytest.raises(ServeError, match=f"--sessions {number} would let nobody in"):
        check_options(ServeOptions(sessions=number))


def test_only_known_names_are_answered():
    assert "10.0.0.5" not in ServeOptions(names=("Figures.example.mk",)).hosts
    assert "figures.example.mk" in ServeOptions(names=("Figures.example.mk",)).hosts
    assert ServeOptions(address="10.0.0.5").hosts == {"10.0.0.5"}


def test_a_proxy_on_this_machine_does_not_make_it_local():
    assert ServeOptions().is_local
    assert not ServeOptions(names=("figures.example.mk",)).is_local
    assert not is_loopback("figures.example.mk")


@pytest.mark.parametrize(
    ("free", "seats"),
    [(0, 1), (2 * SESSION_BYTES * 3, 3), (SESSION_BYTES * 10_000, MOST_SESSIONS)],
)
def test_seats_go_by_memory(free, seats):
    assert count_sessions(ServeOptions(), free) == seats


def test_who_starts_the_server_decides_how_many_seats():
    assert count_sessions(ServeOptions(sessions=90), 0) == 90
    assert 1 <= count_sessions(ServeOptions()) <= MOST_SESSIONS


def test_the_bound_of_a_service_is_its_memory(tmp_path):
    own = tmp_path / "cgroup"
    own.write_text("0::/system.slice/patokaz.service\n", encoding="utf-8")
    folder = tmp_path / "system.slice" / "patokaz.service"
    folder.mkdir(parents=True)
    (folder / "memory.current").write_text("400\n", encoding="ascii")
    (folder / "memory.max").write_text("1000\n", encoding="ascii")
    assert read_free_memory(tmp_path, own) == 600
    (folder / "memory.max").write_text("max\n", encoding="ascii")

    assert read_free_memory(tmp_path, own) > 1000
    assert read_free_memory(tmp_path, tmp_path / "none") > 1000


@pytest.mark.parametrize("address", ["::1", "fd00::5"])
def test_an_address_with_colons_is_asked_for_in_brackets(address):
    hosts = ServeOptions(address=address).hosts

    assert split_host_and_port(f"[{address}]:8866")[0] in hosts
    assert "[10.0.0.5]" not in ServeOptions(address="10.0.0.5").hosts


@pytest.mark.parametrize(
    "origin", ["*", "", "a.mk", "https://*.a.mk", "https://a.mk/path", "https://a.mk; img-src *"]
)
def test_who_may_embed_is_named_by_the_beginning_of_its_addresses(origin):
    check_options(ServeOptions(embedders=("https://www.a.mk", "http://localhost:8000")))
    with pytest.raises(ServeError, match="is not the origin of a site. Write how its addresses"):
        check_options(ServeOptions(embedders=(origin,)))
