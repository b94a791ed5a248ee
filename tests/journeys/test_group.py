"""A worker takes eight people out: from the purse of the group to the door."""

import re

from tests.journeys.conftest import Evening
from tests.journeys.steps import Street


async def test_a_worker_takes_eight_people_to_the_circus(street: Street, next_week: Evening) -> None:
    worker = await street.arrive("group_worker")
    await worker.follow("Groepsbegeleider")
    await worker.reads("Woensdaggroep", "nog ", "Krediet: ")
    await worker.follow("Woensdaggroep")
    await worker.reads("nog 120 van 120", "Nog niets geboekt.")
    await worker.follow("Boek voor deze groep")
    await worker.fill(zoek="zzz")
    await worker.press("Zoek")
    await worker.reads("Niets gevonden")
    await worker.fill(zoek=next_week.name)
    await worker.press("Zoek")
    first = worker.page.locator("main li.card a").last
    async with worker.page.expect_event("load"):
        await first.click()
    await worker.look()
    await worker.press("Toon het bedrag")
    await worker.reads("Kies minstens één plaats.")
    field = worker.page.locator("input[name^=plaatsen-]").first
    await field.fill("8")
    await worker.press("Toon het bedrag")
    await worker.reads("Samen")
    await worker.press("Boek")

    await worker.reads("Voor iedereen samen", "Nog 8 personen")
    assert re.search(r"/groepen/[^/]+/boekingen/", worker.page.url)
    await worker.page.get_by_text("Geef plaatsen terug").click()
    await worker.fill(aantal="9")
    await worker.press("Ja, geef terug")
    await worker.reads("Vul een getal in van 1 tot 8.")
    await worker.fill(aantal="2")
    await worker.press("Ja, geef terug")
    await worker.reads("Nog 6 personen")
    await worker.follow("Andere datum, of meer of minder mensen")
    await worker.page.locator("input[name^=aantal-]").first.fill("7")
    await worker.press("Bekijk wat het kost")
    await worker.reads("Nieuw: 1 plaats")
    await worker.press("Ja, wijzig de boeking")
    await worker.reads("7")
    await worker.follow("Jaaroverzicht")
    await worker.go(f"{worker.page.url}?jaar={next_week.day[:4]}")
    await worker.reads("Woensdaggroep", "7 van 120")
