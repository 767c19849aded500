from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.dashboard.serving.messages import LARGEST, SAID, RefusedMessageError, read_message

CONTROL = "jupyter.widget.control"


def pack(kind, content, channel="shell", header=None, beyond=b"", parts=None):
    """Write a message as a page does: offsets, channel, then four parts."""
    header = {"msg_id": "1", "session": "s", "username": "", "msg_type": kind} | (header or {})
    written = parts or [json.dumps(p).encode() for p in (header, {}, {}, content)]
    frames = [channel.encode(), *written]
    offsets = [8 * (len(frames) + 2)]
    for frame in frames:
        offsets.append(offsets[-1] + len(frame))
    numbers = b"".join(n.to_bytes(8, "little") for n in (len(offsets), *offsets))
    return numbers + b"".join(frames) + beyond


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("kernel_info_request", {}),
        ("comm_info_request", {"target_name": "jupyter.widget"}),
        ("comm_open", {"comm_id": "a", "target_name": CONTROL, "data": {}}),
        ("comm_msg", {"comm_id": "a", "data": {"method": "request_states"}}),
        ("comm_msg", {"comm_id": "a", "data": {"method": "update", "state": {"index": 2}}}),
        ("comm_close", {"comm_id": "a", "data": {}}),
    ],
)
def test_what_a_page_says_is_read(kind, content):
    message = read_message(pack(kind, content))

    assert (message.kind, message.content) == (kind, content)
    assert message.header["msg_id"] == "1"


@pytest.mark.parametrize(
    "kind",
    [
        "execute_request",
        "inspect_request",
        "complete_request",
        "history_request",
        "is_complete_request",
        "debug_request",
        "input_reply",
        "shutdown_request",
        "interrupt_request",
        "create_subshell_request",
        "delete_subshell_request",
        "connect_request",
        "usage_request",
        "comm_msg ",
        "",
    ],
)
@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub"])
def test_nothing_that_runs_or_asks_code_is_taken(kind, channel):
    with pytest.raises(RefusedMessageError, match="is not taken"):
        read_message(pack(kind, {"code": "1"}, channel))


@pytest.mark.parametrize("kind", [None, 5, ["comm_msg"], {"a": 1}])
def test_a_kind_that_is_no_word_is_refused(kind):
    with pytest.raises(RefusedMessageError):
        read_message(pack(kind, {}))


@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", "", "shell\x00"])
def test_widgets_are_spoken_to_on_one_channel(channel):
    with pytest.raises(RefusedMessageError):
        read_message(pack("comm_msg", {"comm_id": "a", "data": {"method": "update"}}, channel))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("comm_open", {"comm_id": "a", "target_name": "jupyter.widget", "data": {}}),
        ("comm_open", {"comm_id": "a", "target_name": "other", "data": {}}),
        ("comm_open", {"comm_id": "a", "target_name": CONTROL, "target_module": "os", "data": {}}),
        ("comm_msg", {"comm_id": "a", "data": {"method": "execute"}}),
        ("comm_msg", {"comm_id": "a", "data": {}}),
        ("comm_msg", {"comm_id": "a", "data": "text"}),
        ("comm_msg", {"comm_id": "a", "data": {"method": "update"}, "code": "1"}),
        ("kernel_info_request", {"code": "1"}),
    ],
)
def test_what_no_page_says_is_refused(kind, content):
    with pytest.raises(RefusedMessageError):
        read_message(pack(kind, content))


def test_nothing_travels_beside_what_is_known():
    extra = {"msg_type": "comm_msg", "code": "import os", "date": "x" * 5000}
    message = read_message(
        pack("comm_msg", {"comm_id": "a", "data": {"method": "update"}}, header=extra)
    )

    assert set(message.header) == {"msg_id", "session", "username", "msg_type", "date"}
    assert len(message.header["date"]) == 100


def test_a_second_header_in_a_message_is_refused():
    twice = b'{"msg_type": "execute_request"}'
    parts = [b'{"msg_type": "comm_msg"}', b"{}", b"{}", b"{}", twice]
    with pytest.raises(RefusedMessageError):
        read_message(pack("", {}, parts=parts))
    with pytest.raises(RefusedMessageError):
        read_message(pack("kernel_info_request", {}, beyond=twice))


@pytest.mark.parametrize("raw", ['{"header": {}}', None, 5, b"", b"\x00" * 8, b"\xff" * 200])
def test_other_writings_are_refused(raw):
    with pytest.raises(RefusedMessageError):
        read_message(raw)


def test_offsets_that_go_astray_are_refused():
    good = pack("kernel_info_request", {})
    for at in range(8, 56):
        astray = good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :]
        with pytest.raises(RefusedMessageError):
            read_message(astray)


def test_deep_and_large_messages_are_refused():
    deep = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(RefusedMessageError):
        read_message(pack("", {}, parts=[b'{"msg_type": "comm_msg"}', b"{}", b"{}", deep]))
    with pytest.raises(RefusedMessageError):
        read_message(pack("comm_info_request", {"target_name": "x" * LARGEST}))


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(raw):
    with pytest.raises(RefusedMessageError):
        read_message(raw)


def test_a_kernel_tells_a_page_neither_code_nor_faults():
    assert not SAID & {"execute_input", "execute_result", "error", "stream", "input_request"}
