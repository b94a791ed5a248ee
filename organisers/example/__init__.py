"""The invented events of the two regions of the example, always on dates in the next weeks."""

from datetime import date

from organisers.example.dender import DENDER
from organisers.example.kust import KUST
from organisers.example.sketch import write_event

SKETCHES = {"dender": DENDER, "kust": KUST}


def example_events(region: str, today: date) -> list[dict[str, object]]:
    """The events of `dender` or `kust` as UiTdatabank would publish them, with dates in the next six weeks.

    The same `today` gives the same events. In each region one session has 50 places at 1 euro, and one has 3
    places.
    """
    return [write_event(sketch, region, today) for sketch in SKETCHES[region]]
