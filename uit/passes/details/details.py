"""The details of a member, changed at a counter. Who moves inside the region is a member in another town."""

from uuid import UUID

from uit.core.errors import NotFound
from uit.database.statements import Executor
from uit.identity.errors import ConsentNeeded, EmailTaken
from uit.identity.person.change import PersonDetails, change
from uit.passes.counter import Counter
from uit.passes.membership.membership import Membership
from uit.passes.membership.moving import move


async def save(  # noqa: PLR0913  what a clerk typed, and whether a parent agreed
    tx: Executor,
    counter: Counter,
    membership: Membership,
    change_id: UUID,
    wanted: PersonDetails,
    *,
    has_consent: bool = False,
) -> PersonDetails | ConsentNeeded | EmailTaken | NotFound:
    """Change a member, with the history of it. Refused as `change` does."""
    answer = await change(tx, counter, change_id, wanted, has_consent=has_consent)
    if isinstance(answer, PersonDetails) and answer.refnis and answer.refnis != membership.refnis:
        await move(tx, counter, membership, answer.refnis)
    return answer
