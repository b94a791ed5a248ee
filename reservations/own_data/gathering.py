"""What a region keeps of a member under their name: to read, and to take along (art. 15 and 20 GDPR).

Which service helps them, and what it gave, is in the copy that they take themselves, and never in that of a
counter. Not in it: the proof of a social tariff and the national number, which no clerk reads; what the
accounts keep by ids; secrets, such as the digest of a sign-in; and in which lists of a search they stood,
which the trail keeps by search. Who acted on their data is told by kind, and not by name.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct, structs

from uit.database.statements import Executor, Statements
from uit.identity.message.setting import MessageSetting, read_settings
from uit.identity.person.change import PastChange, PersonDetails, history_of, read_details
from uit.identity.person.person import Person, read_person
from uit.passes.card.card import Card, cards_of
from uit.passes.decisions.decision import Decision, read_decisions
from uit.passes.membership.membership import Membership

SQL = Statements(__name__)
FILE_NAME: Final = "gegevens.json"


class OwnPurse(Struct, frozen=True):
    """Credit that was given, and what became of it."""

    programme: str
    granted_at: datetime
    lapses_at: datetime
    granted_cents: int
    available_cents: int
    held_cents: int
    spent_cents: int
    lapsed_cents: int


class OwnLine(Struct, frozen=True):
    """Places that they hold, or booked as a guest and claimed. `statuses` are those of its tickets.

    `stayed_away`: its organiser may count for half a year that nobody came.
    """

    booking_id: UUID
    made_at: datetime
    channel: str
    activity: str
    organiser: str
    starts_at: datetime
    tariff: str
    places: int
    price_cents: int
    credit_cents: int
    statuses: list[str]
    stayed_away: bool


class OwnContact(Struct, frozen=True):
    """What they typed as a guest, of a booking that they claimed."""

    booking_id: UUID
    name: str
    email: str


class OwnWaiting(Struct, frozen=True):
    """A place in the line of an activity: what they asked for, since when, and what became of it."""

    activity: str
    organiser: str
    places: str
    joined_at: datetime
    state: str
    state_at: datetime


class OwnNote(Struct, frozen=True):
    """What an organiser noted of a booking."""

    booking_id: UUID
    organiser: str
    note: str
    written_at: datetime


class OwnSignIn(Struct, frozen=True):
    """`kind`: a session, a known device, a link that was mailed, or the token of a program."""

    kind: str
    created_at: datetime
    expires_at: datetime


class OwnForeignId(Struct, frozen=True):
    """By what another system knows them, their membership or a card."""

    kind: str
    source: str
    foreign_id: str


class OwnHousehold(Struct, frozen=True):
    """That they were of a household, and as what."""

    household_id: UUID
    role: str | None
    starts_on: date
    ends_on: date | None


class OwnRepresentation(Struct, frozen=True):
    """Who acts for whom. `is_for_them`: somebody acts for them; else they act for somebody."""

    kind: str
    is_for_them: bool
    powers: list[str]
    limit_cents: int | None
    starts_on: date
    ends_on: date | None
    revoked_at: datetime | None


class OwnAsk(Struct, frozen=True):
    """Whom they asked to help them, until that one answers."""

    name: str
    reached_by: str
    powers: list[str]
    limit_cents: int | None
    ends_on: date
    asked_at: datetime


class OwnLook(Struct, frozen=True):
    """A service that looked at them on a day, and for what: the last time that day, and how often.

    `service` and `purpose` are those of `uit.services.look`; `name` is of the municipality, organiser or
    program.
    """

    at: datetime
    service: str
    name: str | None
    purpose: str
    times: int


class OwnLetter(Struct, frozen=True):
    """A message on paper: `posted_at` is None while it lies at a counter."""

    written_at: datetime
    kind: str
    subject: str
    body: str
    posted_at: datetime | None


class OwnConsent(Struct, frozen=True):
    """When a parent agreed to the e-mail address of a child below 13."""

    email_consent_on: date | None


class OwnService(Struct, frozen=True):
    """A social service that helps or helped them. Its number for them stands on its own pages alone."""

    name: str
    started_at: datetime
    ended_at: datetime | None


class OwnProvisional(Struct, frozen=True):
    """A social tariff that a service gave before there was a proof."""

    service: str
    given_at: datetime
    ends_on: date
    proven_at: datetime | None


class OwnAct(Struct, frozen=True):
    """What somebody did with their data in this region."""

    at: datetime
    act: str
    by: str


class OwnData(Struct, frozen=True):
    """`signed_in_on`: the last day on which they signed in; None when they never did.

    `services` and `provisional` are empty for a counter.
    """

    person: Person
    details: PersonDetails
    changes: Sequence[PastChange]
    signed_in_on: date | None
    membership: Membership
    cards: Sequence[Card]
    purses: Sequence[OwnPurse]
    bookings: Sequence[OwnLine]
    contacts: Sequence[OwnContact]
    waiting: Sequence[OwnWaiting]
    notes: Sequence[OwnNote]
    sign_ins: Sequence[OwnSignIn]
    foreign_ids: Sequence[OwnForeignId]
    households: Sequence[OwnHousehold]
    representations: Sequence[OwnRepresentation]
    asked_help: Sequence[OwnAsk]
    looks: Sequence[OwnLook]
    decisions: Sequence[Decision]
    message_settings: Sequence[MessageSetting]
    letters: Sequence[OwnLetter]
    consent: OwnConsent
    acts: Sequence[OwnAct]
    services: Sequence[OwnService] = ()
    provisional: Sequence[OwnProvisional] = ()


read_last_sign_in = SQL.value("read_last_sign_in", date)
read_purses = SQL.many("read_purses", OwnPurse)
read_lines = SQL.many("read_lines", OwnLine)
read_contacts = SQL.many("read_contacts", OwnContact)
read_waiting = SQL.many("read_waiting", OwnWaiting)
read_notes = SQL.many("read_notes", OwnNote)
read_sign_ins = SQL.many("read_sign_ins", OwnSignIn)
read_foreign_ids = SQL.many("read_foreign_ids", OwnForeignId)
read_own_households = SQL.many("read_own_households", OwnHousehold)
read_representations = SQL.many("read_representations", OwnRepresentation)
read_own_asks = SQL.many("read_own_asks", OwnAsk)
read_letters = SQL.many("read_letters", OwnLetter)
read_consent = SQL.one("read_consent", OwnConsent)
find_looks = SQL.many("read_looks", OwnLook)
read_given_mandates = SQL.many("read_given_mandates", OwnRepresentation)
read_own_services = SQL.many("read_own_services", OwnService)
read_own_provisional = SQL.many("read_own_provisional", OwnProvisional)
read_acts = SQL.many("read_acts", OwnAct)


async def read_looks(
    tx: Executor, region_id: int, person_id: UUID, most: int | None = None, *, for_themselves: bool
) -> list[OwnLook]:
    """Who looked, latest first. Which social service did is read by the person alone."""
    return await find_looks(tx, region_id, person_id, most, for_themselves)


async def gather(tx: Executor, membership: Membership, *, for_themselves: bool = False) -> OwnData:
    """What the region of this membership keeps of its member.

    Which social service looked, helps them or was allowed something, and what it gave, is in it only where
    they read it themselves: a counter may not know.
    """
    region_id, person_id = membership.region_id, membership.person_id
    person = await read_person(tx, person_id)
    details = await read_details(tx, person_id)
    assert person is not None
    assert details is not None
    return OwnData(
        person,
        details,
        [structs.replace(each, by_name=None) for each in await history_of(tx, person_id, None)],
        await read_last_sign_in(tx, person_id),
        membership,
        await cards_of(tx, region_id, membership.id),
        await read_purses(tx, region_id, membership.id),
        await read_lines(tx, region_id, membership.id),
        await read_contacts(tx, region_id, membership.id),
        await read_waiting(tx, region_id, membership.id),
        await read_notes(tx, region_id, membership.id),
        await read_sign_ins(tx, person_id),
        await read_foreign_ids(tx, region_id, membership.id, person_id),
        await read_own_households(tx, region_id, membership.id),
        [
            *await read_representations(tx, person_id),
            *await read_given_mandates(tx, region_id, person_id, for_themselves),
        ],
        await read_own_asks(tx, person_id),
        await read_looks(tx, region_id, person_id, for_themselves=for_themselves),
        await read_decisions(tx, region_id, membership.id),
        await read_settings(tx, person_id),
        await read_letters(tx, region_id, person_id),
        await read_consent(tx, person_id),
        await read_acts(tx, region_id, str(person_id)),
        await read_own_services(tx, region_id, person_id) if for_themselves else (),
        await read_own_provisional(tx, region_id, membership.id) if for_themselves else (),
    )
