"""What a client sends to wait for what is full, and the command behind it."""

from typing import Annotated, ClassVar, Final
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from reservations import api_examples
from reservations.booking.actor import client_actor
from reservations.booking.commands import GuestContact, JoinWaitingList, bound_to
from reservations.booking.price_code import CODES_OF_CLIENT, code_digest, code_limit
from reservations.booking.request import MOST_LINES, GuestRequest, PassToken, PriceCode
from reservations.booking.services import BookingServices
from reservations.errors import OtherRegion, SessionUnknown
from reservations.most_places import MOST_OF_GROUP
from reservations.waiting.place import SoughtLine, find_lines_of
from reservations.waiting_line.entry import WantedPlaces
from reservations.waiting_line.errors import GuestWaitsAlone, OtherActivity
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.core.seal import open_pass
from uit.identity.visitor import Client
from uit.passes.card.card import holder_by_pass
from uit.passes.errors import PassUnknown
from uit.web.misread import excluded_field, missing_field

MOST_DATES: Final = 30
# The framework describes nothing of what is in a list, unless it is said twice.
DATE_SCHEMA: Final = {"items": {"type": "string", "format": "uuid"}}
Dates = Annotated[
    list[UUID],
    Meta(min_length=1, max_length=MOST_DATES, extra_json_schema={"extra": DATE_SCHEMA}),
]


class WantedRequest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Tickets of one tariff, so many as `places`. `pass_token` is of who comes, where that is another.

    `code` is what somebody typed for a price that asks one; it is looked at now, and no more at the offer.
    Where seats are numbered, so many who come are in `wheelchairs`: nothing else is offered for them.
    """

    tariff: Annotated[str, Meta(min_length=1, max_length=40)]
    places: Annotated[int, Meta(ge=1, le=MOST_OF_GROUP)]
    pass_token: PassToken | UnsetType = UNSET
    code: PriceCode | UnsetType = UNSET
    wheelchairs: Annotated[int, Meta(ge=0, le=MOST_OF_GROUP)] = 0


class WaitingRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Who waits for which dates, and for which places: all of them together, or none.

    `entry_id` is an id of yours, by which a repeat is known. `session_ids`: dates of one activity that are
    all as good, of which one is offered.
    """

    EXAMPLES: ClassVar = api_examples.WAITING
    EXACTLY_ONE: ClassVar = ("pass_token", "guest")

    entry_id: UUID
    session_ids: Dates
    lines: Annotated[list[WantedRequest], Meta(min_length=1, max_length=MOST_LINES)]
    pass_token: PassToken | UnsetType = UNSET
    guest: GuestRequest | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.pass_token is UNSET and self.guest is UNSET:
            raise missing_field("pass_token")
        if self.pass_token is not UNSET and self.guest is not UNSET:
            raise excluded_field("guest")

    @property
    def contact(self) -> GuestContact | None:
        guest = self.guest
        return None if guest is UNSET else GuestContact(guest.name.strip(), guest.email.strip().lower())

    def bound(self, client: Client) -> str:
        """What binds the id to what is asked: a repeat is the same from another device."""
        whose = self.contact or self.pass_token
        return bound_to(
            "POST", self.entry_id, client.client_id, self.session_ids, without_codes(self.lines), whose
        )


async def as_command(
    request: WaitingRequest, client: Client, services: BookingServices
) -> JoinWaitingList | Refusal:
    """The command behind a request: each pass is of a holder, and all dates are of one activity."""
    if request.guest is not UNSET and any(each.pass_token is not UNSET for each in request.lines):
        return GuestWaitsAlone()
    line = await line_asked(request, client, services)
    if isinstance(line, Refusal):
        return line
    typed = "".join(each.code for each in request.lines if each.code is not UNSET)
    if too_often := await code_limit(services.limiter, CODES_OF_CLIENT, client.client_id, typed):
        return too_often
    holders = await holders_of(request, client, services)
    if isinstance(holders, Refusal):
        return holders
    own_id = None if request.pass_token is UNSET else holders[request.pass_token]
    found = [
        (each, own_id if each.pass_token is UNSET else holders[each.pass_token]) for each in request.lines
    ]
    return JoinWaitingList(
        region_id=client.region_id,
        entry_id=request.entry_id,
        event_id=line.event_id,
        session_ids=tuple(dict.fromkeys(request.session_ids)),
        lines=tuple(
            WantedPlaces(
                each.tariff,
                each.places,
                holder_id if holder_id != own_id else None,
                wheelchairs=each.wheelchairs,
            )
            for each, holder_id in found
        ),
        membership_id=own_id,
        guest=request.contact,
        channel="api",
        keeps=line.keeps,
        by=client_actor(client),
        digest=request.bound(client),
        code_digests=digests_of(request, client, services),
    )


def without_codes(lines: list[WantedRequest]) -> list[WantedRequest]:
    return [each if each.code is UNSET else replace(each, code=UNSET) for each in lines]


def digests_of(request: WaitingRequest, client: Client, services: BookingServices) -> dict[str, str]:
    """What is kept of the codes that were typed, by tariff, until the line was joined."""
    key = services.secrets.signing
    found = {each.tariff: code_digest(key, client.region_id, each.code or "") for each in request.lines}
    return {tariff: digest for tariff, digest in found.items() if digest}


async def line_asked(
    request: WaitingRequest, client: Client, services: BookingServices
) -> SoughtLine | SessionUnknown | OtherActivity:
    """The line of the activity of these dates."""
    async with services.database.reading() as connection:
        found = await find_lines_of(connection, client.region_id, request.session_ids)
    by_date = {each.session_id: each for each in found}
    unknown = next((each for each in request.session_ids if each not in by_date), None)
    if unknown:
        return SessionUnknown(unknown)
    first = by_date[request.session_ids[0]]
    other = next((each.session_id for each in found if each.event_id != first.event_id), None)
    return OtherActivity(other) if other else first


async def holders_of(
    request: WaitingRequest, client: Client, services: BookingServices
) -> dict[str, UUID] | Refusal:
    """The members whose passes are shown, by what was shown."""
    tokens = [request.pass_token, *(each.pass_token for each in request.lines)]
    key, day = services.secrets.signing, day_in_flanders(services.clock.now())
    holders: dict[str, UUID] = {}
    async with services.database.reading() as connection:
        for token in dict.fromkeys(each for each in tokens if each is not UNSET):
            seal = open_pass(key, token)
            if seal is None:
                return PassUnknown()
            if seal.region_id != client.region_id:
                return OtherRegion(request.session_ids[0])
            holder = await holder_by_pass(connection, key, token, day)
            if isinstance(holder, Refusal):
                return holder
            holders[token] = holder.membership_id
    return holders
