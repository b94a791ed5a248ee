"""What a region keeps of a member under their name: to read, and to take along (art. 15 and 20 GDPR).

Not in it: the proof of a social tariff and the national number, which no clerk reads; what the accounts keep
by ids; secrets, such as the digest of a sign-in; and in which lists of a search they stood, which the trail
keeps by search. Who acted on their data is told by kind, and not by name.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct, structs

from uit.database.statements import Executor, Statements
from uit.identity.person.change import PastChange, PersonDetails, history_of, read_details
from uit.identity.person.person import Person, read_person
from uit.passes.card.card import Card, cards_of
from uit.passes.membership.membership import Membership

SQL = Statements(__name__)


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
    """Places that they hold, or booked as a guest and claimed. `statuses` are those of its tickets."""

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


class OwnContact(Struct, frozen=True):
    """What they typed as a guest, of a booking that they claimed."""

    booking_id: UUID
    name: str
    email: str


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


class OwnAct(Struct, frozen=True):
    """What somebody did with their data in this region."""

    at: datetime
    act: str
    by: str


class OwnData(Struct, frozen=True):
    """`signed_in_on`: the last day on which they signed in; None when they never did."""

    person: Person
    details: PersonDetails
    changes: Sequence[PastChange]
    signed_in_on: date | None
    membership: Membership
    cards: Sequence[Card]
    purses: Sequence[OwnPurse]
    bookings: Sequence[OwnLine]
    contacts: Sequence[OwnContact]
    sign_ins: Sequence[OwnSignIn]
    foreign_ids: Sequence[OwnForeignId]
    households: Sequence[OwnHousehold]
    representations: Sequence[OwnRepresentation]
    acts: Sequence[OwnAct]


read_last_sign_in = SQL.value("read_last_sign_in", date)
read_purses = SQL.many("read_purses", OwnPurse)
read_lines = SQL.many("read_lines", OwnLine)
read_contacts = SQL.many("read_contacts", OwnContact)
read_sign_ins = SQL.many("read_sign_ins", OwnSignIn)
read_foreign_ids = SQL.many("read_foreign_ids", OwnForeignId)
read_own_households = SQL.many("read_own_households", OwnHousehold)
read_representations = SQL.many("read_representations", OwnRepresentation)
read_acts = SQL.many("read_acts", OwnAct)


async def gather(tx: Executor, membership: Membership) -> OwnData:
    """What the region of this membership keeps of its member."""
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
        await read_sign_ins(tx, person_id),
        await read_foreign_ids(tx, region_id, membership.id, person_id),
        await read_own_households(tx, region_id, membership.id),
        await read_representations(tx, person_id),
        await read_acts(tx, region_id, str(person_id)),
    )
