"""Memberships: a person is a member of a region, with a status, a town and maybe the social tariff."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.core.errors import NotFound
from uit.database.statements import Executor, Statements
from uit.identity.errors import EmailTaken, InszTaken
from uit.identity.person import person as persons
from uit.identity.person.person import Person
from uit.passes.counter import Counter
from uit.passes.errors import AlreadyMember, Duplicate, OtherPerson
from uit.services.municipality import normalise

SQL = Statements(__name__)

SOCIAL_RULE: Final = "social-tariff-1"
SOCIAL_END: Final = (4, 30)


class Membership(Struct, frozen=True):
    """`status` is active, blocked or ended. `social_until` is the last day of the social tariff."""

    region_id: int
    id: UUID
    person_id: UUID
    status: str
    refnis: str | None
    starts_on: date
    ends_on: date | None
    social_until: date | None

    def is_active(self, day: date) -> bool:
        return self.status == "active" and (self.ends_on is None or day <= self.ends_on)


class Town(Struct, frozen=True):
    refnis: str
    name: str


class Applicant(Struct, frozen=True):
    """Who stands at the counter, under ids that the form chose, so that it can be sent twice.

    `insz_key` is `Insz.key(…)`. `sure`: the clerk saw that a namesake of the same age is somebody else.
    """

    membership_id: UUID
    person: Person
    insz_key: UUID | None = None
    sure: bool = False


class Proof(Struct, frozen=True):
    """What a clerk saw that gives right to the social tariff. For the auditor: nobody else reads it back."""

    id: UUID
    officer_id: UUID
    document_kind: str
    reference: str
    until: date


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
insert_attestation = SQL.command("insert_attestation")
set_social_until = SQL.command("set_social_until")


async def regions_of(tx: Executor, person_id: UUID) -> Sequence[int]:
    """The regions where somebody is a member, the longest first."""
    return await read_region_ids(tx, person_id)


async def register(
    tx: Executor, counter: Counter, applicant: Applicant
) -> Membership | NotFound | AlreadyMember | Duplicate | OtherPerson | EmailTaken | InszTaken:
    """Make somebody a member of the counter's region.

    Who is known elsewhere, by the number of the national register or by e-mail address, name and birth date,
    stays one person. Refused: who is a member here already and, until the clerk is `sure`, a namesake of the
    same age. Under the id of a membership elsewhere, or of another person, nothing is found.
    """
    await wait_for_registration(tx, applicant.membership_id)
    stored = await read_membership(tx, counter.region_id, applicant.membership_id)
    if stored:
        return stored
    if await lives_elsewhere(tx, counter.region_id, applicant.membership_id):
        return NotFound()
    person = await _person_of(tx, counter, applicant)
    if not isinstance(person, Person):
        return person
    member = await membership_of(tx, counter.region_id, person.id)
    if member and member.id != applicant.membership_id:
        return AlreadyMember(member.id)
    return await _join(tx, counter, applicant, person.id)


async def _person_of(
    tx: Executor, counter: Counter, applicant: Applicant
) -> Person | NotFound | AlreadyMember | Duplicate | OtherPerson | EmailTaken | InszTaken:
    wanted = applicant.person
    by_number = applicant.insz_key and await persons.find_by_key(tx, applicant.insz_key)
    if by_number:
        return await _known_by_number(tx, counter, by_number, applicant)
    by_email = wanted.email and await persons.find_by_email(tx, wanted.email)
    if by_email and by_email.id != wanted.id:
        return await _known_by_email(tx, by_email, applicant)
    namesakes = await read_namesakes(
        tx, counter.region_id, wanted.given_name, wanted.family_name, wanted.born_on
    )
    if namesakes and not applicant.sure:
        return Duplicate(f"{wanted.given_name} {wanted.family_name}", tuple(namesakes))
    made = await persons.create(tx, wanted, counter.now, insz_key=applicant.insz_key)
    return NotFound() if isinstance(made, Person) and not is_same(made, wanted) else made


async def _known_by_number(
    tx: Executor, counter: Counter, known: Person, applicant: Applicant
) -> Person | AlreadyMember | OtherPerson:
    """Somebody with this number: a member of elsewhere joins when the birth date fits too."""
    member = await membership_of(tx, counter.region_id, known.id)
    if member:
        return AlreadyMember(member.id)
    return known if known.born_on in {None, applicant.person.born_on} else OtherPerson()


async def _known_by_email(tx: Executor, known: Person, applicant: Applicant) -> Person | EmailTaken:
    if not is_same(known, applicant.person):
        return EmailTaken()
    if applicant.insz_key:
        await persons.bind_insz(tx, known.id, applicant.insz_key)
    return known


def is_same(known: Person, wanted: Person) -> bool:
    """An address may be shared in a family: only with the same name and birth date it is the same person."""
    normalised = [normalise(f"{each.given_name} {each.family_name}") for each in (known, wanted)]
    return known.born_on == wanted.born_on and normalised[0] == normalised[1]


async def _join(tx: Executor, counter: Counter, applicant: Applicant, person_id: UUID) -> Membership:
    row = (applicant.membership_id, person_id, applicant.person.refnis, counter.today, counter.now)
    if await insert_membership(tx, counter.region_id, *row):
        await counter.note(tx, "membership.register", "person", person_id)
    made = await membership_of(tx, counter.region_id, person_id)
    assert made is not None
    return made


async def allow_social_tariff(tx: Executor, counter: Counter, membership: Membership, proof: Proof) -> None:
    """The social tariff until a day, on proof that a clerk saw. The same proof, sent twice, counts once."""
    row = (proof.id, membership.id, proof.until, proof.reference, proof.document_kind, proof.officer_id)
    if await insert_attestation(tx, counter.region_id, *row, SOCIAL_RULE, counter.now):
        await set_social_until(tx, counter.region_id, membership.id, proof.until)
        await counter.note(tx, "attestation.write", "person", membership.person_id)


def usual_social_end(day: date) -> date:
    """UiTPAS: the social tariff ends on 30 April of the next year."""
    return date(day.year + 1, *SOCIAL_END)
