from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.dashboard.serving.sessions import (
    GRACE,
    LONGEST_LINE,
    LONGEST_PAUSE,
    MISSED,
    Place,
    Seat,
    Sessions,
    draw_owner,
)


def sit(sessions, owner, kernel_id):
    seat = sessions.ask(owner, "/a")
    seat.kernel_id = kernel_id
    seat.is_written = True
    return seat


def test_who_comes_first_sits_and_the_others_stand_in_line(sessions):
    asked = [sessions.ask(f"owner {n}", "/a") for n in range(4)]

    assert [type(a) for a in asked] == [Seat, Seat, Place, Place]
    assert [a.number for a in asked[2:]] == [1, 2]
    assert sessions.waiting == 2


def test_asking_again_keeps_the_place_and_moves_nobody_behind(sessions):
    for n in range(5):
        sessions.ask(f"owner {n}", "/a")

    assert sessions.ask("owner 4", "/a").number == 3
    assert sessions.ask("owner 2", "/a").number == 1
    assert sessions.ask("owner 2", "/b").number == 4


def test_a_free_seat_is_for_the_first_in_line(sessions):
    first = sessions.ask("a", "/")
    sessions.ask("b", "/")
    sessions.ask("c", "/")
    sessions.ask("d", "/")
    sessions.release(first)

    assert isinstance(sessions.ask("new", "/"), Place)
    assert isinstance(sessions.ask("d", "/"), Place)
    assert isinstance(sessions.ask("c", "/"), Seat)
    assert sessions.ask("d", "/").number == 1


def test_who_goes_away_loses_the_place(sessions, clock):
    for owner in "abcd":
        sessions.ask(owner, "/")
    clock.now += MISSED * sessions.ask("d", "/").pause
    sessions.ask("d", "/")
    assert sessions.waiting == 2
    clock.now += 1

    assert sessions.ask("d", "/").number == 1
    assert sessions.waiting == 1


def test_who_is_late_keeps_the_place_and_keeps_nobody_from_a_free_seat(sessions, clock):
    seats = [sessions.ask(owner, "/") for owner in "abcde"][:2]
    clock.now += 5 + GRACE
    assert sessions.ask("e", "/").number == 3
    clock.now += 1
    assert sessions.ask("d", "/").number == 1
    sessions.release(seats[0])
    assert isinstance(sessions.ask("e", "/"), Place)
    assert isinstance(sessions.ask("d", "/"), Seat)
    # Late, and still before those who came after.
    assert sessions.ask("c", "/").number == 1
    sessions.release(seats[1])
    assert isinstance(sessions.ask("e", "/"), Place)
    assert isinstance(sessions.ask("c", "/"), Seat)


def test_the_line_has_an_end(sessions):
    places = [sessions.ask(f"owner {n}", "/") for n in range(LONGEST_LINE + 10)]

    assert places[-1].number == 0
    assert sessions.waiting == LONGEST_LINE
    assert max(p.pause for p in places[2:]) == LONGEST_PAUSE


def test_a_seat_is_given_back_once(sessions):
    seat = sessions.ask("a", "/")
    sessions.release(seat)
    sessions.release(seat)

    assert sessions.seats == []


def test_a_kernel_is_found_by_its_own_browser_alone(sessions):
    seat = sit(sessions, "secret", "kernel")
    sessions.ask("other", "/")

    assert sessions.find_own("secret", "kernel") is seat
    assert sessions.find_own("other", "kernel") is None
    assert sessions.find_own("", "kernel") is None
    assert sessions.find_own("other", "") is None


def test_a_closed_page_is_left_after_a_while_and_one_loaded_anew_is_not(sessions, clock):
    seat = sit(sessions, "a", "one")
    sessions.note_line(seat, is_open=True)
    clock.now += 1000
    assert sessions.list_left(60, 120) == []
    sessions.note_line(seat, is_open=False)
    clock.now += 59
    assert sessions.list_left(60, 120) == []
    clock.now += 1
    assert sessions.list_left(60, 120) == [seat]
    sessions.note_line(seat, is_open=True)

    assert sessions.list_left(60, 120) == []


def test_a_page_without_scripts_is_left_later_and_one_being_made_never(sessions, clock):
    read, made = sit(sessions, "a", "one"), sit(sessions, "b", "two")
    made.is_written = False
    clock.now += 119
    assert sessions.list_left(60, 120) == []
    clock.now += 1

    assert sessions.list_left(60, 120) == [read]


def test_two_lines_have_to_be_closed_both(sessions, clock):
    seat = sit(sessions, "a", "one")
    sessions.note_line(seat, is_open=True)
    sessions.note_line(seat, is_open=True)
    sessions.note_line(seat, is_open=False)
    clock.now += 1000

    assert sessions.list_left(60, 120) == []


def test_idle_sessions_end_only_where_others_wait(sessions, clock):
    first, second = sit(sessions, "a", "one"), sit(sessions, "b", "two")
    clock.now += 100
    sessions.note_activity(first)
    clock.now += 250
    assert sessions.list_idle(300) == []
    sessions.ask("c", "/")
    assert sessions.list_idle(300) == [second]
    sessions.ask("d", "/")
    assert sessions.list_idle(200) == [second, first]
    sessions.ask("e", "/")

    assert len(sessions.list_idle(200)) == 2


def test_seats_of_kernels_that_have_gone_are_found(sessions):
    seat, starting = sit(sessions, "a", "one"), sessions.ask("b", "/")

    assert starting.kernel_id == ""
    assert sessions.list_ended({"one"}) == []
    assert sessions.list_ended(set()) == [seat]


@given(st.lists(st.tuples(st.sampled_from("ask leave wait".split()), st.integers(0, 9))))
def test_there_are_never_more_sessions_than_seats_and_never_two_in_one_place(steps):
    now = [0.0]
    sessions = Sessions(3, lambda: now[0])
    for what, number in steps:
        if what == "ask":
            sessions.ask(str(number), "/")
        elif what == "leave" and sessions.seats:
            sessions.release(sessions.seats[number % len(sessions.seats)])
        else:
            now[0] += number
        assert len(sessions.seats) <= 3
    places = [sessions.ask(f"new {n}", "/") for n in range(6)]
    numbers = [p.number for p in places if isinstance(p, Place)]
    assert numbers == sorted(set(numbers))
    assert len(sessions.seats) <= 3


def test_secrets_are_long_and_differ():
    drawn = {draw_owner() for _ in range(50)}

    assert len(drawn) == 50
    assert min(map(len, drawn)) >= 43
