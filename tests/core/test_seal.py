"""Seals: what a QR carries opens only what we sealed, under the same key, as the same kind."""

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uit.core.seal import (
    ChoiceSeal,
    GuestSeal,
    PartySeal,
    PassSeal,
    TicketSeal,
    claim_code,
    open_choice,
    open_guest,
    open_party,
    open_pass,
    open_ticket,
    seal_choice,
    seal_guest,
    seal_party,
    seal_pass,
    seal_ticket,
)

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
SMALL = st.integers(0, 2**15 - 1)
REGIONS = st.integers(0, 2**31 - 1)
PASSES = st.builds(PassSeal, REGIONS, st.uuids(), SMALL)
TICKETS = st.builds(TicketSeal, REGIONS, st.uuids(), SMALL, SMALL)
PARTIES = st.builds(PartySeal, REGIONS, st.uuids(), SMALL)
GUESTS = st.builds(GuestSeal, REGIONS, st.uuids(), SMALL, st.booleans())
A_PASS = PassSeal(1, UUID(int=7), 1)


@given(PASSES)
def test_a_pass_opens_to_what_was_sealed(seal: PassSeal) -> None:
    assert open_pass(KEY, seal_pass(KEY, seal)) == seal


@given(TICKETS)
def test_a_ticket_opens_to_what_was_sealed(seal: TicketSeal) -> None:
    assert open_ticket(KEY, seal_ticket(KEY, seal)) == seal


@given(GUESTS)
def test_a_link_of_a_guest_opens_to_what_was_sealed_and_is_nothing_else(seal: GuestSeal) -> None:
    token = seal_guest(KEY, seal)

    assert open_guest(KEY, token) == seal
    assert open_guest(OTHER_KEY, token) is None
    assert open_pass(KEY, token) is None
    assert open_ticket(KEY, token) is None


@pytest.mark.parametrize("person_id", [None, UUID(int=9)])
def test_a_link_to_choose_opens_to_what_was_sealed_and_is_nothing_else(person_id: UUID | None) -> None:
    seal = ChoiceSeal(1, UUID(int=7), UUID(int=8), person_id, version=3)
    token = seal_choice(KEY, seal)

    assert open_choice(KEY, token) == seal
    assert open_choice(OTHER_KEY, token) is None
    assert open_guest(KEY, token) is None


@given(PARTIES)
def test_the_code_of_a_booking_opens_to_what_was_sealed_and_is_no_ticket(seal: PartySeal) -> None:
    token = seal_party(KEY, seal)

    assert open_party(KEY, token) == seal
    assert open_party(OTHER_KEY, token) is None
    assert open_ticket(KEY, token) is None
    assert open_pass(KEY, token) is None


@given(st.uuids(), SMALL)
def test_each_booking_has_a_code_of_its_own_that_its_version_and_the_key_change(
    booking: UUID, version: int
) -> None:
    codes = [
        claim_code(KEY, 1, booking, version),
        claim_code(KEY, 2, booking, version),
        claim_code(OTHER_KEY, 1, booking, version),
        claim_code(KEY, 1, UUID(int=booking.int ^ 1), version),
    ]

    assert len(set(codes)) == len(codes)
    assert {len(each) for each in codes} == {11}


@given(PASSES)
def test_a_seal_of_another_installation_opens_nothing(seal: PassSeal) -> None:
    assert open_pass(OTHER_KEY, seal_pass(KEY, seal)) is None


def test_a_pass_is_no_ticket_and_a_ticket_is_no_pass() -> None:
    ticket = seal_ticket(KEY, TicketSeal(1, UUID(int=7), 1, 1))

    assert open_ticket(KEY, seal_pass(KEY, A_PASS)) is None
    assert open_pass(KEY, ticket) is None
    assert open_pass(KEY, "P" + ticket[1:]) is None


def as_token(raw: bytes) -> str:
    return "P" + base64.urlsafe_b64encode(raw).decode()


@given(st.text() | st.text("PTabcXYZ019-_=", max_size=80) | st.binary(max_size=60).map(as_token))
def test_whatever_is_scanned_opens_nothing_and_breaks_nothing(token: str) -> None:
    assert open_pass(KEY, token) is None
    assert open_ticket(KEY, token) is None
    assert open_guest(KEY, token) is None
    assert open_party(KEY, token) is None


def test_a_seal_with_a_letter_changed_or_added_opens_nothing() -> None:
    """Nor does one that base64 reads as the same bytes: by its spare bits, or by a sign that it skips."""
    token = seal_pass(KEY, A_PASS)
    for at in range(len(token)):
        for letters in "ABQgw_-":
            changed = {token[:at] + letters + token[at + 1 :], token[:at] + " " + token[at:]} - {token}

            assert {open_pass(KEY, each) for each in changed} == {None}
    assert open_pass(KEY, token + "=") is None


def test_a_seal_is_short_enough_for_a_qr_that_a_cheap_camera_reads() -> None:
    assert len(seal_pass(KEY, A_PASS)) <= 60
    assert len(seal_party(KEY, PartySeal(2**31 - 1, UUID(int=2**128 - 1), 2**15 - 1))) <= 60
    assert len(seal_ticket(KEY, TicketSeal(2**31 - 1, UUID(int=2**128 - 1), 2**15 - 1, 2**15 - 1))) <= 60
