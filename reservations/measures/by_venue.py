"""Dates in a list, together by where they are, so that the name of a place stands there once. Pure."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class InVenue(Protocol):
    @property
    def venue(self) -> str: ...


AnyDate = TypeVar("AnyDate", bound=InVenue)


def by_venue(dates: Iterable[AnyDate]) -> list[tuple[str, list[AnyDate]]]:
    """Each place with its dates, in the order in which they come first."""
    found: dict[str, list[AnyDate]] = {}
    for each in dates:
        found.setdefault(each.venue, []).append(each)
    return list(found.items())
