"""What is changed of a person: their name, where they live and how they are reached, each with its history.

The history says who changed what and when, with what stood there before. A reference address is in none of
it: that there is one is enough for who looks back.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from uit.core.errors import NotFound
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements
from uit.identity.errors import ConsentNeeded, EmailTaken
from uit.identity.person.consent import needs_consent
from uit.identity.person.person import has_email, lock_person
from uit.services.audit import Author

SQL = Statements(__name__)
MOST_CHANGES: Final = 50
ADDRESSES: Final = frozenset({"home", "reference"})
"""The kinds of address to which a letter can go."""
EMAIL_CHANGED: Final = "person.email"
"""The topic of who is told, at the address of before, that they sign in by another one or by none."""


class PersonDetails(Struct, frozen=True):
    """All that can be changed of a person.

    `address_kind` is home, reference (for letters alone) or none (stays in the municipality without an
    address); the first two have all parts. `reached_by` is email, sms, letter or counter.
    """

    id: UUID
    given_name: str
    family_name: str
    born_on: date | None = None
    email: str | None = None
    phone: str | None = None
    language: str = "nl"
    refnis: str | None = None
    address_kind: str | None = None
    street: str | None = None
    house_number: str | None = None
    postcode: str | None = None
    place: str | None = None
    reached_by: str | None = None

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def has_address(self) -> bool:
        """Whether a letter can go somewhere: also where nobody lives."""
        return self.address_kind in ADDRESSES

    @property
    def address(self) -> str | None:
        """The address on one line; None for a reference address, which nobody else sees."""
        if self.address_kind != "home":
            return None
        return f"{self.street} {self.house_number}, {self.postcode} {self.place}"


class FieldChange(Struct, frozen=True):
    field: str
    before: str | None
    after: str | None


class PastChange(Struct, frozen=True):
    """A change as the history says it. `by_name` is of staff; `by_person`: they did it themselves."""

    at: datetime
    field: str
    before: str | None
    after: str | None
    by_name: str | None
    by_person: bool = False


class LeftAddress(Struct, frozen=True):
    """An address that somebody had, and how it was changed. `by` is the kind of who did it."""

    email: str
    given_name: str
    at: datetime
    by: str


read_details = SQL.maybe("read_details", PersonDetails)
read_details_of = SQL.many("read_details_of", PersonDetails)
write_details = SQL.command("write_details")
is_done = SQL.value("is_done", bool)
write_changes = SQL.command("write_changes")
read_changes = SQL.many("read_changes", PastChange)
end_open_links = SQL.command("end_open_links")
read_left_address = SQL.maybe("read_left_address", LeftAddress)


async def change(
    tx: Executor, author: Author, change_id: UUID, wanted: PersonDetails, *, has_consent: bool = False
) -> PersonDetails | ConsentNeeded | EmailTaken | NotFound:
    """Change what differs, under the id of the form: sent again, it changes nothing.

    `has_consent`: a parent agreed to the e-mail address. Refused: NotFound, EmailTaken for the address of
    somebody else, and ConsentNeeded for another address of a young child.
    """
    await lock_person(tx, wanted.id)
    stored = await read_details(tx, wanted.id)
    if stored is None:
        return NotFound()
    changes = differences(stored, wanted)
    if stored == wanted or await is_done(tx, change_id):
        return stored
    if wanted.email and await has_email(tx, wanted.email, wanted.id):
        return EmailTaken()
    is_new = wanted.email not in {None, stored.email}
    if is_new and needs_consent(wanted.born_on, author.today) and not has_consent:
        return ConsentNeeded()
    await write_details(tx, *structs.astuple(wanted))
    await end_open_links(tx, wanted.id, author.now, ended_purposes(stored, wanted))
    rows = msgspec.json.encode(changes).decode()
    await write_changes(tx, change_id, wanted.id, rows, author.actor_kind, author.actor_id, author.now)
    if wanted.email != stored.email:
        await leave_address(tx, author, change_id)
    fields = " ".join(each.field for each in changes)
    await author.note(tx, "person.change", "person", wanted.id, fields=fields)
    return wanted


def ended_purposes(before: PersonDetails, after: PersonDetails) -> list[str]:
    """Which links and codes to sign in may lie where somebody is reached no more."""
    by_purpose = {
        "sign_in": before.email == after.email,
        "sms": before.phone == after.phone,
        "letter": home_of(before) == home_of(after),
    }
    return [purpose for purpose, is_same in by_purpose.items() if not is_same]


def home_of(details: PersonDetails) -> tuple[str | None, ...]:
    return details.street, details.house_number, details.postcode, details.place


async def leave_address(tx: Executor, author: Author, change_id: UUID) -> None:
    """Tell the reader of the mailbox of before. The message names the change and holds no address."""
    told = [{"topic": EMAIL_CHANGED, "key": str(change_id)}]
    await write_outbox(tx, author.region_id, msgspec.json.encode(told).decode(), author.now)


async def history_of(tx: Executor, person_id: UUID, most: int | None = MOST_CHANGES) -> list[PastChange]:
    """The changes of a person, the newest first; with None for `most` all of them."""
    return await read_changes(tx, person_id, most)


def differences(before: PersonDetails, after: PersonDetails) -> list[FieldChange]:
    """The fields that differ. Another reference address is a change too, and neither of the two is told."""
    old, new = told(before), told(after)
    found = [FieldChange(name, old[name], new[name]) for name in old if old[name] != new[name]]
    if not found and before != after:
        return [FieldChange("address_kind", before.address_kind, after.address_kind)]
    return found


def told(details: PersonDetails) -> dict[str, str | None]:
    """What the history tells of somebody, by field."""
    return {
        "name": details.full_name,
        "born_on": details.born_on.isoformat() if details.born_on else None,
        "email": details.email,
        "phone": details.phone,
        "language": details.language,
        "refnis": details.refnis,
        "address_kind": details.address_kind,
        "address": details.address,
        "reached_by": details.reached_by,
    }
