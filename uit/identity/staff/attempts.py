"""How often a password or a code may be tried: strangers are slowed down, and the owner always gets in.

A device that is known to the account has a count of its own. From elsewhere, what is above a limit asks for a
proof of work. When even that is done too often, only a known device is let through, and a link in the mailbox
of the account makes one. So nobody else's attempts can keep an owner out.
"""

from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.core.errors import TooOften
from uit.identity.errors import AccountGuarded, ProofNeeded
from uit.identity.sign_in.device import is_known_to, is_known_to_staff
from uit.identity.sign_in.proof import is_proven
from uit.services.limit import Limit
from uit.services.services import Services

PASSWORDS_PER_DEVICE: Final = Limit("passwords of account from device", 20, 900)
PASSWORDS_PER_ACCOUNT_AND_ADDRESS: Final = Limit("password of account from place", 5, 900)
PASSWORDS_PER_ADDRESS: Final = Limit("passwords from place", 30, 900)
PASSWORDS_PER_ACCOUNT: Final = Limit("passwords of account", 50, 3600)
PROVED_PER_ADDRESS: Final = Limit("proved passwords from place", 120, 900)
PROVED_PER_ACCOUNT: Final = Limit("proved passwords of account", 300, 86_400)
# A code has six digits, of which three are right: a proof of work would not hold off who knows the password.
CODES_PER_DEVICE: Final = Limit("codes of account from device", 10, 900)
CODES_PER_ACCOUNT_AND_ADDRESS: Final = Limit("codes of account from place", 5, 900)
CODES_PER_ACCOUNT: Final = Limit("codes of account", 20, 3600)
CODES_PER_INVITATION: Final = Limit("codes of invitation", 10, 900)


class Attempt(Struct, frozen=True):
    """Who tries: the account as it was typed, the network address, the device, and the proof of work."""

    email: str
    address: str
    device: bytes | None
    proof: str = ""


async def limit_passwords(
    services: Services, attempt: Attempt
) -> TooOften | ProofNeeded | AccountGuarded | None:
    """Count one password; a refusal above the limits."""
    count, whom = services.limiter.count, (attempt.email, attempt.address)
    now = services.clock.now()
    if attempt.device:
        async with services.database.reading() as connection:
            known = await is_known_to_staff(connection, attempt.device, attempt.email, now)
        if known:
            return await count(PASSWORDS_PER_DEVICE, attempt.email, attempt.device.hex())
    counted = [
        await count(PASSWORDS_PER_ACCOUNT_AND_ADDRESS, *whom),
        await count(PASSWORDS_PER_ADDRESS, attempt.address),
        await count(PASSWORDS_PER_ACCOUNT, attempt.email),
    ]
    above = [each.retry_after_seconds for each in counted if each]
    if not above:
        return None
    if not await is_proven(services.limiter, services.secrets, now, attempt.proof, *whom):
        return ProofNeeded(max(above))
    guarded = await count(PROVED_PER_ADDRESS, attempt.address) or await count(
        PROVED_PER_ACCOUNT, attempt.email
    )
    return AccountGuarded(guarded.retry_after_seconds) if guarded else None


async def limit_codes(
    services: Services, staff_id: UUID, address: str, device: bytes | None
) -> TooOften | AccountGuarded | None:
    """Count one code of a second factor; a refusal above the limits."""
    count, account = services.limiter.count, str(staff_id)
    if device:
        async with services.database.reading() as connection:
            known = await is_known_to(connection, device, staff_id, services.clock.now())
        if known:
            return await count(CODES_PER_DEVICE, account, device.hex())
    guarded = await count(CODES_PER_ACCOUNT_AND_ADDRESS, account, address) or await count(
        CODES_PER_ACCOUNT, account
    )
    return AccountGuarded(guarded.retry_after_seconds) if guarded else None
