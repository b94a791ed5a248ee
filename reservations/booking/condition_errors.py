"""What a booking can be refused for by what an organiser asks for a price."""

from uuid import UUID

from uit.core.errors import Refusal


class CompanionAlone(Refusal, code="reservations.companion_alone", status=409):
    """More companions than tickets at other prices, which each has one beside it."""

    session_id: UUID
    tariff: str
    companions: int
    tickets: int


class MostPerPerson(Refusal, code="reservations.most_per_person", status=409):
    """One person would have more. How many they have is not said: who books may be another."""

    session_id: UUID
    tariff: str
    most: int


class MostPerHousehold(Refusal, code="reservations.most_per_household", status=409):
    """A household would have more. Who of them has what is not said."""

    session_id: UUID
    tariff: str
    most: int


class CodeAsked(Refusal, code="reservations.code_asked", status=422):
    """The price is for who has the code of the organiser, and none was given."""

    session_id: UUID
    tariff: str


class CodeWrong(Refusal, code="reservations.code_wrong", status=422):
    """It is another code, or its last day is past: the refusal does not say which."""

    session_id: UUID
    tariff: str


class CodeUsedUp(Refusal, code="reservations.code_used_up", status=409):
    """The code is good for fewer tickets than that."""

    session_id: UUID
    tariff: str
    places_asked: int
    places_left: int
