"""The mail to the address of before, when somebody's address was changed: it may not have been them."""

from uuid import UUID

from uit.identity.person.change import read_left_address
from uit.services.mail import MailAway, MailRefused
from uit.services.services import Services
from uit.web.view import CLOCK
from uit.web.written_mail import written_mail


async def mail_left_address(
    services: Services, region_id: int, change_id: UUID, _message_id: UUID
) -> MailAway | MailRefused | None:
    """Tell of a change at the address that was left; None when that is done, or there was none.

    The new address is not in it: who reads the old mailbox may be somebody else by now.
    """
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        left = await read_left_address(connection, change_id)
    if region is None or left is None:
        return None
    CLOCK.set(services.clock)
    mail = written_mail(
        left.email,
        "passes/details/mail_left_address",
        name=left.given_name,
        region=region,
        at=left.at,
        is_own=left.by == "person",
        link=f"{services.settings.address}/hulp",
    )
    return await services.mailer.send(mail)
