"""A partner of the example, with a group that has tickets and credit."""

from datetime import timedelta
from typing import Final

from credits.groups.granting import GroupGrant, grant_to_group, open_group
from uit.core.errors import Refusal
from uit.example.enrol import programme_id
from uit.example.people import GROUP_WORKER
from uit.example.town import DENDER, stable_id
from uit.identity.partner.partner import NewPartner, add_partner
from uit.passes.group.group import NewGroup
from uit.services.audit import Author
from uit.services.services import Services

TICKETS: Final = 120
CENTS: Final = 25_000


async def add_group(services: Services) -> None:
    """Nothing of it is done twice."""
    assert GROUP_WORKER.partner
    partner_id, group_id = stable_id("partner", GROUP_WORKER.partner), stable_id("group", "woensdag")
    author = Author(DENDER.region_id, "system", "example", services.clock.now(), services.ids)
    wanted = NewGroup(TICKETS, author.today + timedelta(days=730), partner_id, "Woensdaggroep")
    cultuurkrediet = next(each for each in DENDER.schemes if each.name == "Cultuurkrediet")
    async with services.database.transaction() as tx:
        await add_partner(tx, author, partner_id, NewPartner(GROUP_WORKER.partner, "association", None))
        await open_group(tx, author, group_id, wanted)
        grant = GroupGrant(
            DENDER.region_id,
            stable_id("grant", "woensdag"),
            group_id,
            programme_id(DENDER, cultuurkrediet),
            CENTS,
        )
        given = await grant_to_group(tx, grant, services.ids, author.now)
        assert not isinstance(given, Refusal), given
