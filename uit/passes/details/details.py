"""The details of a member, changed at a counter. Who moves inside the region is a member in another town."""

from uuid import UUID

from uit.core.errors import NotFound
from uit.database.statements import Executor, Statements
from uit.identity.errors import EmailTaken
from uit.identity.person.change import PersonDetails, change
from uit.passes.counter import Counter
from uit.passes.membership.membership import Membership

SQL = Statements(__name__)

set_town = SQL.command("set_town")


async def save(
    tx: Executor, counter: Counter, membership: Membership, change_id: UUID, wanted: PersonDetails
) -> PersonDetails | EmailTaken | NotFound:
    """Change a member, with the history of it. Refused: EmailTaken, and NotFound for who is erased."""
    answer = await change(tx, counter, change_id, wanted)
    if isinstance(answer, PersonDetails) and answer.refnis and answer.refnis != membership.refnis:
        await set_town(tx, counter.region_id, membership.id, answer.refnis)
    return answer
