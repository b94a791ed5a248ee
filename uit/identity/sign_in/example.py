"""One-click sign-in of the example: an address that signs in as one person, only in the example."""

from typing import Final, Literal, cast, get_args
from uuid import UUID

from uit.core.secret import Secrets, equal_in_constant_time
from uit.core.signature import sign

SIGNED_FOR: Final = b"example\0"
Kind = Literal["person", "staff"]


def example_sign_in_path(secrets: Secrets, kind: Kind, owner: UUID) -> str:
    """The path that signs in as this person or member of staff."""
    return f"/voorbeeld/aanmelden/{kind}.{owner.hex}.{_seal(secrets, kind, owner)}"


def open_key(secrets: Secrets, key: str) -> tuple[Kind, UUID] | None:
    """The person or member of staff that a key signs in; None when its signature is not valid."""
    kind, _, rest = key.partition(".")
    owner, _, seal = rest.partition(".")
    try:
        named = UUID(hex=owner)
    except ValueError:
        return None
    if kind not in get_args(Kind) or not equal_in_constant_time(
        seal.encode(), _seal(secrets, kind, named).encode()
    ):
        return None
    return cast("Kind", kind), named


def _seal(secrets: Secrets, kind: str, owner: UUID) -> str:
    return sign(secrets.session, SIGNED_FOR, f"{kind}\0{owner.hex}".encode()).hex()
