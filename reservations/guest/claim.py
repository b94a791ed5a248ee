"""Claiming a booking that one made without a pass: one by one, each with the code of its own mail.

Nothing is joined by mail address: one mailbox of a shelter serves forty people.
"""

import hmac
import re
from datetime import datetime
from typing import Final
from uuid import UUID

from reservations.booking.contact import BookingContact
from reservations.errors import AddressUnproven, ClaimedBefore, ClaimUnknown
from uit.core.errors import TooOften
from uit.core.seal import claim_code
from uit.database.statements import Executor, Statements
from uit.services.limit import Limit
from uit.services.services import Services

SQL = Statements(__name__)

CLAIMS_PER_PERSON: Final = Limit("claims of person", 10, 3600)
CLAIMS_PER_NUMBER: Final = Limit("claims of number", 30, 86_400)
NUMBER_SHARE: Final = Limit("claims of number by person", 3, 86_400)
"""What each other member may still try when somebody used those up."""
NOT_IN_A_CODE: Final = re.compile(r"[^0-9A-Z]")
MISREAD: Final = str.maketrans("018", "OIB")
"""Figures that no code has, and the letters for which they are read."""

ClaimRefusal = ClaimUnknown | AddressUnproven | ClaimedBefore | TooOften

contacts_of_number = SQL.many("contacts_of_number", BookingContact)
write_claim = SQL.command("write_claim")
read_claimant = SQL.value("read_claimant", UUID)


async def claim(
    services: Services, region_id: int, membership_id: UUID, number: str, code: str
) -> UUID | ClaimRefusal:
    """Join the booking with this number and code to those of a member; its id. A repeat changes nothing.

    Refused: another number or code, an address of which no mail was opened yet, a booking that somebody else
    claimed, and too many attempts.
    """
    tail = tail_of(number)
    refusal = await count_attempt(services, region_id, membership_id, tail)
    if refusal:
        return refusal
    async with services.database.transaction() as tx:
        contacts = await contacts_of_number(tx, region_id, tail)
        opened = [each for each in contacts if is_code(services.secrets.signing, region_id, each, code)]
        if not opened:
            return ClaimUnknown()
        if opened[0].proven_at is None:
            return AddressUnproven()
        return await join(tx, region_id, opened[0].booking_id, membership_id, services.clock.now())


def tail_of(number: str) -> str:
    """The end of the id of a booking, of the number that somebody typed: with or without its dash."""
    return NOT_IN_A_CODE.sub("", number.upper()).lower()


async def count_attempt(
    services: Services, region_id: int, membership_id: UUID, tail: str
) -> TooOften | None:
    limiter, region, member = services.limiter, str(region_id), (str(membership_id),)
    return await limiter.count(CLAIMS_PER_PERSON, region, *member) or await limiter.count_share(
        CLAIMS_PER_NUMBER, NUMBER_SHARE, (region, tail), member
    )


def is_code(key: bytes, region_id: int, contact: BookingContact, typed: str) -> bool:
    """Whether somebody typed the code of this booking: with or without its dash, in any case."""
    wanted = claim_code(key, region_id, contact.booking_id, contact.link_version)
    return hmac.compare_digest(letters_of(typed).encode(), letters_of(wanted).encode())


def letters_of(code: str) -> str:
    return NOT_IN_A_CODE.sub("", code.upper().translate(MISREAD))


async def join(
    tx: Executor, region_id: int, booking_id: UUID, membership_id: UUID, now: datetime
) -> UUID | ClaimedBefore:
    """Join a booking to those of a member, unless it is somebody else's already."""
    await write_claim(tx, region_id, booking_id, membership_id, now)
    claimant = await read_claimant(tx, region_id, booking_id)
    return booking_id if claimant == membership_id else ClaimedBefore()
