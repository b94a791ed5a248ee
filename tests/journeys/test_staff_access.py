"""How staff come in: with a passkey, in a browser with a virtual authenticator, and past who guesses."""

from collections.abc import AsyncIterator, Iterator

import pyotp
import pytest
from playwright.async_api import Browser

from tests.conftest import free_port
from tests.identity.steps import ANOTHER, PASSWORD
from tests.journeys.inspection import Inspector
from tests.journeys.steps import Street, Visitor
from tests.town import Town, a_home, command, open_town
from uit.core.clock import SystemClock
from uit.identity.staff.attempts import PASSWORDS_PER_ACCOUNT_AND_ADDRESS

EMAIL = "an.claes@example.org"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def named_town() -> Iterator[Town]:
    """A town with a name: no browser makes a passkey for a number such as 127.0.0.1."""
    port = free_port()
    with a_home() as home, open_town(port, home, BASE_URL=f"http://localhost:{port}") as opened:
        yield opened


@pytest.fixture
async def named_street(named_town: Town, chromium: Browser, inspector: Inspector) -> AsyncIterator[Street]:
    made = Street(named_town, chromium, inspector)
    yield made
    await made.leave()


async def with_authenticator(street: Street) -> Visitor:
    visitor = await street.arrive(script=True)
    devtools = await visitor.page.context.new_cdp_session(visitor.page)
    await devtools.send("WebAuthn.enable")
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return visitor


def base_of(town: Town) -> str:
    return f"http://localhost:{town.base.rpartition(':')[2]}"


async def accept_invitation(colleague: Visitor, email: str = EMAIL) -> pyotp.TOTP:
    """Choose a password and link an app; the app."""
    said = command(
        colleague.town.home,
        "invite",
        email,
        "--name",
        "An Claes",
        "--role",
        "clerk",
        "--region",
        "dender",
        BASE_URL=base_of(colleague.town),
    )
    await colleague.go(said.stdout.strip())
    await colleague.fill(password=PASSWORD)
    await colleague.press("Verder")
    key = await colleague.page.locator("figcaption").first.text_content()
    app = pyotp.TOTP((key or "").replace(" ", ""))
    await colleague.fill(code=app.at(SystemClock().now()))
    await colleague.press("Klaar")
    return app


async def test_a_passkey_is_made_signs_in_alone_or_second_and_is_removed(named_street: Street) -> None:
    colleague = await with_authenticator(named_street)
    app = await accept_invitation(colleague)
    await colleague.follow("Mijn toegang")
    await colleague.reads("Dit toestel", "Chrome", "Je hebt nog geen passkey.")

    await colleague.fill(name="Laptop van het werk", code=app.at(SystemClock().now(), counter_offset=1))
    await colleague.press("Maak een passkey")
    await colleague.reads("Je passkey is klaar.", "Laptop van het werk", "Nog nooit")

    await colleague.press("Afmelden")
    await colleague.press("Aanmelden met een passkey")
    await colleague.reads("Dag An Claes")

    await colleague.press("Afmelden")
    await colleague.fill(email=EMAIL, password=PASSWORD)
    await colleague.press("Verder")
    await colleague.reads("De code van je telefoon")
    await colleague.press("Aanmelden met een passkey")
    await colleague.reads("Dag An Claes")

    await colleague.follow("Mijn toegang")
    await colleague.page.get_by_text("Weghalen").click()
    await colleague.press("Ja, haal hem weg")
    await colleague.reads("Die passkey werkt niet meer.", "Je hebt nog geen passkey.")
    await colleague.press("Afmelden")
    await colleague.press("Aanmelden met een passkey")
    await colleague.reads("Die passkey kennen we niet")


async def test_without_script_or_a_passkey_one_signs_in_as_always(named_street: Street) -> None:
    without = await named_street.arrive()
    await without.go("/team/aanmelden")
    await without.reads_not("Aanmelden met een passkey")
    await without.reads("Je wachtwoord")

    other = await with_authenticator(named_street)
    await other.go(f"{base_of(other.town)}/team/aanmelden")
    await other.page.get_by_role("button", name="Aanmelden met een passkey").click()
    await other.page.get_by_text("Dat lukte niet.").wait_for()


async def test_who_is_guessed_at_computes_for_a_moment_or_asks_for_a_mail(named_street: Street) -> None:
    email = "bob.peeters@example.org"
    await accept_invitation(await named_street.arrive(script=True), email)
    owner, without = await named_street.arrive(script=True), await named_street.arrive()
    await owner.go(f"{base_of(owner.town)}/team/aanmelden")
    for _ in range(PASSWORDS_PER_ACCOUNT_AND_ADDRESS.times + 1):
        await owner.fill(email=email, password=ANOTHER)
        await owner.press("Verder")
    await owner.reads("Nog één keer, en dan even geduld")

    await owner.fill(password=PASSWORD)
    await owner.press("Verder")
    await owner.reads("De code van je telefoon")

    await without.go(f"{base_of(without.town)}/team/aanmelden")
    await without.fill(email=email, password=PASSWORD)
    await without.press("Verder")
    await without.press("Mail mij een link")
    await without.reads("Kijk in je mailbox")
    await without.reads_mail(email, "Je toestel voor uit", "Ben jij het?")
