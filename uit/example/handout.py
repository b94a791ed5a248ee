"""The file `example.json`: addresses, passes and tokens to try the example. Only its owner can read it."""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.catalogue import listing as catalogue
from reservations.catalogue.listing import SessionDocument
from reservations.sessions.doors import CHECK_IN_BEFORE
from uit.core.origin import origin_of
from uit.core.seal import PassSeal, seal_pass
from uit.core.secret import Secrets, read_or_make
from uit.core.settings import Settings
from uit.database.statements import Executor, Statements
from uit.example.people import STAFF, THIBO, YASMINE
from uit.example.town import DENDER
from uit.identity.client.client import NewClient, create_client
from uit.identity.sign_in.example import example_sign_in_path
from uit.identity.sign_in.token import create_holder_token

SQL = Statements(__name__)

MOST_SESSIONS: Final = 1_000
# The sessions in the file begin later than this, so that a booking can also be cancelled.
CANCELLABLE_FOR: Final = timedelta(days=2)
# The session `tonight` begins later than this, so that there is time to book.
BOOKABLE_FOR: Final = timedelta(minutes=30)
ONE_EURO: Final = 100
FIFTY_PLACES: Final = 50


class ApiClient(Struct, frozen=True):
    """`return_origins`: where a payment page may lead back to."""

    client_id: str
    client_secret: str
    return_origins: tuple[str, ...] = ()


class Pass(Struct, frozen=True):
    """A pass: `pass_token` is the content of its QR code, `holder_token` is for the holder's own program."""

    number: str
    pass_token: str
    holder_token: str
    available_cents: int


class Tariff(Struct, frozen=True):
    code: str
    price_cents: int


class Session(Struct, frozen=True):
    id: UUID
    places_left: int
    tariffs: tuple[Tariff, ...]


class Handout(Struct, frozen=True):
    """The content of `example.json`. `sign_in` has a one-click address by role.

    The first of `sessions` has 50 places at 1 euro. `email` is of the resident, for a sign-in link.
    `tonight` begins so soon that its tickets can be checked in, and can no longer be cancelled; it can be
    booked until it starts.
    """

    base_url: str
    api_client: ApiClient
    sign_in: dict[str, str]
    email: str
    passes: tuple[Pass, ...]
    sessions: tuple[Session, ...]
    tonight: Session | None = None


class PassRow(Struct, frozen=True):
    person_id: UUID
    card_id: UUID
    number: str
    token_version: int
    available_cents: int


class Progress(Struct, frozen=True):
    """How far an interrupted start came: the numbers of events in the Dender and of dossiers."""

    events: int
    dossiers: int


class OrganiserRow(Struct, frozen=True):
    name: str
    id: UUID


read_passes = SQL.many("read_passes", PassRow)
select_organisers = SQL.many("select_organisers", OrganiserRow)
read_progress = SQL.one("read_progress", Progress)
has_client = SQL.value("has_client", bool)


def path_of(settings: Settings) -> Path:
    return settings.folder / "example.json"


async def read_organisers(tx: Executor, region_id: int) -> dict[str, UUID]:
    """The ids of the organisers of a region, by name."""
    return {each.name: each.id for each in await select_organisers(tx, region_id)}


async def make(tx: Executor, settings: Settings, now: datetime) -> Handout:
    """The content with a new client and new tokens."""
    secrets, organisers = read_or_make(settings.secrets_path), await read_organisers(tx, DENDER.region_id)
    own = origin_of(settings.address)
    origins = (own,) if own else ()
    client = NewClient(DENDER.region_id, "Kassa van het voorbeeld", list(organisers.values()), origins)
    return Handout(
        base_url=settings.address,
        api_client=ApiClient(*await create_client(tx, client, now), origins),
        sign_in=sign_in(settings, secrets),
        email=YASMINE.email,
        passes=tuple([await make_pass(tx, row, secrets, now) for row in await rows_of_passes(tx, now)]),
        sessions=await sessions_on_sale(tx, organisers.values(), now),
    )


async def rows_of_passes(tx: Executor, now: datetime) -> list[PassRow]:
    """The passes in the Dender except that of Yasmine, who is the resident of the one-click sign-in."""
    rows = await read_passes(tx, DENDER.region_id, now)
    return [row for row in rows if row.person_id != YASMINE.person_id]


async def make_pass(tx: Executor, row: PassRow, secrets: Secrets, now: datetime) -> Pass:
    seal = PassSeal(DENDER.region_id, row.card_id, row.token_version)
    token = await create_holder_token(tx, row.person_id, now)
    return Pass(row.number, seal_pass(secrets.signing, seal), token, row.available_cents)


async def refresh(tx: Executor, settings: Settings, now: datetime) -> Handout | None:
    """The stored content with the present places, credit and address; None when it is of another database."""
    old = read(settings)
    if old is None or not await has_client(tx, old.api_client.client_id):
        return None
    organisers = await read_organisers(tx, DENDER.region_id)
    available = {row.number: row.available_cents for row in await rows_of_passes(tx, now)}
    return replace(
        old,
        base_url=settings.address,
        sign_in=sign_in(settings, read_or_make(settings.secrets_path)),
        passes=tuple(replace(each, available_cents=available.get(each.number, 0)) for each in old.passes),
        sessions=await sessions_on_sale(tx, organisers.values(), now),
    )


def sign_in(settings: Settings, secrets: Secrets) -> dict[str, str]:
    residents = {"resident": YASMINE, "young": THIBO}
    paths = {
        name: example_sign_in_path(secrets, "person", each.person_id) for name, each in residents.items()
    }
    paths |= {each.role: example_sign_in_path(secrets, "staff", each.staff_id) for each in STAFF}
    return {role: f"{settings.address}{path}" for role, path in paths.items()}


async def sessions_on_sale(tx: Executor, organisers: Iterable[UUID], now: datetime) -> tuple[Session, ...]:
    """The sessions on sale in the Dender: first the one at 1 euro, then the soonest."""
    since = now + CANCELLABLE_FOR
    wanted = catalogue.ListingQuery(DENDER.region_id, tuple(organisers), now, since, limit=MOST_SESSIONS)
    page = await catalogue.sessions(tx, wanted)
    found = [as_session(each) for each in page.sessions if is_on_sale(each, since)]
    return tuple(sorted(found, key=lambda each: not is_one_euro_session(each)))


async def with_tonight(tx: Executor, known: Handout, organisers: Iterable[UUID], now: datetime) -> Handout:
    """The content with the first session that can be booked and checked in."""
    since, until = now + BOOKABLE_FOR, now + CHECK_IN_BEFORE
    page = await catalogue.sessions(
        tx, catalogue.ListingQuery(DENDER.region_id, tuple(organisers), now, since, until)
    )
    found = (as_session(each) for each in page.sessions if is_on_sale(each, since))
    return replace(known, tonight=next(found, None))


def is_on_sale(session: SessionDocument, since: datetime) -> bool:
    """Whether a session that begins then or later can be booked."""
    is_to_come = session.starts_at >= since and session.status == "scheduled"
    return is_to_come and bool(session.places_left) and bool(session.tariffs)


def as_session(session: SessionDocument) -> Session:
    tariffs = tuple(Tariff(each.code, each.price_cents) for each in session.tariffs)
    return Session(session.session_id, session.places_left or 0, tariffs)


def is_one_euro_session(session: Session) -> bool:
    return session.tariffs[0].price_cents == ONE_EURO and session.places_left <= FIFTY_PLACES


def read(settings: Settings) -> Handout | None:
    """The content of an earlier start; None when the file is missing or cannot be read."""
    try:
        return msgspec.json.decode(path_of(settings).read_bytes(), type=Handout)
    except (OSError, msgspec.MsgspecError):
        return None


def write(settings: Settings, handout: Handout) -> None:
    """Write the file atomically, readable by its owner only."""
    path = path_of(settings)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(handout), indent=2))
    draft.replace(path)
