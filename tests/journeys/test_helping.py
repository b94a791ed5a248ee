"""Who acts for another: parents who live apart, a daughter for her mother, and a child who turns 18."""

from datetime import timedelta

from tests.journeys.conftest import Evening, in_database
from tests.journeys.steps import Street, Visitor
from tests.town import Town
from uit.core.clock import SystemClock, day_in_flanders
from uit.example.people import RESIDENTS, Inhabitant

PEOPLE = {each.given_name: each for each in RESIDENTS["dender"]}
SOFIE, KOEN, LOUISE = PEOPLE["Sofie"], PEOPLE["Koen"], PEOPLE["Louise"]
KATRIEN, GODELIEVE = PEOPLE["Katrien"], PEOPLE["Godelieve"]
INGRID, NOOR = PEOPLE["Ingrid"], PEOPLE["Noor"]


async def are_parents(town: Town, child: Inhabitant, *parents: Inhabitant) -> None:
    """As a clerk writes down with the act of birth."""
    for parent in parents:
        await in_database(
            town,
            "INSERT INTO identity.representation (id, kind, person_id, representative_id, powers, proof,"
            " starts_on, created_at) VALUES (gen_random_uuid(), 'parental', $1, $2, '{see,book,pay}',"
            " 'akte', '2020-01-01', now())",
            child.person_id, parent.person_id,
        )  # fmt: skip


async def signs_in(street: Street, who: Inhabitant) -> Visitor:
    visitor = await street.arrive()
    await visitor.go("/dender")
    await visitor.follow("Meld je aan")
    await visitor.fill(email=who.email)
    await visitor.press("Stuur mij een link")
    await visitor.open_mail(who.email, "/aanmelden/")
    await visitor.press("Meld mij aan")
    return visitor


async def books_for(visitor: Visitor, evening: Evening, whom: Inhabitant) -> str:
    """Untick oneself, tick another, and book; the address of the booking."""
    await visitor.find(evening.name, evening.day, evening.town)
    await visitor.reads(f"Voor {whom.given_name}")
    await visitor.follow("Boek je plaats")
    await visitor.page.get_by_label("Jij", exact=True).uncheck()
    await visitor.tick(whom.given_name)
    await visitor.press("Toon hun prijs")
    await visitor.press("Bevestig")
    await visitor.reads(f"Voor {whom.given_name}. Jij boekte dit.", "Ticket 1 van 1")
    return visitor.page.url


async def test_a_father_who_lives_apart_books_for_the_child_and_sees_nothing_of_the_mother(
    street: Street, next_week: Evening
) -> None:
    await are_parents(street.town, LOUISE, SOFIE, KOEN)
    mother, father = await signs_in(street, SOFIE), await signs_in(street, KOEN)

    of_mother = await books_for(mother, next_week, LOUISE)
    await father.go("/dender/mijn-boekingen")
    await father.reads_not(next_week.name)
    of_father = await books_for(father, next_week, LOUISE)

    await father.follow("Mijn boekingen")
    await father.reads(next_week.name)
    assert await father.page.locator(f"a[href$='{of_father.rpartition('/')[2]}']").count()
    assert not await father.page.locator(f"a[href$='{of_mother.rpartition('/')[2]}']").count()
    await father.go("/dender/wie-help-ik")
    await father.follow("Louise")
    await father.reads("Krediet dat er nog is", "Dit boekte jij")
    await father.reads_not("Sofie", SOFIE.email)


async def test_a_mother_books_for_herself_and_her_child_in_one_go(street: Street, next_week: Evening) -> None:
    await are_parents(street.town, LOUISE, SOFIE)
    mother = await signs_in(street, SOFIE)
    await mother.find(next_week.name, next_week.day, next_week.town)
    await mother.follow("Boek je plaats")

    await mother.tick("Louise")
    await mother.press("Bevestig")
    await mother.reads("Hoeveel plaatsen voor jou?", "Hoeveel plaatsen voor Louise?")
    await mother.page.locator("input[name^=plaatsen-]").last.fill("1")
    await mother.press("Reken opnieuw")
    await mother.press("Bevestig")

    await mother.reads("Voor jou en Louise. Jij boekte dit.", "Voor iedereen samen", "Ticket 2 van 2")
    await mother.follow("Annuleren")
    await mother.page.get_by_role("checkbox").last.check()
    await mother.press("Annuleer wat ik aankruiste")
    await mother.reads("Ticket 1", "1 plaats geannuleerd")


async def test_a_daughter_helps_her_mother_for_a_year_and_is_stopped(
    street: Street, next_week: Evening
) -> None:
    mother, daughter = await signs_in(street, GODELIEVE), await signs_in(street, KATRIEN)
    until = day_in_flanders(SystemClock().now()) + timedelta(days=364)
    await mother.go("/dender/wie-helpt-mij")
    await mother.fill(naam="Katrien Meganck", bereik=KATRIEN.email, bedrag="20", tot=str(until))
    for power in ("see", "book", "pay"):
        await mother.page.locator(f"[name='{power}']").check()
    await mother.page.locator("main form").last.get_by_role("button").click()
    await mother.page.wait_for_load_state()
    await mother.reads("Je vraag is verstuurd.")

    await daughter.go("/dender/wie-help-ik")
    await daughter.press("Ja, ik help")
    booking = await books_for(daughter, next_week, GODELIEVE)
    await mother.go("/dender/wie-helpt-mij")
    await mother.reads("Katrien Meganck", next_week.name)
    await mother.page.get_by_text("Stop met deze hulp").first.click()
    await mother.press("Ja, stop nu")

    await daughter.page.goto(booking)
    await daughter.reads_not(next_week.name)
    await daughter.go("/dender/mijn-boekingen")
    await daughter.reads_not(next_week.name)
    await mother.go(booking)
    await mother.reads("Katrien Meganck boekte dit voor jou.")


async def test_a_child_turns_eighteen_and_books_alone(street: Street, next_week: Evening) -> None:
    await are_parents(street.town, NOOR, INGRID)
    today = day_in_flanders(SystemClock().now())
    birthday = today.replace(year=today.year - 18)
    born_on = "UPDATE identity.person SET born_on = $2 WHERE id = $1"
    await in_database(street.town, born_on, NOOR.person_id, birthday + timedelta(days=1))
    parent = await signs_in(street, INGRID)
    await parent.go("/dender/wie-help-ik")
    await parent.follow("Noor")
    await parent.reads("Krediet dat er nog is")

    await in_database(street.town, born_on, NOOR.person_id, birthday)

    await parent.go("/dender/wie-help-ik")
    await parent.reads("Je helpt nu niemand.")
    await parent.find(next_week.name, next_week.day, next_week.town)
    await parent.reads_not("Voor Noor")
    noor = await signs_in(street, NOOR)
    await noor.book(next_week.name, next_week.day, next_week.town)
    await noor.reads("Ticket 1 van 1")
