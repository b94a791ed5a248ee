"""What was written before an activity was called discreet, and not printed yet, does not name it either."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from reservations.booking.seller_contact import SellerContact, whom_to_ask
from reservations.booking.tickets import reason_is_on_page
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.identity.message.letter import WaitingMessage, rewrite_letters
from uit.services.region import Region

SQL = Statements(__name__)


class NamedEvent(Struct, frozen=True):
    """By what a letter tells which event it is about, and the `reasons` why dates of it changed.

    `venue` and `street` may be empty.
    """

    name: str
    venue: str
    street: str
    organiser: str
    phone: str | None
    email: str | None
    reasons: list[str]


read_named = SQL.maybe("read_named", NamedEvent)
find_unprinted = SQL.many("find_unprinted", WaitingMessage)


async def hide_in_letters(tx: Executor, region: Region, event_id: UUID) -> None:
    """Take the name of an event, its place and its organiser out of what waits at the counters."""
    event = await read_named(tx, region.id, event_id)
    if event is None:
        return
    words = words_of(event, region)
    found = [
        (each.id, hidden(each.subject, words), hidden(each.body, words))
        for each in await find_unprinted(tx, region.id, event_id)
        if event.name in each.body or " ".join(event.name.split()) in each.subject
    ]
    if found:
        ids, subjects, bodies = zip(*found, strict=True)
        await rewrite_letters(tx, region.id, ids, subjects, bodies)


def words_of(event: NamedEvent, region: Region) -> Sequence[tuple[str, str]]:
    """What is written instead of what, as a message that is made later has it."""
    asked = whom_to_ask(SellerContact(event.organiser, event.phone, event.email), region)
    return [
        *((reason, reason_is_on_page()) for reason in sorted(event.reasons, key=len, reverse=True)),
        (event.name, _("Een activiteit")),
        (" ".join(event.name.split()), _("Een activiteit")),
        (asked, whom_to_ask(None, region)),
        *((f"{place}, ", "") for place in (event.venue, event.street) if place),
        *((place, "") for place in (event.venue, event.street) if place),
        (event.organiser, _("de organisator")),
    ]


def hidden(text: str, words: Sequence[tuple[str, str]]) -> str:
    for shown, instead in words:
        text = text.replace(shown, instead) if shown else text
    return text
