"""The house with its turnstile, for the routes that book."""

from dataclasses import dataclass

from reservations.booking import Turnstile
from reservations.session import SessionRegions
from uit.ground.house import House


@dataclass(frozen=True)
class BookingHouse(House):
    turnstile: Turnstile
    session_regions: SessionRegions
