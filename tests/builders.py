"""A small town for tests: makes what a test needs through plain inserts, and acts through the real verbs."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from httpx import ASGITransport, AsyncClient
from litestar import Litestar
from msgspec.structs import replace

from credits.payments.provider import PaymentProvider
from credits.payments.seller import open_books
from reservations.booking.actor import ByClient, ByStaff, CardProof
from reservations.booking.answers import Answer
from reservations.booking.commands import Book, GiveUp, RequestedLine
from reservations.booking.services import BookingServices
from tests.copies import settings_of
from tests.disclosure import Disclosures, watched
from uit.core.clock import SetClock
from uit.core.errors import Busy
from uit.core.seal import PassSeal, seal_pass
from uit.core.secret import digest, new_token
from uit.core.settings import Settings
from uit.entrypoints.app import create_app, opened
from uit.web.cookie import BROWSER_COOKIE, SESSION_COOKIE, cookie_name
from uit.web.form_token import FIELD, token_for

TOWN = "SELECT id FROM credits.legal_entity WHERE region_id = $1 AND enterprise_number = '0207437468'"
CLIENT = "kassa"
"""Who books through `World.command`."""
TWO_HOURS = timedelta(hours=2)
# When a session is, so that its tickets can be checked in now, and given back until it starts.
TONIGHT: dict[str, Any] = {"starts_in": timedelta(hours=4), "cancel_before": timedelta()}
# Applications that no world has open, by their settings, stores and keys aside: those come with the house.
SHELF: dict[Settings, list[Litestar]] = defaultdict(list)


@dataclass(frozen=True)
class Session:
    region_id: int
    id: UUID
    organiser_id: UUID
    event_id: UUID
    pool_id: UUID


@dataclass(frozen=True)
class Resident:
    """`token` is what the QR of their pass carries."""

    region_id: int
    person_id: UUID
    membership_id: UUID
    card_id: UUID
    token: str
    email: str


@asynccontextmanager
async def open_app(settings: Settings, clock: SetClock) -> AsyncIterator[Litestar]:
    """An application with this house in its state. It takes long to make, so the next world gets it too."""
    shelf = SHELF[
        replace(settings, database_url="", owner_database_url="", redis_url="", home="", secrets_file="")
    ]
    app = shelf.pop() if shelf else create_app(settings, clock)
    async with opened(app, settings, clock):
        yield app
    app.state.clear()
    shelf.append(app)


def transport_to(app: Litestar) -> ASGITransport:
    return ASGITransport(watched(app), raise_app_exceptions=False)  # type: ignore[arg-type]


@dataclass
class World:
    """`house` is the application's; `client` talks to it over ASGI. Region 1 is `dender`, 2 is `kust`."""

    services: BookingServices
    app: Litestar
    client: AsyncClient
    clock: SetClock
    owner: "asyncpg.Pool[Any]"
    programmes: dict[int, tuple[UUID, UUID]] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    disclosures: Disclosures = field(default_factory=Disclosures)
    count: int = 0

    @classmethod
    @asynccontextmanager
    async def open(
        cls, dsn: str, redis_url: str, smtp_url: str, clock: SetClock, folder: Path, **more: Any
    ) -> AsyncIterator["World"]:
        """`more` are settings that a test wants otherwise."""
        settings = settings_of(
            dsn,
            redis_url=redis_url,
            smtp_url=smtp_url,
            home=str(folder),
            base_url="http://testserver.local",
            example=False,
        )
        settings = replace(settings, **more)
        async with (
            asyncpg.create_pool(settings.owner_url, min_size=0) as owner,
            open_app(settings, clock) as app,
            AsyncClient(transport=transport_to(app), base_url=settings.base_url) as client,
        ):
            world = cls(app.state.services, app, client, clock, owner)
            world.disclosures.watch(client)
            await world.execute(
                "INSERT INTO uit.region (id, slug, name) VALUES (1, 'dender', 'Dender'), (2, 'kust', 'Kust')"
                " ON CONFLICT DO NOTHING"
            )
            yield world

    # The database, as its owner: to arrange and to look, never to act

    async def execute(self, statement: str, *args: object) -> str:
        return str(await self.owner.execute(statement, *args))

    async def value(self, statement: str, *args: object) -> Any:
        return await self.owner.fetchval(statement, *args)

    async def rows(self, statement: str, *args: object) -> list[Any]:
        return list(await self.owner.fetch(statement, *args))

    # What a town has

    async def organiser(self, region_id: int = 1, name: str = "De Werf") -> UUID:
        made = uuid4()
        await self.execute(
            "INSERT INTO organisers.organiser (region_id, id, name, created_at) VALUES ($1, $2, $3, $4)",
            region_id,
            made,
            name,
            self.clock.now(),
        )
        return made

    async def session(
        self,
        seats: int = 10,
        price_cents: int = 500,
        *,
        region_id: int = 1,
        organiser_id: UUID | None = None,
        starts_in: timedelta = timedelta(days=10),
        cancel_before: timedelta = timedelta(days=1),
        domain: str = "culture",
    ) -> Session:
        """A session with one pool and the tariffs `base` and `kansentarief` (a fifth of it, social only)."""
        organiser_id = organiser_id or await self.organiser(region_id)
        made = Session(region_id, uuid4(), organiser_id, uuid4(), uuid4())
        now, starts_at = self.clock.now(), self.clock.now() + starts_in
        await self.execute(
            "INSERT INTO organisers.event (region_id, id, organiser_id, name, domain, changed_at)"
            " VALUES ($1, $2, $3, 'De kleine prins', $4, $5)",
            region_id, made.event_id, organiser_id, domain, now,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO reservations.pool (region_id, id, name, licensed_capacity, capacity)"
            " VALUES ($1, $2, 'Zaal', greatest($3, 100), $3)",
            region_id, made.pool_id, seats,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO reservations.session (region_id, id, event_id, organiser_id, domain, attendance,"
            " starts_at, ends_at, sale_closes_at, cancel_until, pool_ids, due_at, changed_at)"
            " VALUES ($1, $2, $3, $4, $5, 'offline', $6, $7, $6, $8, $9, least($6::timestamptz, $8), $10)",
            region_id, made.id, made.event_id, organiser_id, domain, starts_at, starts_at + TWO_HOURS,
            starts_at - cancel_before, [made.pool_id], now,
        )  # fmt: skip
        for rank, (code, cents, eligibility) in enumerate(
            [("base", price_cents, "anyone"), ("kansentarief", price_cents // 5, "social")]
        ):
            await self.execute(
                "INSERT INTO reservations.tariff"
                " (region_id, session_id, code, name, price_cents, eligibility, pool_ids, rank)"
                " VALUES ($1, $2, $3, $3, $4, $5, $6, $7)",
                region_id, made.id, code, cents, eligibility, [made.pool_id], rank,
            )  # fmt: skip
        await self.execute(
            "INSERT INTO uit.directory VALUES ('session', $1, $2, $3)", made.id, region_id, organiser_id
        )
        await self._admit(region_id, organiser_id)
        return made

    async def tariff(
        self, session: Session, code: str, price_cents: int, **more: int | date | str | bool
    ) -> None:
        """One more tariff of a session; `more` are columns, such as `weight` or `age_to`."""
        row = {"name": code, "price_cents": price_cents, "rank": 2, **more}
        await self.execute(
            f"INSERT INTO reservations.tariff (region_id, session_id, pool_ids, code, {', '.join(row)})"
            f" VALUES ($1, $2, $3, $4, {', '.join(f'${n}' for n in range(5, 5 + len(row)))})",
            session.region_id, session.id, [session.pool_id], code, *row.values(),
        )  # fmt: skip

    async def resident(
        self,
        credit_cents: int = 0,
        *,
        region_id: int = 1,
        born_on: date = date(1990, 5, 17),
        social_until: date | None = None,
    ) -> Resident:
        """Somebody with an active card, and a purse when they have credit."""
        self.count += 1
        person_id, membership_id, card_id, now = uuid4(), uuid4(), uuid4(), self.clock.now()
        email = f"bewoner{self.count}@example.org"
        await self.execute(
            "INSERT INTO identity.person (id, given_name, family_name, born_on, email, created_at)"
            " VALUES ($1, 'Yasmine', 'Peeters', $2, $3, $4)",
            person_id, born_on, email, now,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO passes.membership (region_id, id, person_id, starts_on, social_until, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            region_id, membership_id, person_id, now.date(), social_until, now,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO passes.card (region_id, id, membership_id, number, kind, issuer, issued_at)"
            " VALUES ($1, $2, $3, $4, 'digital', 'test', $5)",
            region_id, card_id, membership_id, f"{self.count:013}", now,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO uit.directory VALUES ('card', $1, $2, $3)", card_id, region_id, membership_id
        )
        await self.execute("INSERT INTO credits.wallet VALUES ($1, $2)", region_id, membership_id)
        if credit_cents:
            await self.purse(region_id, membership_id, credit_cents)
        token = seal_pass(self.services.secrets.signing, PassSeal(region_id, card_id, 1))
        return Resident(region_id, person_id, membership_id, card_id, token, email)

    async def purse(self, region_id: int, wallet_id: UUID, cents: int, *, lapses_in_days: int = 300) -> UUID:
        """Credit from the region's own test programme, with the transfer that granted it."""
        programme_id, fund_id = await self.programme(region_id)
        made, held, now = uuid4(), uuid4(), self.clock.now()
        legal = await self.value(TOWN, region_id)
        await self.execute(
            "UPDATE credits.fund SET available_cents = available_cents - $3 WHERE region_id = $1 AND id = $2",
            region_id, fund_id, cents,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO credits.account VALUES ($1, $2, 'purse', $2, $4), ($1, $3, 'held', $2, $4)",
            region_id, made, held, legal,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO credits.purse (region_id, id, held_account_id, wallet_id, programme_id,"
            " version, fund_id,"
            " period, granted_cents, available_cents, lapses_at, lapse_due_at, granted_at)"
            " VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $8, $9, $9, $10)",
            region_id, made, held, wallet_id, programme_id, fund_id, made.hex, cents,
            now + timedelta(days=lapses_in_days), now,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id,"
            " amount_cents, at, purse_id)"
            " VALUES ($1, $2, 'grant', $3, $4, $5, $6, $4)",
            region_id, uuid4(), fund_id, made, cents, now,
        )  # fmt: skip
        return made

    async def programme(self, region_id: int = 1, budget_cents: int = 100_000_000) -> tuple[UUID, UUID]:
        """The region's test programme and its fund, made at first need."""
        if region_id in self.programmes:
            return self.programmes[region_id]
        programme_id, fund_id, claim_id, legal, now = uuid4(), uuid4(), uuid4(), uuid4(), self.clock.now()
        await self.execute(
            "INSERT INTO credits.legal_entity VALUES ($1, $2, 'Stad', '0207437468') ON CONFLICT DO NOTHING",
            region_id, legal,
        )  # fmt: skip
        legal = await self.value(TOWN, region_id)
        await self.execute(
            "INSERT INTO credits.account VALUES ($1, $2, 'fund', $2, $4), ($1, $3, 'claim', $2, $4)",
            region_id, fund_id, claim_id, legal,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO credits.programme VALUES ($1, $2, 'Cultuurkrediet', 'Stad', $3)",
            region_id,
            programme_id,
            now,
        )
        await self.execute(
            "INSERT INTO credits.programme_version"
            " (region_id, programme_id, version, amount_cents, valid_months, earning, starts_at)"
            " VALUES ($1, $2, 1, 5000, 12, 'attendance', $3)",
            region_id, programme_id, now,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO credits.fund VALUES ($1, $2, $3, $4, $5, $5)",
            region_id, fund_id, programme_id, claim_id, budget_cents,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at)"
            " VALUES ($1, $2, 'pledge', $3, $4, $5, $6)",
            region_id, uuid4(), claim_id, fund_id, budget_cents, now,
        )  # fmt: skip
        self.programmes[region_id] = programme_id, fund_id
        return programme_id, fund_id

    async def _admit(self, region_id: int, organiser_id: UUID) -> None:
        programme_id, _ = await self.programme(region_id)
        await self.execute(
            "INSERT INTO credits.agreement SELECT $1, $2, $3, $4, '2020-01-01' WHERE NOT EXISTS"
            " (SELECT FROM credits.agreement WHERE region_id = $1 AND organiser_id = $4)",
            region_id, uuid4(), programme_id, organiser_id,
        )  # fmt: skip

    async def seller(
        self,
        organiser_id: UUID,
        *,
        region_id: int = 1,
        card: bool = True,
        account: str | None = None,
        desk_hours: int | None = None,
        invoices: bool = False,
        fee_cents: int = 0,
    ) -> None:
        """An organiser takes money: by card on an account, at its desk, on an invoice.

        `account` is its own at the provider unless told otherwise; '' is that of the installation.
        """
        account = f"acct_{organiser_id.hex}" if account is None else account
        async with self.services.database.transaction() as tx:
            await open_books(tx, region_id, organiser_id, self.services.ids)
        await self.execute(
            "UPDATE credits.seller SET card_account = $3, card_open = $4, desk_hours = $5, invoices = $6,"
            " cancel_fee_cents = $7 WHERE region_id = $1 AND organiser_id = $2",
            region_id, organiser_id, account if card else None, card, desk_hours,
            invoices, fee_cents,
        )  # fmt: skip

    def pay_by(self, provider: PaymentProvider) -> None:
        """Card payments go by this provider from now on."""
        vars(self.services)["provider"] = provider

    # Who comes in

    async def api_client(
        self, *organisers: UUID, region_id: int = 1, origins: Sequence[str] = ()
    ) -> dict[str, str]:
        """The headers of an integrator scoped to these organisers; its shop stands at these `origins`."""
        token, name = new_token(), f"kassa-{uuid4().hex[:8]}"
        now = self.clock.now()
        await self.execute(
            "INSERT INTO identity.client"
            " (region_id, id, name, secret_digest, organiser_ids, created_at, return_origins)"
            " VALUES ($1, $2, 'Kassa', '\\x00', $3, $4, $5)",
            region_id,
            name,
            list(organisers),
            now,
            list(origins),
        )
        await self.execute(
            "INSERT INTO identity.access_token (digest, client_id, created_at, expires_at)"
            " VALUES ($1, $2, $3, $4)",
            digest("bearer", token), name, now, now + timedelta(days=1),
        )  # fmt: skip
        return {"Authorization": f"Bearer {token}"}

    async def holder_headers(self, resident: Resident) -> dict[str, str]:
        """The headers of a resident's own program."""
        token, now = new_token(), self.clock.now()
        await self.execute(
            "INSERT INTO identity.access_token (digest, person_id, created_at, expires_at)"
            " VALUES ($1, $2, $3, $4)",
            digest("bearer", token), resident.person_id, now, now + timedelta(days=1),
        )  # fmt: skip
        return {"Authorization": f"Bearer {token}"}

    async def municipality(self, refnis: str, name: str = "Aalst") -> str:
        """One of the 285, where a test needs it to exist."""
        await self.execute(
            "INSERT INTO uit.municipality (refnis, name, name_fr, province, postal_codes)"
            " VALUES ($1, $2, $2, 'Oost-Vlaanderen', '{9300}') ON CONFLICT DO NOTHING",
            refnis, name,
        )  # fmt: skip
        return refnis

    async def sign_in(self, resident: Resident) -> None:
        """The client's cookies become those of this resident."""
        await self._session("person_id", resident.person_id)

    async def sign_in_staff(
        self,
        role: str,
        *,
        region_id: int = 1,
        organiser_id: UUID | None = None,
        refnis: str | None = None,
        partner_id: UUID | None = None,
    ) -> UUID:
        """A new member of staff with one role and a second factor; the client's cookies become theirs."""
        staff_id, now = uuid4(), self.clock.now()
        await self.execute(
            "INSERT INTO identity.staff (id, name, email, created_at) VALUES ($1, 'An Claes', $2, $3)",
            staff_id, f"{staff_id.hex}@example.org", now,
        )  # fmt: skip
        await self.execute(
            "INSERT INTO identity.role"
            " (region_id, id, staff_id, role, organiser_id, refnis, partner_id, starts_at)"
            " VALUES ($1, $2, $3, $4::identity.staff_role, $5, $6, $7, $8)",
            region_id, uuid4(), staff_id, role, organiser_id, refnis, partner_id, now,
        )  # fmt: skip
        await self._session("staff_id", staff_id)
        return staff_id

    async def _session(self, column: str, owner: UUID) -> None:
        secret, now = new_token(), self.clock.now()
        await self.execute(
            f"INSERT INTO identity.session (digest, {column}, created_at, expires_at, second_factor_at)"
            " VALUES ($1, $2, $3, $4, $3)",
            digest("session", secret), owner, now, now + timedelta(hours=12),
        )  # fmt: skip
        self.client.cookies.set(SESSION_COOKIE, secret)

    async def post_form(self, address: str, **fields: object) -> Any:
        """Submit a form as a browser does, with the token of its page; does not follow the redirect."""
        data = {FIELD: await self.form_token(), **fields}
        return await self.client.post(address, data=data, follow_redirects=False)

    async def form_token(self) -> str:
        """The token of a page as the browser of the world would read it now."""
        settings, cookies = self.services.settings, self.client.cookies
        session, browser = (cookie_name(name, settings) for name in (SESSION_COOKIE, BROWSER_COOKIE))
        if not cookies.get(session) and not cookies.get(browser):
            await self.client.get("/aanmelden")
        return token_for(cookies.get(session) or cookies[browser], self.services.secrets.session)

    # Acting and looking

    async def book(
        self,
        who: Resident,
        session: Session,
        places: int = 1,
        tariff: str = "base",
        booking_id: UUID | None = None,
    ) -> Answer | Busy:
        return await self.services.turnstile.answer(
            self.command(who, [(session, tariff, places)], booking_id)
        )

    def command(
        self,
        who: Resident,
        wanted: Sequence[tuple[Session, str, int]],
        booking_id: UUID | None = None,
        **more: Any,
    ) -> Book:
        holder = CardProof(who.card_id, 1)
        lines = tuple(RequestedLine(session.id, tariff, places, holder) for session, tariff, places in wanted)
        content = digest("test", who.card_id, lines).hex()[:32]
        by = ByClient(CLIENT, frozenset(session.organiser_id for session, _, _ in wanted))
        return Book(wanted[0][0].region_id, booking_id or uuid4(), content, by, lines, "api", **more)

    async def cancel(self, booking_id: UUID, region_id: int = 1) -> Answer | Busy:
        """Staff give everything back, whatever the limit for cancelling."""
        return await self.services.turnstile.answer(GiveUp(region_id, booking_id, ByStaff(uuid4())))

    async def available_cents(self, *residents: Resident) -> int:
        wallets = [each.membership_id for each in residents]
        found = await self.value(
            "SELECT sum(available_cents) FROM credits.purse WHERE wallet_id = ANY($1)", wallets
        )
        return int(found or 0)

    async def places_left(self, session: Session) -> int:
        return int(
            await self.value(
                "SELECT capacity - taken - held FROM reservations.pool WHERE id = $1", session.pool_id
            )
        )

    async def more_sessions(
        self, session: Session, count: int, *, every: timedelta = timedelta(hours=1)
    ) -> None:
        """Further sessions of the same event, without tariffs, each so much after the one before."""
        await self.execute(
            "INSERT INTO reservations.session (region_id, id, event_id, organiser_id, domain, attendance,"
            " starts_at, ends_at, sale_closes_at, cancel_until, pool_ids, due_at, changed_at)"
            " SELECT region_id, gen_random_uuid(), event_id, organiser_id, domain, attendance,"
            " starts_at + n * $3::interval,"
            " ends_at + n * $3, sale_closes_at + n * $3, cancel_until + n * $3, pool_ids, due_at + n * $3,"
            " changed_at"
            " FROM reservations.session, generate_series(1, $2) AS n WHERE id = $1",
            session.id, count, every,
        )  # fmt: skip
