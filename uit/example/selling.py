"""The organisers of the example sell: at their desk, and by card where there is a payment provider."""

from typing import Final
from uuid import UUID

import httpx

from credits.payments.enterprise_number import set_enterprise_number
from credits.payments.onboarding import note_account, open_card
from credits.payments.provider import PaymentProvider
from credits.payments.seller import Ways, open_books, set_ways
from reservations.booking.services import BookingServices
from uit.example.handout import read_organisers
from uit.example.town import TOWNS, stable_id

WAYS: Final = Ways(desk_hours=48, desk_before_minutes=30)
WITHOUT_CARD: Final = "Muziekatelier Klankbord"
"""One that only takes money at its desk, as many clubs do."""


async def open_sellers(services: BookingServices) -> None:
    """Give every organiser books and ways to be paid; a repeat adds nothing."""
    for town in TOWNS:
        async with services.database.reading() as connection:
            organisers = await read_organisers(connection, town.region_id)
        for name, organiser_id in organisers.items():
            async with services.database.transaction() as tx:
                number = invented_number(name)
                refusal = await set_enterprise_number(tx, town.region_id, organiser_id, number, services.ids)
                assert refusal is None, refusal
                await open_books(tx, town.region_id, organiser_id, services.ids)
                await set_ways(tx, town.region_id, organiser_id, WAYS)
            if services.provider and name != WITHOUT_CARD:
                await take_cards(services, services.provider, town.region_id, organiser_id)


def invented_number(name: str) -> str:
    """A valid enterprise number, the same at every start; no real organisation is meant."""
    first = 9_000_000 + stable_id("enterprise number", name).int % 1_000_000
    return f"{first:08}{97 - first % 97:02}"


async def take_cards(
    services: BookingServices, provider: PaymentProvider, region_id: int, organiser_id: UUID
) -> None:
    """Open an account and fill in what the provider asks, on the page of the example's provider."""
    account = await open_card(services, provider, region_id, organiser_id)
    here = services.settings.address
    page = await provider.account_link(account, here, here)
    async with httpx.AsyncClient() as browser:
        await browser.post(page)
    await note_account(services, region_id, organiser_id, await provider.read_account(account))
