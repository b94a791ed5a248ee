"""The page of one person at the counter: its facts, and what it says after an act."""

from typing import Any, Final
from uuid import UUID

from uit.core.errors import Refusal
from uit.core.translation import gettext as _
from uit.identity.person.consent import needs_consent
from uit.passes.card.number import grouped
from uit.passes.membership.unused import NOTICE
from uit.passes.registration.counter_desk import CounterDesk, OpenMember, open_member
from uit.passes.registration.form import (
    address_kinds,
    documents,
    first_social_form,
    languages,
    person_labels,
    reasons,
    ways,
)
from uit.services.services import Services
from uit.web.view import Page

KINDS: Final = ("digital", "paper")


def notice_after(act: str) -> str | None:
    """What the page says after an act at the counter."""
    return {
        "lid": _("Ingeschreven. Geef nu een pas."),
        "pas": _("De pas is gemaakt."),
        "vervangen": _("De oude pas werkt niet meer. De nieuwe is gemaakt."),
        "geblokkeerd": _("De pas is geblokkeerd: niemand kan er nog iets mee."),
        "gedeblokkeerd": _("De pas werkt weer."),
        "kansentarief": _("Het kansentarief is bewaard."),
        "dag": _("De laatste dag is bewaard."),
        "houden": _("Het lidmaatschap loopt door."),
        "gewijzigd": _("De wijziging is bewaard."),
        "afgemeld": _("Deze persoon is overal afgemeld."),
        "beschermd": _("Deze persoon is beschermd, en op naam niet meer te vinden."),
        "onbeschermd": _("Deze persoon is weer te vinden op naam."),
        "gezin": _("Deze persoon hoort niet meer bij dat gezin."),
        "gezegd": _("Dat is gezegd."),
        "toegelaten": _("In orde. Je kan nu een half uur lang iets tonen of meegeven."),
        "adres": _("Het adres klopt. Brieven gaan er weer heen."),
        "einde": _("Het lidmaatschap is gestopt. De passen werken niet meer."),
        "vertrek": _("Bewaard. Tot en met de laatste dag blijft deze persoon lid."),
        "wissen": _("Het lidmaatschap is gestopt. Binnen twee weken zijn de gegevens gewist."),
        "samengevoegd": _("De twee zijn nu één persoon. Je kan dat dertig dagen lang ongedaan maken."),
        "gesplitst": _("Het zijn weer twee personen, zoals voordien."),
        "terug": _("Het lidmaatschap loopt weer. Geef een nieuwe pas."),
    }.get(act)


def person_facts(services: Services, desk: CounterDesk, member: OpenMember) -> dict[str, Any]:
    """The facts for the page of a person, with new ids for its forms."""
    active = {card.kind for card in member.cards if card.is_active}
    return {
        "member": member,
        "asks_parent": needs_consent(member.person.born_on, desk.counter.today),
        "is_active": member.membership.is_active(desk.counter.today),
        "addresses": address_kinds(),
        "languages": languages(),
        "ways": ways(),
        "missing": [kind for kind in KINDS if kind not in active],
        "new_id": services.ids.new,
        "grouped": grouped,
        "documents": list(documents().items()),
        "social": first_social_form(services.ids.new(), desk.counter.today),
        "labels": person_labels(),
        "last_day": member.membership.ends_on or "",
        "today": desk.counter.today,
        "ends_unused_on": (member.membership.warned_on or desk.counter.today) + NOTICE,
        "reasons": list(reasons().items()),
        "why": "",
        "leaves_on": "",
        "errors": {},
    }


async def person_again(services: Services, desk: CounterDesk, membership_id: UUID, refusal: Refusal) -> Page:
    async with services.database.reading() as connection:
        member = await open_member(connection, desk, membership_id)
    return desk.form_again("person", refusal, **person_facts(services, desk, member))
