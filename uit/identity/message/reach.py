"""The one place that says how a message reaches a person. The worker calls it, from the outbox.

A mail has two templates (`written_mail`), and a letter says what its text says, without its links. A text
message has one of its own, `.sms.txt`, since it is short.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from uit.identity.message.kind import MessageKind
from uit.identity.message.letter import add_letter
from uit.identity.message.setting import read_reachable
from uit.identity.message.way import Reachable, Way, way_to
from uit.identity.person.change import ADDRESSES
from uit.services.mail import MailAway, MailRefused
from uit.services.services import Services
from uit.services.text_message import TextAway, TextMessage, TextRefused
from uit.web.view import CLOCK
from uit.web.written_mail import written_letter, written_mail, written_text

NotReached = MailAway | MailRefused | TextAway | TextRefused
"""Why a message did not leave: its server is away, or it is refused for good."""


class Addressee(Struct, frozen=True):
    """Whom a message is for: a person, or an address of somebody whom we do not know."""

    person_id: UUID | None = None
    email: str | None = None


class PersonalMessage(Struct, frozen=True):
    """What is told. `id` is that of the message of the outbox: sent again, it makes no second letter.

    `template` is a path without its ending, and `facts` is what it says. `reply_to`: who reads an answer to a
    mail, where that is not us.
    """

    region_id: int
    id: UUID
    kind: MessageKind
    template: str
    facts: Mapping[str, Any]
    reply_to: str | None = None


async def reach(services: Services, to: Addressee, message: PersonalMessage) -> NotReached | None:
    """Tell somebody in the way they are reached; None when that is done, or waits at a counter.

    What is refused for good and may not be missed goes on paper, or waits at a counter. It is refused as
    well, so that an operator hears of it.
    """
    CLOCK.set(services.clock)
    if to.person_id is None:
        return await mail(services, to.email, message) if to.email else None
    async with services.database.reading() as connection:
        person = await read_reachable(connection, to.person_id, message.kind.name)
    if person is None:
        return None
    way = way_to(person, message.kind, texts=services.texter is not None)
    answer = await send(services, person, message, way)
    if message.kind.is_for_now:
        return answer
    is_refused = isinstance(answer, MailRefused | TextRefused)
    if way is Way.LETTER or (is_refused and message.kind.is_posted and person.address_kind in ADDRESSES):
        await write_letter(services, person, message)
    elif not message.kind.may_be_off and (way is Way.COUNTER or is_refused):
        await write_letter(services, person, message, is_for_counter=True)
    return answer


async def send(
    services: Services, person: Reachable, message: PersonalMessage, way: Way
) -> NotReached | None:
    """Send what goes over a wire; None also for what does not."""
    if way is Way.EMAIL:
        assert person.email
        return await mail(services, person.email, message)
    if way is Way.SMS:
        assert services.texter
        assert person.phone
        words = written_text(message.template, **message.facts)
        return await services.texter.send(TextMessage(message.id, person.phone, words))
    return None


async def mail(services: Services, email: str, message: PersonalMessage) -> MailAway | MailRefused | None:
    written = written_mail(email, message.template, **message.facts)
    return await services.mailer.send(replace(written, reply_to=message.reply_to))


async def write_letter(
    services: Services, person: Reachable, message: PersonalMessage, *, is_for_counter: bool = False
) -> None:
    """Put a letter in the list of a counter, once for the message: to print, or to say to who comes by."""
    letter = written_letter(message.template, **message.facts)
    async with services.database.transaction() as tx:
        await add_letter(
            tx, message.region_id, message.id, person.person_id, message.kind.name, letter.subject,
            letter.text, services.clock.now(), is_for_counter,
        )  # fmt: skip
