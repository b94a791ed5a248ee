"""Memberships: a person in a region, with a status, a municipality and possibly the social tariff."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct, structs

from uit.core.errors import NotFound
from uit.database.statements import Executor, Statements
from uit.identity.authorisation.authorisation import may_use_insz
from uit.identity.errors import ConsentNeeded, EmailTaken, InszTaken
from uit.identity.person import person as persons
from uit.identity.person.consent import needs_consent
from uit.identity.person.person import Person
from uit.passes.counter import Counter
from uit.passes.errors import AlreadyMember, Duplicate, OtherPerson, ResumeFirst
from uit.services.municipality import normalise

SQL = Statements(__name__)

RegisterRefusal = (
    NotFound | AlreadyMember | Duplicate | OtherPerson | ResumeFirst | ConsentNeeded | EmailTaken | InszTaken
)


class Membership(Struct, frozen=True):
    """`status` is active, blocked or ended. `social_until` is the last day of the social tariff.

    `ends_on`: its last day, also one still to come. `is_over`: it ended by that day, and not by a clerk.
    `is_merged`: it went into another one of the same person.
    `given_until`: the last day that it had when a clerk ended it. `warned_on`: when they were told that
    it ends unless it is used. `erase_on`: when it is erased, since they asked for that. `moves_away`: they
    leave the region on their last day, and get no more credit.
    """

    region_id: int
    id: UUID
    person_id: UUID
    status: str
    refnis: str | None
    starts_on: date
    ends_on: date | None
    social_until: date | None
    is_over: bool
    is_merged: bool
    given_until: date | None
    warned_on: date | None
    erase_on: date | None
    moves_away: bool

    def is_active(self, day: date) -> bool:
        return self.status == "active" and (self.ends_on is None or day <= self.ends_on)


class Town(Struct, frozen=True):
    refnis: str
    name: str


class Applicant(Struct, frozen=True):
    """A person to register, under ids of the form, so that a form that is sent twice has one effect.

    `insz_key` is `Insz.key(…)`. `sure`: the clerk confirmed that a member with the same name and birth
    date is another person. `has_consent`: a parent agreed to the e-mail address of a young child.
    """

    membership_id: UUID
    person: Person
    insz_key: UUID | None = None
    sure: bool = False
    has_consent: bool = False


read_membership = SQL.maybe("read_membership", Membership)
lives_elsewhere = SQL.value("lives_elsewhere", bool)
membership_of = SQL.maybe("membership_of", Membership)
lock_membership = SQL.maybe("lock_membership", Membership)
wait_for_registration = SQL.command("wait_for_registration")
read_region_ids = SQL.value("read_region_ids", list[int])
read_towns = SQL.many("read_towns", Town)
read_town = SQL.value("read_town", str)
read_namesakes = SQL.value("read_namesakes", list[UUID])
insert_membership = SQL.command("insert_membership")


async def regions_of(tx: Executor, person_id: UUID) -> Sequence[int]:
    """The regions in which a person is a member, the oldest membership first."""
    return await read_region_ids(tx, person_id)


async def register(
    tx: Executor, counter: Counter, applicant: Applicant
) -> (
    Membership
    | NotFound
    | AlreadyMember
    | Duplicate
    | OtherPerson
    | ResumeFirst
    | ConsentNeeded
    | EmailTaken
    | InszTaken
):
    """Make a person a member of the region of the counter.

    A person who is known by national number, or by e-mail address, name and birth date, is not made again. Of
    several registrations of one person at the same moment, one makes them and the others find them; a region
    that ends their last membership at that moment waits, or is waited for. A number is not looked at where
    the region may not use it.
    Refused: AlreadyMember, OtherPerson, EmailTaken, InszTaken; ResumeFirst for who is known to have died;
    ConsentNeeded for the address of a young child to which no parent agreed;
    Duplicate for the same name and birth date, unless `sure`; NotFound when an id of the form belongs to a
    membership elsewhere or to another person.
    """
    if applicant.insz_key and not await may_use_insz(tx, counter.region_id, counter.today):
        applicant = structs.replace(applicant, insz_key=None)
    person = applicant.person
    same = person.full_name, person.born_on, applicant.insz_key, person.email
    await wait_for_registration(tx, counter.region_id, applicant.membership_id, *same)
    stored = await read_membership(tx, counter.region_id, applicant.membership_id)
    if stored:
        return stored
    if await lives_elsewhere(tx, counter.region_id, applicant.membership_id):
        return NotFound()
    found = await _person_of(tx, counter, applicant)
    if not isinstance(found, Person):
        return found
    member = await membership_of(tx, counter.region_id, found.id)
    if member and member.id != applicant.membership_id:
        return AlreadyMember(member.id)
    await persons.lock_person(tx, found.id)
    if await persons.has_died(tx, found.id):
        return ResumeFirst()
    return await _join(tx, counter, applicant, found.id)


async def _person_of(tx: Executor, counter: Counter, applicant: Applicant) -> Person | RegisterRefusal:
    wanted = applicant.person
    by_number = applicant.insz_key and await persons.find_by_key(tx, applicant.insz_key)
    if by_number:
        return await _known_by_number(tx, counter, by_number, applicant)
    by_email = wanted.email and await persons.find_any_by_email(tx, wanted.email)
    if by_email and by_email.id != wanted.id:
        return await _known_by_email(tx, by_email, applicant)
    namesakes = await read_namesakes(tx, counter.region_id, wanted.full_name, wanted.born_on)
    if namesakes and not applicant.sure:
        return Duplicate(wanted.full_name, tuple(namesakes))
    if wanted.email and needs_consent(wanted.born_on, counter.today) and not applicant.has_consent:
        return ConsentNeeded()
    made = await persons.create(tx, wanted, counter.now, insz_key=applicant.insz_key)
    return NotFound() if isinstance(made, Person) and not is_same_person(made, wanted) else made


async def _known_by_number(
    tx: Executor, counter: Counter, known: Person, applicant: Applicant
) -> Person | AlreadyMember | OtherPerson:
    """The person with this national number, when the birth date fits as well."""
    member = await membership_of(tx, counter.region_id, known.id)
    if member:
        return AlreadyMember(member.id)
    return known if known.born_on in {None, applicant.person.born_on} else OtherPerson()


async def _known_by_email(tx: Executor, known: Person, applicant: Applicant) -> Person | EmailTaken:
    if not is_same_person(known, applicant.person) or await persons.is_protected(tx, known.id):
        return EmailTaken()
    if applicant.insz_key:
        await persons.bind_insz(tx, known.id, applicant.insz_key)
    return known


def is_same_person(known: Person, wanted: Person) -> bool:
    """Whether name and birth date are the same. An e-mail address alone may be shared in a family."""
    normalised = [normalise(each.full_name) for each in (known, wanted)]
    return known.born_on == wanted.born_on and normalised[0] == normalised[1]


async def _join(tx: Executor, counter: Counter, applicant: Applicant, person_id: UUID) -> Membership:
    """Make them a member. Who ended with their last membership elsewhere lives on here."""
    row = (applicant.membership_id, person_id, applicant.person.refnis, counter.today, counter.now)
    if await insert_membership(tx, counter.region_id, *row):
        await counter.note(tx, "membership.register", "person", person_id)
        if await persons.resume_living_person(tx, person_id):
            await counter.note(tx, "person.resume", "person", person_id)
    made = await membership_of(tx, counter.region_id, person_id)
    assert made is not None
    return made
