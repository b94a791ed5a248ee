"""Handing a closed year to an archive: its rows as files, and a list that verifies them.

Only what was handed over is erased, ten years later: see `erasing.py`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from credits.bookkeeping.closing import BookYear, YearClose, find_close, is_signed, sum_of
from credits.bookkeeping.journal import Period, journal_file
from credits.errors import ArchiveDiffers, YearNotClosed
from uit.core.errors import Refusal
from uit.database.pool import Database
from uit.database.statements import Command, Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)
LIST_NAME: Final = "SHA256SUMS"
JOURNAL_NAME: Final = "dagboek.csv"

SECONDS_PER_FILE: Final = 3600

write_archive = SQL.command("write_archive")
allow_long = SQL.value("allow_long", str)
ROWS: Final = {
    "transfer.csv": SQL.command("archived_transfers"),
    "account.csv": SQL.command("archived_accounts"),
    "closing_balance.csv": SQL.command("archived_balances"),
    "closing_vat.csv": SQL.command("archived_vat"),
    "purse.csv": SQL.command("archived_purses"),
    "resolution.csv": SQL.command("archived_resolutions"),
    "payment.csv": SQL.command("archived_payments"),
    "refund.csv": SQL.command("archived_refunds"),
    "customer.csv": SQL.command("archived_customers"),
    "invoice.csv": SQL.command("archived_invoices"),
    "invoice_line.csv": SQL.command("archived_invoice_lines"),
    "invoice_payment.csv": SQL.command("archived_invoice_payments"),
    "sold_for.csv": SQL.command("archived_sold_for"),
    "dispute.csv": SQL.command("archived_disputes"),
    "provider_entry.csv": SQL.command("archived_provider_entries"),
    "difference.csv": SQL.command("archived_differences"),
    "till_session.csv": SQL.command("archived_till_sessions"),
    "till_movement.csv": SQL.command("archived_movements"),
    "receipt.csv": SQL.command("archived_receipts"),
    "receipt_line.csv": SQL.command("archived_receipt_lines"),
    "tender.csv": SQL.command("archived_tenders"),
}
"""What is erased, as it is kept: the files of an archive, and the rows in each."""


async def archive_year(
    database: Database, wanted: BookYear, author: Author, key: bytes, folder: Path
) -> bytes | Refusal:
    """Write the files of a closed year in `folder`, which is made; returns the SHA-256 of their list.

    Nothing is archived of a year whose transfers are not those that were signed. A repeat writes the files
    again; the list of the last time counts, and the moment of the first.
    """
    async with database.reading() as connection:
        close = await find_close(connection, wanted)
        refusal = await why_not_archived(connection, wanted, close, key)
    if refusal is not None:
        return refusal
    sums = {name: await write_rows(database, wanted, folder / name, query) for name, query in ROWS.items()}
    sums[JOURNAL_NAME] = await write_journal(database, wanted, folder / JOURNAL_NAME)
    listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()
    with written(folder / LIST_NAME) as (write, _):
        write(listed)
    digest = sha256(listed).digest()
    await note_archived(database, wanted, author, digest)
    return digest


async def why_not_archived(
    tx: Executor, wanted: BookYear, close: YearClose | None, key: bytes
) -> Refusal | None:
    if close is None or close.confirmed_at is None:
        return YearNotClosed(wanted.year)
    if close.erased_at is not None:
        return ArchiveDiffers(wanted.year)
    same = (await sum_of(tx, wanted)).digest == close.digest and is_signed(key, wanted, close)
    return None if same else ArchiveDiffers(wanted.year)


async def write_rows(database: Database, wanted: BookYear, path: Path, query: Command) -> str:
    """The rows of a statement as CSV, straight from the database to the file; returns its SHA-256."""
    arguments = wanted.region_id, wanted.entity_id, wanted.year, wanted.since, wanted.until
    with written(path) as (write, digest):
        async with database.transaction() as tx:
            await allow_long(tx)

            async def keep(part: bytes) -> None:
                write(part)

            await tx.copy_from_query(
                query.text, *arguments, output=keep, format="csv", header=True, timeout=SECONDS_PER_FILE
            )
        return digest()


async def write_journal(database: Database, wanted: BookYear, path: Path) -> str:
    period = Period(wanted.region_id, wanted.entity_id, wanted.first, wanted.last)
    with written(path) as (write, digest):
        async for part in journal_file(database, period):
            write(part.encode())
        return digest()


@contextmanager
def written(path: Path) -> Iterator[tuple[Callable[[bytes], None], Callable[[], str]]]:
    """A file to write in parts, and what gives the SHA-256 of all that was written."""
    reckoned = sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:

        def write(part: bytes) -> None:
            reckoned.update(part)
            file.write(part)

        yield write, reckoned.hexdigest


async def note_archived(database: Database, wanted: BookYear, author: Author, digest: bytes) -> None:
    """Keep that a year was handed over, and when for the first time."""
    key = wanted.region_id, wanted.entity_id, wanted.year
    async with database.transaction() as tx:
        await write_archive(tx, *key, digest, author.now)
        await author.note(
            tx, "year.archive", "legal_entity", wanted.entity_id, year=wanted.year, digest=digest.hex()
        )
