"""Word of a decision, or of an answer to who asked to look again: that there is one, never which or why."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Statements
from uit.identity.message.kind import MEMBERSHIP
from uit.identity.message.reach import Addressee, NotReached, PersonalMessage, reach
from uit.passes.decisions.decision import ANSWERED, MADE
from uit.services.services import Services

SQL = Statements(__name__)


class DecisionRecipient(Struct, frozen=True):
    """Whose decision it is. `is_answered`: somebody looked at it again."""

    person_id: UUID
    given_name: str
    is_answered: bool


read_recipient = SQL.maybe("read_recipient", DecisionRecipient)


async def tell_decision(
    services: Services, region_id: int, decision_id: UUID, message_id: UUID
) -> NotReached | None:
    """Tell the person by their own way; None once that is done, or when they are erased."""
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        recipient = await read_recipient(connection, region_id, decision_id)
    if region is None or recipient is None:
        return None
    link = f"{services.settings.address}/aanmelden?next=/{region.slug}/mijn-gegevens/beslissingen"
    facts = {
        "name": recipient.given_name,
        "region": region,
        "link": link,
        "is_answered": recipient.is_answered,
    }
    message = PersonalMessage(region_id, message_id, MEMBERSHIP, "passes/decisions/mail_decision", facts)
    return await reach(services, Addressee(recipient.person_id), message)


TOLD: Final = dict.fromkeys((MADE, ANSWERED), tell_decision)
"""Who tells what, by topic of the outbox."""
