"""What is on in the two regions that the example shows: invented, and always in the weeks to come."""

from datetime import date

from organisers.example.dender import DENDER
from organisers.example.kust import KUST
from organisers.example.sketch import write_event

SKETCHES = {"dender": DENDER, "kust": KUST}


def example_events(region: str, today: date) -> list[dict[str, object]]:
    """The events of `dender` or `kust` as UiTdatabank would publish them, with dates in the next six weeks.

    The same day gives the same events. In each region one session has 50 places at 1 euro, and one has 3
    places, so that it is soon sold out.
    """
    return [write_event(sketch, region, today) for sketch in SKETCHES[region]]
