"""The enterprise number of an organiser, and that of the legal entity that keeps its books."""

from uuid import UUID

from msgspec import Struct

from credits.errors import BooksBegun, NumberFixed
from credits.payments.seller import open_seller_accounts
from credits.programme.programme import lock_legal_entity
from organisers.organiser import write_enterprise_number
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class Books(Struct, frozen=True):
    """The legal entity of a seller. `other_id`: another one of the region that has the wanted number."""

    entity_id: UUID
    number: str | None
    other_id: UUID | None
    is_begun: bool


read_enterprise_number = SQL.value("read_enterprise_number", str)
"""That of an organiser; None where none is known."""
lock_selling = SQL.command("lock_selling")
read_books = SQL.maybe("read_books", Books)
number_entity = SQL.command("number_entity")
move_seller = SQL.command("move_seller")


async def set_enterprise_number(
    tx: Executor, region_id: int, organiser_id: UUID, number: str, ids: Ids
) -> NumberFixed | BooksBegun | None:
    """Say an organiser's number, of ten digits that were checked. A repeat changes nothing.

    Only while nothing is in its books, it gets new ones, with another legal entity that has that number.
    Refused, with nothing written: another number than it has, and books that cannot go there any more. Who
    opens books, says a number or sells at the same time goes before or after it.
    """
    await lock_legal_entity(tx, region_id)
    await lock_selling(tx, region_id, organiser_id)
    books = await read_books(tx, region_id, organiser_id, number)
    if books and books.number not in {None, number}:
        return NumberFixed()
    if books and books.other_id and books.is_begun:
        return BooksBegun()
    written: UUID | None = await write_enterprise_number(tx, region_id, organiser_id, number)
    if written is None:
        return NumberFixed()
    if books and books.other_id:
        await open_seller_accounts(tx, region_id, organiser_id, books.other_id, ids)
        await move_seller(tx, region_id, organiser_id, books.other_id)
    elif books:
        await number_entity(tx, region_id, books.entity_id, number)
    return None
