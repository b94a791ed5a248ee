"""The form of a household: an address and a proof for all, and a block for each member."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, cast
from uuid import UUID, uuid5

from msgspec import Struct, convert

from uit.core.one_line import one_line
from uit.core.phone import read_phone
from uit.core.secret import Secrets
from uit.core.translation import gettext as _
from uit.identity.person.change import PersonDetails
from uit.passes.details.form import AddressForm, contact_errors, detail_labels
from uit.passes.household.registering import WantedHousehold, WantedMember
from uit.passes.membership.household import Role
from uit.passes.membership.membership import Applicant, Town
from uit.passes.membership.social_tariff import Proof
from uit.passes.registration.form import (
    MOST_LETTERS,
    RegisterForm,
    SocialForm,
    register_labels,
)
from uit.passes.registration.likeness import Typed
from uit.web.form import Errors, Labels, only_errors, read_id, read_number, required_id, text_error

MOST_ADULTS: Final = 4
MOST_CHILDREN: Final = 12
NEW: Final = "new"
"""What a clerk answers when somebody is like a member and is another person."""

OF_A_MEMBER: Final = ("given_name", "family_name", "born_on", "insz", "role", "email", "phone", "same")
SHARED: Final = ("address_kind", "street", "house_number", "postcode", "place", "refnis")


def roles() -> dict[str, str]:
    """What an adult is in a household, as the clerk sees it."""
    return {
        "parent": _("Ouder van de kinderen"),
        "adult": _("Partner of andere volwassene"),
    }


class Size(Struct, frozen=True):
    """How many adults and children the form has a block for."""

    adults: int
    children: int

    @property
    def members(self) -> int:
        return self.adults + self.children

    def title(self, at: int) -> str:
        """The name of a block: the adults come first."""
        if at < self.adults:
            return _("Volwassene %(number)s", number=at + 1)
        return _("Kind %(number)s", number=at - self.adults + 1)


def read_size(adults: str, children: str) -> Size | None:
    """None when it is more than a form can have, or nobody."""
    size = read_number(adults, MOST_ADULTS), read_number(children, MOST_CHILDREN)
    if size[0] is None or size[1] is None or size == (0, 0):
        return None
    return Size(size[0], size[1])


class MemberForm(Struct, frozen=True):
    """The block of one member, as sent. `same`: whom the clerk says that they are, or `new`."""

    at: int
    role: str
    given_name: str = ""
    family_name: str = ""
    born_on: str = ""
    insz: str = ""
    email: str = ""
    phone: str = ""
    same: str = ""
    social: bool = False

    @property
    def known_id(self) -> UUID | None:
        return read_id(self.same)

    def registration(self, form_id: UUID, refnis: str) -> RegisterForm:
        """The same person as the form for one; its ids follow from that of the household."""
        return RegisterForm(
            uuid5(form_id, f"membership-{self.at}"),
            uuid5(form_id, f"person-{self.at}"),
            self.given_name,
            self.family_name,
            self.born_on,
            self.email,
            self.insz,
            refnis,
            "true" if self.same == NEW else "",
        )


class HouseholdForm(Struct, frozen=True):
    """The fields as sent; of who has no block, nothing is read."""

    form_id: UUID
    household_id: UUID
    size: Size
    address: AddressForm
    members: Sequence[MemberForm]
    proof: str = ""
    passes: bool = True
    social: SocialForm | None = None

    def typed(self, at: int, secrets: Secrets, *, mock: bool) -> Typed:
        return self.members[at].registration(self.form_id, "").typed(secrets, mock=mock)

    def made_ids(self) -> set[UUID]:
        """The memberships that this form makes, or made when it was sent before."""
        return {each.registration(self.form_id, "").membership_id for each in self.members}

    def read(
        self, towns: Sequence[Town], officer_id: UUID, today: date, secrets: Secrets, *, mock: bool
    ) -> WantedHousehold | Errors:
        members, errors = [], dict(only_errors(self._shared_errors(towns)))
        for each in self.members:
            member = self._member(each, towns, today, secrets, mock=mock)
            if isinstance(member, WantedMember):
                members.append(member)
            else:
                errors |= member
        social = self._social(officer_id, today)
        if isinstance(social, dict):
            errors |= social
        if errors or isinstance(social, dict):
            return errors
        proof = one_line(self.proof)
        return WantedHousehold(self.form_id, self.household_id, members, proof, social, self.passes)

    def _shared_errors(self, towns: Sequence[Town]) -> dict[str, str]:
        missing = _("Schrijf wat je zag, zoals een attest van gezinssamenstelling en de datum.")
        return {**self.address.errors(towns), "proof": text_error(self.proof, missing, MOST_LETTERS)}

    def _member(
        self, each: MemberForm, towns: Sequence[Town], today: date, secrets: Secrets, *, mock: bool
    ) -> WantedMember | Errors:
        """The member of a block, or what is wrong in it. The municipality is asked once for all."""
        form = each.registration(self.form_id, self.address.refnis)
        read = form.read(list(towns), today, secrets, mock=mock)
        wrong = {} if isinstance(read, Applicant) else {name: read[name] for name in read if name != "refnis"}
        if wrong.pop("consent", ""):
            wrong["email"] = _("Onder 13 jaar gaat een ouder akkoord. Laat dit leeg, en voeg het daarna toe.")
        wrong |= only_errors({"phone": contact_errors("", each.phone)["phone"]})
        if each.role not in roles() and each.at < self.size.adults:
            wrong["role"] = _("Kies wat deze persoon is.")
        if wrong or not isinstance(read, Applicant):
            return {f"{name}-{each.at}": text for name, text in wrong.items()}
        role = cast("Role", each.role)
        return WantedMember(role, read, self._details(read, each), each.known_id, each.social)

    def _details(self, applicant: Applicant, each: MemberForm) -> PersonDetails:
        person, address = applicant.person, self.address.address()
        way = "email" if person.email else "letter" if self.address.has_parts else "counter"
        facts = {
            "id": person.id,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "born_on": person.born_on,
            "email": person.email,
            "phone": read_phone(each.phone),
            "reached_by": way,
        }
        return convert({**facts, **address}, PersonDetails)

    def _social(self, officer_id: UUID, today: date) -> Proof | Errors | None:
        """The proof of the social tariff; None when nobody in the form has it."""
        if not any(each.social for each in self.members) or self.social is None:
            return None
        return self.social.read(officer_id, today)


def first_form(
    form_id: UUID, household_id: UUID, size: Size, refnis: str, social: SocialForm
) -> HouseholdForm:
    members = [MemberForm(at, first_role(at, size)) for at in range(size.members)]
    return HouseholdForm(form_id, household_id, size, AddressForm(refnis=refnis), members, social=social)


def first_role(at: int, size: Size) -> str:
    if at >= size.adults:
        return "child"
    return "parent" if size.children else "adult"


def read_form(fields: Mapping[str, str]) -> HouseholdForm | None:
    """The form in the fields of a request; None when its number of blocks is no number of ours."""
    size = read_size(fields.get("volwassenen", ""), fields.get("kinderen", ""))
    if size is None:
        return None
    form_id = required_id(fields, "form_id")
    names = ("document_kind", "reference", "until")
    return HouseholdForm(
        form_id,
        required_id(fields, "household_id"),
        size,
        AddressForm(**{name: fields.get(name, "") for name in SHARED}),
        [read_member(fields, at, size) for at in range(size.members)],
        fields.get("proof", ""),
        fields.get("passes") == "true",
        SocialForm(uuid5(form_id, "proof"), *(fields.get(name, "") for name in names)),
    )


def read_member(fields: Mapping[str, str], at: int, size: Size) -> MemberForm:
    """The block of a member. Who has no family name typed has that of the first."""
    typed = {name: fields.get(f"{name}-{at}", "") for name in OF_A_MEMBER}
    typed["family_name"] = typed["family_name"].strip() or fields.get("family_name-0", "")
    if at >= size.adults:
        typed |= {"role": "child", "email": "", "phone": ""}
    return MemberForm(at=at, social=fields.get(f"social-{at}") == "true", **typed)


def shared_labels() -> Labels:
    """What is asked once for all."""
    return {
        "address_kind": _("Op welk soort adres?"),
        "street": _("Straat"),
        "house_number": _("Nummer en bus"),
        "postcode": _("Postcode"),
        "place": _("Plaats"),
        "refnis": _("Gemeente"),
        "proof": _("Welk bewijs van het gezin zag je?"),
        "document_kind": _("Wat heb je gezien?"),
        "reference": _("Nummer of datum van het bewijs"),
        "until": _("Geldt tot en met"),
    }


def member_labels() -> Labels:
    one = {**detail_labels(), **register_labels()}
    return {
        "given_name": one["given_name"],
        "family_name": one["family_name"],
        "born_on": one["born_on"],
        "insz": one["insz"],
        "role": _("Wie is dit?"),
        "email": one["email"],
        "phone": one["phone"],
        "same": _("Is dit iemand die er al is?"),
    }


def household_labels(size: Size) -> Labels:
    """In the order of the page, so that the list of what is wrong has it too; a member with their block."""
    own = member_labels()
    blocks = {
        f"{name}-{at}": f"{size.title(at)}: {label}"
        for at in range(size.members)
        for name, label in own.items()
    }
    return {**blocks, **shared_labels(), **own}
