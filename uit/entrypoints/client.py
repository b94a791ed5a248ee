"""`python -m uit client`: the clients of the API, their secrets, and where their shops stand."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict

from organisers.organiser import read_lines
from uit.core.one_line import one_line
from uit.core.origin import is_origin, origin_of
from uit.core.settings import Settings
from uit.database.statements import Executor
from uit.entrypoints.indented_json import indented_json
from uit.entrypoints.operating import forget, opened_database, operator_of
from uit.entrypoints.refused import WRONG, CommandRefused
from uit.entrypoints.terminal import as_table, counted, region_named
from uit.identity.client.client import (
    ClientLine,
    ClientRow,
    NewClient,
    change_origins,
    find_region,
    read_client,
    read_clients,
    register_client,
    revoke_client,
    rotate_secret,
)
from uit.identity.client.scope import EVERY_SCOPE, SCOPES
from uit.services.region import read_regions

MOST_LETTERS = 80


class ClientSecret(Struct, frozen=True):
    """All that a client needs to ask for a token. The secret is shown this once."""

    client_id: str
    client_secret: str


def add_options(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    add_adding(verbs.add_parser("add", help="another client for organisers; prints its secret once"))
    rotating = verbs.add_parser(
        "rotate", help="a new secret; the old one stops at once, and so do the tokens that it gave"
    )
    revoking = verbs.add_parser("revoke", help="end a client at once, with its tokens; a repeat does no harm")
    origins = verbs.add_parser("origins", help="where its shop stands, to which a payment page may lead back")
    for name, what in (("--add", "scheme, host and perhaps a port"), ("--remove", "one of the list")):
        origins.add_argument(
            name, action="append", default=[], metavar="ORIGIN", help=f"{what}; repeat it for more"
        )
    for each in (rotating, revoking, origins):
        each.add_argument("client_id", metavar="CLIENT", help="the id with which it asks for a token")
    listing = verbs.add_parser("list", help="the clients, without their secrets")
    listing.add_argument("--region", help="only of the region with this slug")
    for each in (rotating, revoking, origins, listing):
        each.add_argument("--json", action="store_true", help="the answer, for a program")


def add_adding(add: ArgumentParser) -> None:
    add.add_argument("--region", required=True, help="the slug of the region")
    add.add_argument(
        "--organiser",
        required=True,
        action="append",
        metavar="ID",
        help="an organiser for which it works, as `organiser list` names it; repeat it for more",
    )
    add.add_argument("--name", required=True, help="how people call it: Ticket shop")
    add.add_argument(
        "--scope",
        action="append",
        choices=EVERY_SCOPE,
        metavar="VERB",
        help=f"what it may do: {', '.join(EVERY_SCOPE)}; repeat it for more; without it all of these",
    )
    add.add_argument(
        "--return-url",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="where its shop stands, to which a payment page may lead back: https://tickets.example",
    )
    add.add_argument("--json", action="store_true", help="client_id and client_secret, for a program")


async def run(settings: Settings, given: Namespace) -> int:
    match given.verb:
        case "add":
            return await add(settings, given)
        case "rotate":
            return await rotate(settings, given.client_id, as_json=given.json)
        case "revoke":
            return await revoke(settings, given.client_id, as_json=given.json)
        case "list":
            return await list_clients(settings, given.region, as_json=given.json)
        case _:
            return await origins(settings, given)


async def origins(settings: Settings, given: Namespace) -> int:
    if given.add or given.remove:
        return await set_origins(
            settings, given.client_id, added=given.add, removed=given.remove, as_json=given.json
        )
    return await list_origins(settings, given.client_id, as_json=given.json)


async def add(settings: Settings, given: Namespace) -> int:
    """Register a client. Raises CommandRefused for organisers that are not of the region."""
    name = one_line(given.name)
    if not 0 < len(name) <= MOST_LETTERS:
        raise CommandRefused(f"Give the client a name of at most {MOST_LETTERS} letters.", WRONG)
    refuse_wrong_origins(given.return_url)
    async with opened_database(settings) as database, database.transaction() as tx:
        region = await region_named(tx, given.region)
        organisers = await organisers_named(tx, region.id, given.organiser)
        same = [each for each in await read_clients(tx, region.id) if each.name == name]
        scopes = [each for each in SCOPES if each in (given.scope or EVERY_SCOPE)]
        wanted = NewClient(region.id, name, organisers, sorted(set(given.return_url)), scopes)
        made = ClientSecret(*await register_client(tx, operator_of(region.id), wanted))
    for each in same:
        print(
            f"To know: {each.id} has this name too. Is it one too many? `client revoke` ends it.",
            file=sys.stderr,
        )
    print_secret(made, as_json=given.json)
    return 0


def print_secret(made: ClientSecret, *, as_json: bool) -> None:
    if as_json:
        print(indented_json(made))
    else:
        print(f"client_id      {made.client_id}\nclient_secret  {made.client_secret}")
        print("The secret is shown this once. Hand it over by a safe way.", file=sys.stderr)


async def organisers_named(tx: Executor, region_id: int, texts: Sequence[str]) -> list[UUID]:
    """The ids in these texts. Raises CommandRefused for one that is no organiser of the region."""
    known = {str(line.id): line.id for line in await read_lines(tx, region_id)}
    for text in texts:
        if text.lower() not in known:
            raise CommandRefused(f"{text} is no organiser of this region. `organiser list` shows who is.")
    return list(dict.fromkeys(known[text.lower()] for text in texts))


async def rotate(settings: Settings, client_id: str, *, as_json: bool) -> int:
    """Print a new secret. The old one, and the tokens that it gave, work no more."""
    async with opened_database(settings) as database:
        async with database.transaction() as tx:
            done = await rotate_secret(tx, operator_of(await region_of(tx, client_id)), client_id)
        if done is None:
            raise CommandRefused(f"{client_id} was ended. Add another client.")
        await forget(settings, database, done.ended, "bearer")
    print_secret(ClientSecret(client_id, done.secret), as_json=as_json)
    return 0


async def revoke(settings: Settings, client_id: str, *, as_json: bool) -> int:
    """End a client. When this returns, none of its tokens opens anything."""
    async with opened_database(settings) as database:
        async with database.transaction() as tx:
            author = operator_of(await region_of(tx, client_id))
            ended = await revoke_client(tx, author, client_id) or []
        await forget(settings, database, ended, "bearer")
    if as_json:
        print(indented_json({"client_id": client_id, "tokens_ended": len(ended)}))
    else:
        tokens = counted(len(ended), "token of it works", "tokens of it work")
        print(f"{client_id} has ended. {tokens} no more.")
    return 0


async def region_of(tx: Executor, client_id: str) -> int:
    region_id: int | None = await find_region(tx, client_id)
    if region_id is None:
        raise unknown_client(client_id)
    return region_id


def unknown_client(client_id: str) -> CommandRefused:
    return CommandRefused(f"There is no client {client_id}. `client list` shows which there are.")


async def list_clients(settings: Settings, slug: str | None, *, as_json: bool) -> int:
    async with opened_database(settings) as database, database.reading() as tx:
        regions = [await region_named(tx, slug)] if slug else await read_regions(tx)
        lines = [(region.slug, each) for region in regions for each in await read_clients(tx, region.id)]
    if as_json:
        print(indented_json([{"region": region, **asdict(each)} for region, each in lines]))
    elif lines:
        heads = ("id", "name", "region", "since", "organisers", "scopes", "shops")
        print(as_table(heads, [as_row(region, each) for region, each in lines]))
    else:
        where = regions[0].name if slug else "This installation"
        print(f"{where} has no client yet. Add one with `client add`.")
    return 0


def as_row(region: str, line: ClientLine) -> tuple[str, ...]:
    since, organisers = line.created_at.strftime("%Y-%m-%d"), str(len(line.organiser_ids))
    shops = ", ".join(line.return_origins) or "-"
    return line.id, line.name, region, since, organisers, ", ".join(line.scopes), shops


async def list_origins(settings: Settings, client_id: str, *, as_json: bool) -> int:
    """Print the origins of a client. Raises CommandRefused when there is no such client."""
    async with opened_database(settings) as database, database.reading() as connection:
        return say(await read_client(connection, client_id), client_id, as_json=as_json)


async def set_origins(
    settings: Settings, client_id: str, *, added: Sequence[str], removed: Sequence[str], as_json: bool
) -> int:
    """Add and remove origins, all of it or nothing, and print those that are left. A repeat changes nothing.

    Raises CommandRefused when there is no such client, or something to add is no origin.
    """
    refuse_wrong_origins(added)
    async with opened_database(settings) as database, database.transaction() as tx:
        client = await read_client(tx, client_id)
        if client is not None:
            client = await change_origins(tx, operator_of(client.region_id), client_id, added, removed)
    return say(client, client_id, as_json=as_json)


def say(client: ClientRow | None, client_id: str, *, as_json: bool) -> int:
    if client is None:
        raise unknown_client(client_id)
    if as_json:
        print(indented_json(client))
        return 0
    print(
        "\n".join(client.return_origins) or f"{client.name} has no origin: no payment page leads back to it."
    )
    return 0


def refuse_wrong_origins(texts: Sequence[str]) -> None:
    wrong = [what_is_wrong(each) for each in texts if not is_origin(each)]
    if wrong:
        raise CommandRefused("\n".join(wrong), WRONG)


def what_is_wrong(text: str) -> str:
    """Why a text is no origin, with the one that was perhaps meant."""
    meant = origin_of(text.strip().lower())
    hint = f" Did you mean {meant}?" if meant and is_origin(meant) else ""
    return (
        f"{text} is no origin. Give scheme, host and perhaps a port, such as https://tickets.example, in "
        f"lower case and without a path; http only for this machine itself.{hint}"
    )
