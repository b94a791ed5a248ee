"""Partners: organisations that work with people in a region, such as a social service or a school."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)

SOCIAL_SERVICE: Final = "social_service"
KINDS: Final = (SOCIAL_SERVICE, "care_home", "association", "school", "youth_work")


def partner_kinds() -> dict[str, str]:
    """What each kind of partner is called."""
    return {
        "social_service": _("OCMW of sociale dienst"),
        "care_home": _("Voorziening of woonzorgcentrum"),
        "association": _("Vereniging waar armen het woord nemen"),
        "school": _("School"),
        "youth_work": _("Jeugdwerk"),
    }


class NewPartner(Struct, frozen=True):
    """A partner to add; `kind` is one of KINDS."""

    name: str
    kind: str
    enterprise_number: str | None


class Partner(NewPartner, frozen=True):
    id: UUID


read_partners = SQL.many("read_partners", Partner)
read_partner = SQL.maybe("read_partner", Partner)
find_partner = SQL.one("find_partner", Partner)
insert_partner = SQL.command("insert_partner")


async def add_partner(tx: Executor, author: Author, partner_id: UUID, wanted: NewPartner) -> Partner:
    """Add a partner; the one that has this id or this name already stays as it is, and is returned."""
    row = partner_id, wanted.kind, wanted.name, wanted.enterprise_number
    if await insert_partner(tx, author.region_id, *row, author.now):
        await author.note(tx, "partner.add", "partner", partner_id, kind=wanted.kind)
    return await find_partner(tx, author.region_id, partner_id, wanted.name)
