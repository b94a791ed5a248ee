"""An installation of an earlier version upgrades to this one, with all it has.

`landing.sql.gz` is the database of the example as the first version that upgrades wrote it: a dump of data
alone, for the migrations of then. Those are never changed, only added to, so it still fits them.
"""

import gzip
import subprocess
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import asyncpg

from credits.check import check_ledger
from reservations.booking.actor import ByHolder
from reservations.booking.answers import Ended
from reservations.booking.commands import GiveUp
from reservations.booking.services import open_services
from reservations.check import check_bookings
from reservations.settlement.earning import settle_earned
from uit.core.clock import SetClock
from uit.core.settings import Settings
from uit.database.migrate import migrate, read_migrations
from uit.embedded.stores import client_programs

LANDING = Path(__file__).parent / "landing.sql.gz"
LANDED_AT = datetime(2026, 11, 28, 22, 0, tzinfo=UTC)
A_YEAR_LATER = datetime(2028, 1, 1, tzinfo=UTC)
LANDED = {
    "0001 uit": "3891ed8ed6100654",
    "0002 identity": "e5583a578ca234b1",
    "0003 passes": "3883c3d545532123",
    "0004 organisers": "ad0cba50184b3963",
    "0005 labels": "8cebea914a595423",
    "0006 credits": "59d487a79f01c4d2",
    "0007 reservations": "16afe4153c3718ce",
    "0008 turnstile": "b5b38502a6f94c53",
}
"""The migrations of that version, by the start of the SHA-256 of their text."""

LANDED_SINCE = {
    "0009 money_kinds": "b2902ec0d43acdf5",
    "0010 payments": "81cdace224dc3f89",
    "0011 till": "403ce6b239823567",
    "0012 client_origins": "a738c9a1fdce315b",
    "0013 guests": "cd47dd140b919d8e",
    "0014 reconciliation": "c23496dfee5c3c1b",
    "0015 invoices": "4e98edae13b3821c",
    "0016 books": "5afd58e1ed492c82",
    "0017 mandates": "05aca10233172a89",
    "0018 refund_reason": "a3e856dc6ee94adf",
    "0019 small_mends": "9d2d6d4d259945f4",
    "0020 till_mends": "626289576f4c1a60",
    "0021 sold_for_others": "23c63203e1ef720f",
    "0022 receipts": "7e8ed95854b9a482",
    "0023 listed_and_limited": "f17ad05c8d4f71bc",
    "0024 for_whom_and_for_how_many": "5b5933cfebeb298f",
    "0025 listing": "4e6aa09f522702b6",
    "0026 who_counts": "8f4efe9a31c3d960",
    "0027 draft_answers": "55716cc2b5bae58c",
    "0028 facilities": "70545d909be7c324",
    "0029 region_officers": "a4073073e2708dd1",
    "0030 reports": "1227c96a37511847",
    "0031 who_signs_in": "d4dc65a71854c8a1",
    "0032 one_region_a_call": "86926114b8b92760",
    "0033 kept_while_open": "9f3daa1feef068d5",
    "0034 one_each": "7f2925bb7b41ccd0",
    "0035 ended_memberships": "922e71d9c68fae6c",
    "0036 indexes": "4b690f91540a65a6",
    "0037 ends_of_memberships": "11329a1511b941b7",
    "0038 checkin_ids": "d5289858ff6ec5f1",
    "0039 people": "a9cf8c1f03aa95b3",
    "0040 acting_for_another": "87fd96dd548c4d83",
    "0041 counter_bookings": "548ee4e5a0ae0f5c",
    "0042 reaching_people": "657f7714bb920969",
    "0043 merging_and_moving": "c027d0a988467d78",
    "0044 own_data": "7e4f46e0d7c31585",
    "0045 partners_and_groups": "c21e57b225f5ba14",
    "0046 discreet_outings": "a329519577eeb3c0",
    "0047 activities": "55a53a326afb259d",
    "0048 who_booked": "de6059f6c38841b6",
    "0049 places": "1d305466d6b267c5",
    "0050 changes": "c5178255a4449be8",
    "0051 seats": "352a6e8f9e7b881c",
    "0052 waiting_list": "8f29563217a55ecb",
    "0053 waiting_room": "c6d71f0cffe94878",
    "0054 tariff_conditions": "4202e27fde29e81a",
    "0055 completed_activities": "fe6a8753216491c1",
    "0056 choices": "27d497569d1f098e",
    "0057 waiting_together": "2ce2a0c3f7448b22",
    "0058 seats_everywhere": "c227bc3efb12809a",
    "0059 courses": "5a92e6dc526fc7da",
    "0060 settling": "dd7d9f46ae0c7131",
    "0061 measures_of_rooms": "ba1711e5fd75b21c",
    "0062 turn_cards": "a80eeace25ea30bd",
    "0063 longer_choice": "ab9cb31703c2fb27",
    "0064 ages_at_the_door": "57f4b1bb41ca677a",
    "0065 turn_cards_that_end": "f8622d5e4020ebaa",
    "0066 names_asked": "24a9f9b127693da6",
    "0067 waiting_for_courses_and_scopes": "e664253ac67e243a",
    "0068 ages_and_seats": "9b35b44143322b65",
    "0069 who_waits_comes_first": "a68f8e23553672d3",
    "0070 dates_for_turns": "7f467b3a69b0d1e2",
}
"""Those that landed after it, which are not changed any more either."""

LIVE_BOOKING = """
SELECT l.region_id, l.booking_id, l.holder_id
FROM reservations.line AS l
JOIN reservations.session AS s ON s.region_id = l.region_id AND s.id = l.session_id
WHERE l.credit_cents > 0 AND s.cancel_until > $1 AND EXISTS (
    SELECT 1 FROM reservations.ticket AS t
    WHERE t.region_id = l.region_id AND t.booking_id = l.booking_id AND t.status = 'confirmed'
)
ORDER BY l.booking_id
LIMIT 1
"""


def load(dsn: str) -> None:
    """Put the dump in as it is: rows that refer to each other come in any order."""
    script = b"SET session_replication_role = replica;\nDELETE FROM uit.region;\n" + gzip.decompress(
        LANDING.read_bytes()
    )
    command = [str(client_programs() / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", dsn]
    subprocess.run(command, input=script, check=True, stdout=subprocess.DEVNULL)


async def rows_by_table(dsn: str) -> dict[str, int]:
    connection = await asyncpg.connect(dsn)
    try:
        tables = await connection.fetch("SELECT table_name FROM uit.retention")
        return {name: await connection.fetchval(f"SELECT count(*) FROM {name}") for (name,) in tables}
    finally:
        await connection.close()


def test_the_migrations_of_the_landing_are_as_they_were() -> None:
    """From then on they are only added: an installation that has applied one would never get what changed."""
    there = {str(each): sha256(each.text.encode()).hexdigest()[:16] for each in read_migrations()}

    landed = LANDED | LANDED_SINCE
    assert landed.items() <= there.items()
    assert list(there)[: len(landed)] == list(landed)


async def test_a_filled_database_of_the_landing_upgrades_with_all_it_has(
    empty: str, valkey_url: str, tmp_path: Path
) -> None:
    every = read_migrations()
    await migrate(empty, every[: len(LANDED)])
    load(empty)
    before = await rows_by_table(empty)
    assert all(before[name] for name in ("reservations.ticket", "credits.transfer", "labels.award"))

    assert await migrate(empty) == every[len(LANDED) :]

    after = await rows_by_table(empty)
    assert {name: rows for name, rows in before.items() if after[name] < rows} == {}
    clock, settings = (
        SetClock(LANDED_AT),
        Settings(database_url=empty, redis_url=valkey_url, home=str(tmp_path)),
    )
    async with open_services(settings, clock) as services:
        async with services.database.reading() as connection:
            [(region_id, booking_id, holder_id)] = await connection.fetch(LIVE_BOOKING, LANDED_AT)
        given_up = await services.turnstile.answer(GiveUp(region_id, booking_id, ByHolder(holder_id)))
        assert isinstance(given_up, Ended)
        clock.set(A_YEAR_LATER)
        assert await settle_earned(services, A_YEAR_LATER) > 10
        async with services.database.reading() as connection:
            assert [str(fault) for fault in await check_ledger(connection)] == []
            assert await check_bookings(connection) == []
