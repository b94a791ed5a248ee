"""By which way a message reaches somebody."""

from uuid import UUID

import pytest

from uit.identity.message.kind import BOOKED, CALLED_OFF, KINDS, MONEY_BACK
from uit.identity.message.way import Reachable, Way, way_to

ANNA = UUID(int=1)
NINA = Reachable(ANNA, "nina@example.org", "+32470123456", "home")


@pytest.mark.parametrize(
    ("who", "way"),
    [
        (NINA, Way.EMAIL),
        (Reachable(ANNA, "nina@example.org", reached_by="counter"), Way.COUNTER),
        (Reachable(ANNA, "nina@example.org", "+32470123456", reached_by="sms"), Way.SMS),
        (Reachable(ANNA, "nina@example.org", reached_by="sms"), Way.EMAIL),
        (Reachable(ANNA, "nina@example.org", "+3253123456", reached_by="sms"), Way.EMAIL),
        (Reachable(ANNA, "nina@example.org", "+32470123456", reached_by="sms", chosen="email"), Way.EMAIL),
        (Reachable(ANNA, address_kind="home"), Way.LETTER),
        (Reachable(ANNA, address_kind="reference"), Way.LETTER),
        (Reachable(ANNA, "nina@example.org", None, "home", reached_by="letter"), Way.LETTER),
        (Reachable(ANNA, phone="+32470123456", address_kind="none"), Way.COUNTER),
        (Reachable(ANNA), Way.COUNTER),
    ],
)
def test_the_wish_that_can_be_done_comes_first_then_mail_a_letter_and_the_counter(
    who: Reachable, way: Way
) -> None:
    assert way_to(who, CALLED_OFF, texts=True) is way


def test_what_may_not_be_missed_is_told_to_who_switched_it_off() -> None:
    off = Reachable(ANNA, "nina@example.org", chosen="off")

    answers = {name: way_to(off, kind, texts=True) for name, kind in KINDS.items()}

    assert {name for name, way in answers.items() if way is Way.OFF} == {
        "booked",
        "cancelled",
        "written",
        "turn_card",
    }
    assert answers["called_off"] is answers["money_back"] is Way.EMAIL


def test_what_was_done_at_a_counter_is_no_letter_unless_somebody_asked_for_letters() -> None:
    at_home = Reachable(ANNA, address_kind="home")

    assert way_to(at_home, BOOKED, texts=True) is Way.COUNTER
    assert way_to(at_home, MONEY_BACK, texts=True) is Way.LETTER
    assert way_to(Reachable(ANNA, address_kind="home", reached_by="letter"), BOOKED, texts=True) is Way.LETTER


def test_without_a_gateway_nobody_is_reached_by_text_message() -> None:
    who = Reachable(ANNA, None, "+32470123456", "home", reached_by="sms")

    assert way_to(who, CALLED_OFF, texts=False) is Way.LETTER
