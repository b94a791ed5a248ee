"""Organisers that take money, for tests: a row with the accounts of its books."""

from uuid import UUID, uuid4

from tests.builders import World

KINDS = (
    "sale", "card", "till", "terminal", "invoice", "bank", "safe", "fee", "rounding", "difference",
    "disputed",
)  # fmt: skip


async def make_seller(world: World, organiser_id: UUID, region_id: int = 1, **terms: object) -> None:
    """`terms` are columns of `credits.seller`."""
    await world.programme(region_id)
    legal = await world.value("SELECT id FROM credits.legal_entity WHERE region_id = $1", region_id)
    accounts = {f"{kind}_account_id": uuid4() for kind in KINDS}
    for kind, account_id in zip(KINDS, accounts.values(), strict=True):
        await world.execute(
            "INSERT INTO credits.account VALUES ($1, $2, $3, $4, $5)",
            region_id, account_id, kind, organiser_id, legal,
        )  # fmt: skip
    values = {
        "region_id": region_id, "organiser_id": organiser_id, "legal_entity_id": legal, **accounts, **terms
    }  # fmt: skip
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    await world.execute(
        f"INSERT INTO credits.seller ({', '.join(values)}) VALUES ({places})",
        *values.values(),
    )


async def make_mandate(world: World, organiser_id: UUID, agent_id: UUID) -> UUID:
    """On paper the agent may sell for the organiser; that it does is said in the row of the seller."""
    made = uuid4()
    await world.execute(
        "INSERT INTO organisers.mandate (region_id, id, organiser_id, agent_id, reference, legal_opinion,"
        " procurement, starts_on)"
        " VALUES (1, $1, $2, $3, 'Raad van 12 mei', 'advies 7', '2026/14', '2026-03-01')",
        made, organiser_id, agent_id,
    )  # fmt: skip
    return made


async def make_customer(
    world: World, seller_id: UUID, customer_id: UUID | None = None, region_id: int = 1
) -> UUID:
    """An organisation that books on invoices of this seller."""
    made = customer_id or uuid4()
    await world.execute(
        "INSERT INTO credits.customer (region_id, id, seller_id, name, enterprise_number, street,"
        " postal_code, town, email, contact, term_days, limit_cents, starts_on, code_digest, agreed_at)"
        " VALUES ($1, $2, $3, 'De Klimop', '0876543270', 'Markt 1', '9300', 'Aalst', 'e@klimop.example',"
        " 'Els Maes', 30, 1000000, '2020-01-01', uuid_send($2), $4)",
        region_id, made, seller_id, world.clock.now(),
    )  # fmt: skip
    return made
