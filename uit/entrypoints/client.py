"""`python -m uit client`: where the shop of a client stands, to which a payment page may lead back."""

import sys
from collections.abc import Sequence

import msgspec

from uit.core.clock import SystemClock
from uit.core.ids import TimeOrderedIds
from uit.core.origin import is_origin, origin_of
from uit.core.settings import Settings
from uit.database.pool import Database
from uit.identity.client.client import ClientRow, change_origins, read_client
from uit.services.audit import Author

NO_CLIENT = 1
NO_ORIGIN = 2


async def list_origins(settings: Settings, client_id: str, *, as_json: bool) -> int:
    """Print the origins of a client. Returns 1 when there is no such client."""
    database = await Database.open(settings.database_url, connections=1)
    try:
        async with database.reading() as connection:
            client = await read_client(connection, client_id)
    finally:
        await database.close()
    return say(client, client_id, as_json=as_json)


async def set_origins(
    settings: Settings, client_id: str, *, added: Sequence[str], removed: Sequence[str], as_json: bool
) -> int:
    """Add and remove origins, all of it or nothing, and print those that are left. A repeat changes nothing.

    Returns 1 when there is no such client, and 2 when something to add is no origin.
    """
    wrong = [each for each in added if not is_origin(each)]
    for each in wrong:
        print(what_is_wrong(each), file=sys.stderr)
    if wrong:
        return NO_ORIGIN
    clock = SystemClock()
    database = await Database.open(settings.database_url, connections=1)
    try:
        async with database.transaction() as tx:
            client = await read_client(tx, client_id)
            if client is not None:
                author = Author(client.region_id, "system", "operator", clock.now(), TimeOrderedIds(clock))
                client = await change_origins(tx, author, client_id, added, removed)
    finally:
        await database.close()
    return say(client, client_id, as_json=as_json)


def say(client: ClientRow | None, client_id: str, *, as_json: bool) -> int:
    if client is None:
        print(f"There is no client {client_id}.", file=sys.stderr)
        return NO_CLIENT
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(client), indent=2).decode())
        return 0
    print(
        "\n".join(client.return_origins) or f"{client.name} has no origin: no payment page leads back to it."
    )
    return 0


def what_is_wrong(text: str) -> str:
    """Why a text is no origin, with the one that was perhaps meant."""
    meant = origin_of(text.strip().lower())
    hint = f" Did you mean {meant}?" if meant and is_origin(meant) else ""
    return (
        f"{text} is no origin. Give scheme, host and perhaps a port, such as https://tickets.example, in "
        f"lower case and without a path; http only for this machine itself.{hint}"
    )
