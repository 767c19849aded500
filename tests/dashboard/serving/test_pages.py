from __future__ import annotations

import gzip
import os

import pytest

from analysis.dashboard.serving.files import FOR_EVER, AssetHandler, Shelf
from analysis.dashboard.serving.pages import SiteHandler

PAGE = "<h1>Куманово</h1>" * 200
PACKED = {"headers": {"Accept-Encoding": "gzip"}}


@pytest.fixture
def room(tmp_path):
    """Two editions, of which readers see the first."""
    for number in ("0001", "0002"):
        site = tmp_path / "editions" / number / "site"
        (site / "mk").mkdir(parents=True)
        (site / "mk" / "index.html").write_text(PAGE + number, encoding="utf-8")
        (site / "mk" / "map.png").write_bytes(b"\x89PNG" + bytes(100))
    (tmp_path / "current").symlink_to("editions/0001")
    (tmp_path / "site").symlink_to("current/site")
    return tmp_path


@pytest.fixture
def handlers(room):
    site = {"path": str(room / "site"), "default_filename": "index.html"}
    return [(r"/pages/(.*)", SiteHandler, site)]


def switch(room, number):
    (room / "new").symlink_to(f"editions/{number}")
    (room / "new").replace(room / "current")


def test_a_page_comes_packed_where_that_is_taken(ask, handlers):
    plain, packed = ask(handlers, [("/pages/mk/index.html", {}), ("/pages/mk/", PACKED)])

    assert plain.body.decode() == f"{PAGE}0001"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 4
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(packed.body))
    assert "Content-Encoding" not in plain.headers
    for answer in (plain, packed):
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_tag_is_strong_and_an_unchanged_page_is_not_sent_again(ask, handlers):
    plain, packed = ask(handlers, [("/pages/mk/", {}), ("/pages/mk/", PACKED)])
    tags = [plain.headers["Etag"], packed.headers["Etag"]]
    again = ask(
        handlers,
        [
            ("/pages/mk/", {"headers": {"If-None-Match": tags[0]}}),
            ("/pages/mk/", {"headers": {"If-None-Match": tags[1], "Accept-Encoding": "gzip"}}),
            ("/pages/mk/", {"headers": {"If-None-Match": tags[1]}}),
        ],
    )

    assert tags[0].startswith('"')
    assert tags[0] != tags[1]
    assert [a.code for a in again] == [304, 304, 200]
    assert again[0].body == b""


def test_pictures_are_not_packed_and_parts_are_given_plain(ask, handlers):
    part = {"headers": {"Accept-Encoding": "gzip", "Range": "bytes=0-3"}}
    picture, some = ask(handlers, [("/pages/mk/map.png", PACKED), ("/pages/mk/", part)])

    assert "Content-Encoding" not in picture.headers
    assert some.code == 206
    assert some.body == b"<h1>"


def test_another_edition_is_seen_at_once(ask, handlers, room):
    shelf = Shelf()
    (before,) = ask(handlers, [("/pages/mk/", {})], shelf=shelf)
    switch(room, "0002")
    (after,) = ask(handlers, [("/pages/mk/", {})], shelf=shelf)
    switch(room, "0001")
    (back,) = ask(handlers, [("/pages/mk/", {})], shelf=shelf)

    assert before.body.decode() == f"{PAGE}0001"
    assert after.body.decode() == f"{PAGE}0002"
    assert back.headers["Etag"] == before.headers["Etag"] != after.headers["Etag"]


def test_a_file_that_changed_in_its_place_is_read_anew(ask, handlers, room):
    shelf = Shelf()
    ask(handlers, [("/pages/mk/", {})], shelf=shelf)
    page = room / "site" / "mk" / "index.html"
    page.write_text(f"{PAGE}0003", encoding="utf-8")
    os.utime(page, ns=(1, 1))
    (after,) = ask(handlers, [("/pages/mk/", {})], shelf=shelf)

    assert after.body.decode().endswith("0003")


@pytest.mark.parametrize(
    "path",
    [
        "out/secret.txt",
        "file.txt",
        "mk/../../../secret/secret.txt",
        "%2e%2e/%2e%2e/secret/secret.txt",
        "..%2f..%2fsecret%2fsecret.txt",
        "/etc/hostname",
        "mk/index.html%00.txt",
        "../0002/site/mk/index.html",
        "beside/index.html",
    ],
)
def test_nothing_leads_out_of_the_edition(ask, handlers, room, path):
    (room / "secret").mkdir()
    (room / "secret" / "secret.txt").write_text("one girl", encoding="utf-8")
    site = room / "editions" / "0001" / "site"
    (site / "out").symlink_to(room / "secret")
    (site / "file.txt").symlink_to(room / "secret" / "secret.txt")
    (site / "beside").symlink_to(room / "editions" / "0002" / "site" / "mk")
    (answer,) = ask(handlers, [(f"/pages/{path}", {})])

    assert answer.code in {400, 403, 404}
    assert b"one girl" not in answer.body
    assert b"0002" not in answer.body


def test_pages_run_no_script_and_load_nothing_from_elsewhere(ask, handlers):
    for answer in ask(handlers, [("/pages/mk/", {}), ("/pages/none", {})]):
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Server" not in answer.headers


def test_another_host_is_refused(ask, handlers):
    (answer,) = ask(handlers, [("/pages/mk/", {"headers": {"Host": "evil.example"}})])

    assert answer.code == 403
    assert PAGE not in answer.body.decode()


def test_before_the_first_edition_the_page_says_what_to_type(ask, tmp_path):
    site = {"path": str(tmp_path / "site"), "default_filename": "index.html"}
    (answer,) = ask([(r"/pages/(.*)", SiteHandler, site)], [("/pages/", {})])

    assert answer.code == 404
    assert b"patokaz run" in answer.body


def test_scripts_whose_name_tells_their_content_are_kept_for_ever(ask, tmp_path):
    for folder, name in (("a", "one.0123456789abcdef.js"), ("b", "two.js")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text("x", encoding="utf-8")
    folders = [str(tmp_path / "a"), str(tmp_path / "b")]
    handlers = [(r"/s/(.*)", AssetHandler, {"folders": folders})]
    hashed, plain = ask(handlers, [("/s/one.0123456789abcdef.js", {}), ("/s/two.js", {})])

    assert hashed.headers["Cache-Control"] == FOR_EVER
    assert plain.headers["Cache-Control"] == "no-cache"


def test_memory_for_files_is_bounded(tmp_path):
    shelf = Shelf(room=2500)
    paths = [tmp_path / f"{n}.bin" for n in range(5)]
    for n, path in enumerate(paths):
        path.write_bytes(bytes([n]) * 1000)
        assert shelf.get(str(path)).plain == bytes([n]) * 1000

    assert shelf._size <= 2500
    assert len(shelf._files) == 2
