"""The open data service of Serbia's office: whole tables only, packed or plain, levels mixed."""

from __future__ import annotations

import io
import json
import zipfile

from servers.faults import Asked, Handler, Reply

DATASET = "180304IND02"


def record(code: str, name: str, year: str, value: object, status: str = "A") -> dict[str, object]:
    """Make one record as the office writes it."""
    return {
        "idindikator": DATASET,
        "mes": "00",
        "god": year,
        "IDTer": code,
        "nTer": name,
        "vrednost": value,
        "idJedinicaMere": "1",
        "nJedinicaMere": "number",
        "nIzvorI": "Population estimates",
        "Indikator": "Population estimates",
        "IDStatusPodatka": status,
        "nStatusPodatka": "",
    }


RECORDS = [
    record("RS", "REPUBLIC OF SERBIA", "2025", "6549901"),
    record("RS1", "SERBIA - NORTH", "2025", "3000000"),
    record("RS218", "Rasinska oblast", "2025", "190000"),
    record("70017", "Aleksandrovac", "2024", 21300),
    record("70017", "Aleksandrovac", "2025", "21041"),
    record("70025", "Aleksinac", "2025", "", "O"),
    record("70025", "Aleksinac", "1961", None, "M"),
]


def pack(content: bytes, *more: str) -> bytes:
    """Pack an answer as the office does: one JSON in a ZIP."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (f"{DATASET}.json", *more):
            archive.writestr(name, content)
    return packed.getvalue()


class SorsHandler(Handler):
    """State: optionally `records`; `zip` and `bom` say how the answer is wrapped."""

    def answer(self, asked: Asked) -> Reply:
        if not asked.path.endswith(f"/{DATASET}/3/json"):
            return Reply.json({"error": "no such dataset"}, 404)
        state = self.server.state
        content = json.dumps(state.get("records", RECORDS), ensure_ascii=False).encode()
        if state.get("bom"):
            content = b"\xef\xbb\xbf" + content
        if state.get("zip"):
            return Reply(pack(content), "application/octet-stream")
        return Reply(content)
