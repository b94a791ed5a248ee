"""Who runs a region says from which age parents do not see where a young person goes."""

from datetime import date

from tests.builders import World
from tests.identity.person.helpers import a_child
from tests.reservations.sessions.test_desk import text_of

SETTINGS = "/dender/beheer/instellingen"


async def test_the_age_counts_at_once_for_what_a_parent_sees(world: World) -> None:
    mother = await world.resident()
    jonas = await a_child(world, mother, credit_cents=2000, born_on=date(2012, 6, 1), name="Jonas")
    await world.book(jonas, await world.session(price_cents=300))
    seen = []
    for age in ("16", "13"):
        await world.sign_in_staff("region_officer")
        answer = await world.post_form(SETTINGS, own_outings_from=age)
        assert answer.headers["location"] == f"{SETTINGS}?gedaan=ja"
        await world.sign_in(mother)
        seen.append(text_of(await world.client.get(f"/dender/wie-help-ik/{jonas.membership_id}")))

    assert ["De kleine prins" in page for page in seen] == [True, False]
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'region.settings'") == 1


async def test_an_age_that_cannot_be_is_said_and_stays_in_the_field(world: World) -> None:
    await world.sign_in_staff("region_officer")

    answer = await world.post_form(SETTINGS, own_outings_from="11")

    assert answer.status_code == 422
    assert "Vul een leeftijd in van 12 tot 18." in text_of(answer)
    assert 'value="11"' in answer.text
