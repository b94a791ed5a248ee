"""Computers on which many people book one after the other, as in a library: guests are not limited there."""

from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)
Network = IPv4Network | IPv6Network


class PublicComputer(Struct, frozen=True):
    """`network` is as PostgreSQL writes one: an address alone ends in `/32` or `/128`."""

    id: UUID
    name: str
    network: str
    named_at: datetime

    @property
    def address(self) -> str:
        """The network as people write it: an address alone without its length."""
        network = ip_network(self.network)
        return str(network.network_address) if network.num_addresses == 1 else str(network)


read_public_computers = SQL.many("read_public_computers", PublicComputer)
insert_public_computer = SQL.command("insert_public_computer")
"""Returns how many are new: 0 where the id or the network is there already."""
delete_public_computer = SQL.command("delete_public_computer")
is_public = SQL.value("is_public", bool)


async def name_computer(
    tx: Executor, author: Author, computer_id: UUID, name: str, network: Network
) -> PublicComputer | None:
    """Name one; None when it is new. Else the one that has this id, or this network, already."""
    if await insert_public_computer(tx, author.region_id, computer_id, name, str(network), author.now):
        await author.note(tx, "public_computer.name", "public_computer", computer_id, network=str(network))
        return None
    known = {each.id: each for each in await read_public_computers(tx, author.region_id)}
    return known.get(computer_id) or next(
        each for each in known.values() if ip_network(each.network) == network
    )


async def remove_computer(tx: Executor, author: Author, computer_id: UUID) -> None:
    """From now on it is limited as any other. A repeat changes nothing."""
    if await delete_public_computer(tx, author.region_id, computer_id):
        await author.note(tx, "public_computer.remove", "public_computer", computer_id)
