"""The services of a process that books: those of every process, and its turnstile."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

from credits.payments.provider import PaymentProvider
from credits.payments.services import PaymentServices
from credits.payments.stripe import StripeProvider
from credits.till.terminal import ManualTerminal, Terminal
from reservations.booking.reader import BookingReader
from reservations.booking.session_region import SessionRegions
from reservations.booking.turnstile import Turnstile
from reservations.kept_basket import basket_name, open_kept_basket
from reservations.waiting_line.length import LineLengths
from uit.core.clock import Clock
from uit.core.ids import TimeOrderedIds
from uit.core.secret import read_or_make
from uit.core.settings import Settings
from uit.database.pool import Database
from uit.database.standby import Standby
from uit.database.watch import Watch
from uit.services.cache import Cache
from uit.services.clock_check import ClockCheck
from uit.services.limit import Limiter
from uit.services.mail import Mailer
from uit.services.region import Regions
from uit.services.text_message import Texter
from uit.services.vital_tasks import VitalTasks
from uit.web.cookie import cookie_name

TURNSTILE_CONNECTIONS = 2
"""One for its transactions, one for looks without a lock."""
PUBLIC_CONNECTIONS = 6
"""For pages that anybody may read. Two cores work at no more at once; the rest of a crowd waits its turn."""
STRIPE = "https://api.stripe.com"


class BookingServices(PaymentServices):
    """`terminal`: what takes payments by card at a till."""

    turnstile: Turnstile
    bookings: BookingReader
    terminal: Terminal
    session_regions: SessionRegions
    line_lengths: LineLengths

    def in_basket(self, cookies: Mapping[str, str], region_id: int, person_id: UUID | None) -> int:
        kept = cookies.get(cookie_name(basket_name(region_id), self.settings))
        basket = open_kept_basket(self.secrets.signing, kept, region_id, person_id) if kept else None
        return len(basket.lines) if basket else 0


@asynccontextmanager
async def open_services(settings: Settings, clock: Clock) -> AsyncIterator[BookingServices]:
    """Everything a process works with, opened and closed again; its turnstile turns meanwhile.

    The turnstile has connections of its own, which no page can keep from it.
    """
    secrets, ids = read_or_make(settings.secrets_path), TimeOrderedIds(clock)
    cache = Cache(settings.redis_url)
    database = await Database.open(settings.database_url)
    turnstile_database = await Database.open(
        settings.database_url, connections=TURNSTILE_CONNECTIONS, at_once=0, name="turnstile"
    )
    public_database = await Database.open(
        settings.database_url, connections=PUBLIC_CONNECTIONS, at_once=0, name="public"
    )
    standby = await open_standby(settings)
    provider = provider_of(settings)
    texter = Texter(settings.sms_url, settings.sms_from) if settings.sms_url else None
    services = BookingServices(
        settings=settings,
        database=database,
        public_database=public_database,
        standby=standby,
        watch=Watch(settings.database_url, database, turnstile_database, public_database),
        cache=cache,
        clock=clock,
        clock_check=ClockCheck(clock, database),
        ids=ids,
        secrets=secrets,
        regions=Regions(database, clock),
        mailer=Mailer(settings.smtp_url, settings.mail_from),
        texter=texter,
        limiter=Limiter(cache, clock, secrets.session),
        vital_tasks=VitalTasks(),
        turnstile=Turnstile(turnstile_database, clock, ids),
        bookings=BookingReader(database),
        terminal=ManualTerminal(),
        session_regions=SessionRegions(database),
        line_lengths=LineLengths(database),
        provider=provider,
    )
    services.vital_tasks.start("turnstile", services.turnstile.run())
    services.vital_tasks.start("bookings", services.bookings.run())
    services.vital_tasks.start("watch", services.watch.run())
    if standby:
        services.vital_tasks.start("standby", standby.run())
    try:
        yield services
    finally:
        await services.vital_tasks.close()
        if provider:
            await provider.close()
        if texter:
            await texter.close()
        await cache.close()
        if standby:
            await standby.close()
        await turnstile_database.close()
        await public_database.close()
        await database.close()


async def open_standby(settings: Settings) -> Standby | None:
    if not settings.read_database_url:
        return None
    return await Standby.open(
        settings.read_database_url, settings.database_url, connections=PUBLIC_CONNECTIONS
    )


def provider_of(settings: Settings) -> PaymentProvider | None:
    if not settings.stripe_secret_key:
        return None
    secrets = [each.strip() for each in settings.stripe_webhook_secret.split(",") if each.strip()]
    return StripeProvider(settings.stripe_secret_key, secrets, settings.stripe_api_base or STRIPE)
