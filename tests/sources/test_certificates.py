"""A server that leaves out its intermediate certificate, as MAKSTAT does, over real TLS."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from analysis.sources.client import Client
from analysis.sources.protocol import Unreachable

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl makes the certificates of these tests"
)
AUTHORITY = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"
SERVER = "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n"


def _certificate(folder: Path, name: str, signer: str | None, extensions: str) -> None:
    """Make a key and a certificate that another one, or itself, has signed."""
    (folder / f"{name}.ext").write_text(extensions, encoding="utf-8")
    new = f"req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN={name}"
    sign = f"x509 -req -in {name}.csr -out {name}.pem -days 2 -extfile {name}.ext"
    by = f"-CA {signer}.pem -CAkey {signer}.key -CAcreateserial" if signer else f"-key {name}.key"
    for command in (f"{new} -keyout {name}.key -out {name}.csr", f"{sign} {by}"):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def chain(tmp_path_factory) -> Path:
    """A folder with a root, an intermediate and a certificate for this machine."""
    folder = tmp_path_factory.mktemp("chain")
    _certificate(folder, "root", None, AUTHORITY)
    _certificate(folder, "middle", "root", AUTHORITY)
    _certificate(folder, "server", "middle", SERVER)
    return folder


@pytest.fixture
def office(chain, serve, monkeypatch):
    """A server that shows its own certificate alone; the machine knows the root."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain / "server.pem", chain / "server.key")
    monkeypatch.setenv("SSL_CERT_FILE", str(chain / "root.pem"))
    return serve(tls=context)


def test_a_chain_with_a_gap_is_refused_at_once_and_says_how_to_close_it(office) -> None:
    slept: list[float] = []
    sentence = "certificate of https://.* could not be verified .* PEM file that holds it in PATOKA"
    with Client(sleep=slept.append) as client, pytest.raises(Unreachable, match=sentence):
        client.get(office.address)
    assert slept == []


def test_the_missing_certificate_can_be_added(office, chain, monkeypatch) -> None:
    monkeypatch.setenv("PATOKAZ_CA_BUNDLE", str(chain / "middle.pem"))
    with Client() as client:
        assert client.get(f"{office.address}/data").json() == {"asked": "/data"}


def test_an_added_certificate_does_not_open_other_doors(office, chain, monkeypatch) -> None:
    monkeypatch.setenv("PATOKAZ_CA_BUNDLE", str(chain / "middle.pem"))
    other = office.address.replace("127.0.0.1", "localhost")
    with Client() as client, pytest.raises(Unreachable, match="could not be verified"):
        client.get(other)


@pytest.mark.parametrize("fault", ["trickle", "trickle-headers"])
def test_a_slow_trickle_is_cut_under_encryption_too(office, chain, monkeypatch, fault) -> None:
    monkeypatch.setenv("PATOKAZ_CA_BUNDLE", str(chain / "middle.pem"))
    office.always = fault
    begin = time.monotonic()
    with Client(deadline=0.3) as hasty, pytest.raises(Unreachable, match="within 0.3 seconds"):
        hasty.get(office.address)
    assert time.monotonic() - begin < 0.9
