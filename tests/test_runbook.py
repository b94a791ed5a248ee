"""The road of the runbook, from an empty database to a first booking with credit, by its own commands."""

import json
import re
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self

import httpx
import pyotp
import pytest

from tests.conftest import Letterbox, free_port
from tests.copies import settings_of
from tests.identity.steps import PASSWORD
from tests.town import ROOT, a_home, command, read_on, start
from uit.embedded.stores import Addresses

RUNBOOK = ROOT / "docs" / "runbook.md"
TYPED = re.compile(r"^    uit (.+)$", re.MULTILINE)
COPIED = re.compile(r"'cat > (?P<inside>\S+)' < (?P<file>\S+)$", re.MULTILINE)
KEY = re.compile(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}")
SECONDS_TO_START = 60
REGION = "/schelde"
RESIDENT = "yasmine@schelde.example"


class FormReader(HTMLParser):
    """The forms of a page, with what a browser would send of each."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given["action"], {}))
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and ("selected" in given or self._select not in self.forms[-1][1]):
            self.forms[-1][1][self._select] = given.get("value", "")
        elif tag == "input" and self.forms and is_sent(given):
            self.forms[-1][1][given["name"]] = given.get("value", "")


def is_sent(given: dict[str, str]) -> bool:
    """A box or a circle counts when it is ticked."""
    return "name" in given and (given.get("type") not in {"checkbox", "radio"} or "checked" in given)


class Somebody:
    """A person with a browser of their own."""

    def __init__(self, base: str) -> None:
        self._browser = httpx.Client(base_url=base, follow_redirects=True, timeout=20)
        self.page = self._browser.get("/hulp")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()

    def opens(self, address: str) -> str:
        self.page = self._browser.get(address)
        assert self.page.status_code == 200, f"{address}: {self.page.text}"
        return unescape(self.page.text)

    def sends(self, action: str, **fields: str) -> str:
        """Fill in the form of the page with this end of its address, and send it."""
        reader = FormReader()
        reader.feed(self.page.text)
        found = [(address, own) for address, own in reader.forms if address.endswith(action)]
        assert found, f"{action} is none of {[address for address, _ in reader.forms]}"
        self.page = self._browser.post(found[0][0], data={**found[0][1], **fields})
        assert self.page.status_code == 200, self.page.text
        return unescape(self.page.text)

    def accepts(self, link: str) -> None:
        """Come in by an invitation: a password, then the code of an app."""
        path = httpx.URL(link).path
        self.opens(path)
        key = KEY.search(self.sends(path, password=PASSWORD))
        assert key
        self.sends(f"{path}/code", code=pyotp.TOTP(key[0].replace(" ", "")).now())
        assert self.page.url.path == "/team", self.page.text


class Operator:
    """Types the commands of the runbook, each as it stands there, and keeps which are left."""

    def __init__(self, home: Path, settings: dict[str, str]) -> None:
        self._home, self._settings = home, settings
        self.left = [shlex.split(line) for line in TYPED.findall(RUNBOOK.read_text(encoding="utf-8"))]

    def types(self, *begin: str, places: Mapping[str, str] | None = None) -> str:
        """Type the next command that begins so, with its `places` filled in; returns what it printed."""
        line = next(each for each in self.left if each[: len(begin)] == list(begin))
        self.left.remove(line)
        words = [(places or {}).get(word, word) for word in line]
        said = command(self._home, *words, **self._settings)
        assert said.returncode == 0, f"{words}: {said.stdout}{said.stderr}"
        return said.stdout.strip()


@contextmanager
def serving(home: Path, port: int, settings: dict[str, str]) -> Iterator[str]:
    """The application as a server starts it, with a worker."""
    process: subprocess.Popen[str] = start(home, port, **settings)
    read_on(process, [])
    base, until = f"http://127.0.0.1:{port}", monotonic() + SECONDS_TO_START
    try:
        while not answers(base):
            assert process.poll() is None
            assert monotonic() < until
            sleep(0.1)
        yield base
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(SECONDS_TO_START)


def answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def installation(
    empty: str, addresses: Addresses, post: tuple[str, Letterbox]
) -> Iterator[tuple[str, Operator]]:
    """An empty database with the application on it, as compose starts it: where it is, and who runs it."""
    port, logins = free_port(), settings_of(empty)
    settings = {
        "DATABASE_URL": logins.database_url,
        "OWNER_DATABASE_URL": logins.owner_database_url,
        "REDIS_URL": addresses.redis_url,
        "SMTP_URL": post[0],
        "EXAMPLE": "0",
        "BASE_URL": f"http://127.0.0.1:{port}",
    }
    with a_home() as home:
        made = command(home, "logins", **settings, ADMIN_DATABASE_URL=empty)
        assert made.returncode == 0, made.stderr
        with serving(home, port, settings) as base:
            yield base, Operator(home, settings)


def test_the_road_leads_from_an_empty_database_to_a_booking_with_credit(
    installation: tuple[str, Operator], post: tuple[str, Letterbox]
) -> None:
    base, operator = installation
    stands(operator)
    operator.types("region", "add")
    with Somebody(base) as officer, Somebody(base) as treasurer, Somebody(base) as clerk:
        officer.accepts(operator.types("staff", "invite", "officer@schelde.example"))
        treasurer.accepts(operator.types("staff", "invite", "programmes@schelde.example"))
        organiser_id = brings_in_what_is_on(operator)
        clerk.accepts(invites_a_clerk(officer))
        programme = opens_a_programme(treasurer)
        treasurer.opens(programme)
        treasurer.sends("/organisatoren", organiser=organiser_id)
        registers_a_resident(clerk)
    with Somebody(base) as resident:
        signs_in(resident, post[1])
        books(resident)
    is_followed_up(operator, base, organiser_id)
    assert operator.types("check-ledger") == "The ledger is right to the cent."
    operator.types("anchors", "verify")
    assert operator.left == [], "commands of the runbook that nobody typed"


def stands(operator: Operator) -> None:
    """Nothing is at fault."""
    _heads, *lines = operator.types("check").splitlines()
    found = [line.split()[1] for line in lines]
    assert len(found) > 10
    assert set(found) <= {"ok", "warning"}


def brings_in_what_is_on(operator: Operator) -> str:
    """Import the file that the runbook copies into the container; the id of the organiser in it."""
    copied = COPIED.search(RUNBOOK.read_text(encoding="utf-8"))
    assert copied
    operator.types("import-events", places={copied["inside"]: str(ROOT / copied["file"])})
    operator.types("organiser", "add")
    lines = operator.types("organiser", "list").splitlines()[1:]
    assert [line.split("  ")[1].strip() for line in lines] == ["De Kaai", "Harmonie De Volharding"]
    return lines[0].split()[0]


def invites_a_clerk(officer: Somebody) -> str:
    """The link that the desk of the region shows for a clerk of one municipality."""
    officer.opens(f"{REGION}/beheer")
    fields = {"name": "An Claes", "email": "counter@schelde.example", "role": "clerk", "refnis": "41002"}
    found = re.search(r"http://\S+/team/uitnodiging/[\w-]+", officer.sends("/beheer/collegas", **fields))
    assert found
    return found[0]


def opens_a_programme(treasurer: Somebody) -> str:
    """The address of a programme that gives everybody ten euro."""
    treasurer.opens(f"{REGION}/programmas/nieuw")
    fields = {"funder": "Stad Aalst", "enterprise_number": "0207.437.468", "budget": "1.000", "amount": "10"}
    treasurer.sends("/programmas/nieuw", name="Welkom", **fields)
    return treasurer.page.url.path


def registers_a_resident(clerk: Somebody) -> None:
    """Somebody of Aalst, with a digital pass and the credit of the programme."""
    clerk.opens(f"{REGION}/balie/nieuw")
    fields = {"given_name": "Yasmine", "family_name": "Peeters", "born_on": "1990-05-17", "email": RESIDENT}
    clerk.sends("/balie/nieuw", refnis="41002", **fields)
    person = clerk.page.url.path
    clerk.sends("/passen", kind="digital")
    clerk.opens(f"{person}/krediet")
    assert "€ 10,00 / € 10,00" in plain(clerk.sends("/krediet"))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def signs_in(resident: Somebody, box: Letterbox) -> None:
    resident.opens("/aanmelden")
    resident.sends("/aanmelden", email=RESIDENT)
    until = monotonic() + SECONDS_TO_START
    while not (letters := [mail for mail in box.mails if mail["To"] == RESIDENT]):
        assert monotonic() < until
        sleep(0.05)
    body = letters[-1].get_body(("plain",))
    assert body
    link = re.search(r"http://\S+/aanmelden/\S+", body.get_content())
    assert link
    resident.opens(httpx.URL(link[0]).path)
    resident.sends(httpx.URL(link[0]).path)


def books(resident: Somebody) -> None:
    """One place at five euro, all of it with credit."""
    event = re.search(rf'"({REGION}/evenementen/[^"]+)"', resident.opens(f"{REGION}/agenda"))
    assert event
    order = re.search(rf'"({REGION}/sessies/[^"]+/boeken[^"]*)"', resident.opens(event[1]))
    assert order
    resident.opens(order[1])
    ticket = plain(resident.sends(resident.page.url.path, stap="boek"))
    assert "/boekingen/" in resident.page.url.path
    assert "€ 5,00" in ticket
    assert "€ 5,00" in plain(resident.opens(f"{REGION}/mijn-krediet"))


def is_followed_up(operator: Operator, base: str, organiser_id: str) -> None:
    """What comes beside the road: more colleagues, a client from its beginning to its end, the outbox."""
    place = {"ORGANISER_ID": organiser_id}
    operator.types("staff", "invite", "clerk@schelde.example")
    operator.types("staff", "invite", "host@dekaai.example", places=place)
    assert "counter@schelde.example" in operator.types("staff", "list")
    made: dict[str, Any] = json.loads(operator.types("client", "add", places=place))
    assert made.keys() == {"client_id", "client_secret"}
    asked = httpx.post(f"{base}/oauth/token", data={"grant_type": "client_credentials", **made}).json()
    headers = {"Authorization": f"Bearer {asked['access_token']}"}
    sessions = httpx.get(f"{base}/api/v1/sessions", headers=headers).json()["sessions"]
    assert {session["places_left"] for session in sessions} & {12 - 1, 80 - 1}
    client = {"CLIENT_ID": made["client_id"]}
    operator.types("client", "rotate", places=client)
    operator.types("client", "revoke", places=client)
    assert httpx.get(f"{base}/api/v1/sessions", headers=headers).status_code == 401
    assert operator.types("outbox") == "Nothing failed."
