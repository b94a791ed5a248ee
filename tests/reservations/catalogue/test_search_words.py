"""What people type, and what they should find first among the activities of a region."""

# ruff: noqa: RUF001  people type these signs

import json
import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

from tests.builders import Session, World
from tests.reservations.catalogue.test_agenda import links

# Name, kind, venue, town (with its French name and postal codes), organiser.
TOWNS = {
    "Aalst": ("41002", "Alost", ("9300", "9308", "9310", "9320")),
    "Dendermonde": ("42006", "Termonde", ("9200",)),
    "Sint-Niklaas": ("46021", "Saint-Nicolas", ("9100", "9111", "9112")),
    "Geraardsbergen": ("41018", "Grammont", ("9500", "9506")),
    "Sint-Pieters-Leeuw": ("23077", "Leeuw-Saint-Pierre", ("1600", "1601", "1602")),
    "Elsene": ("21009", "Ixelles", ("1050",)),
    "Ronse": ("45041", "Renaix", ("9600",)),
    "Lier": ("12021", "Lierre", ("2500",)),
}
EVENTS = [
    ("De kleine prins", "Theater", "De Werf", "Aalst"),
    ("Zwemmen voor iedereen", "Sport", "Stedelijk Zwembad", "Aalst"),
    ("Café Chantant", "Concert", "'t Kelderke", "Aalst"),
    ("Carnavalsstoet", "Feest", "Grote Markt", "Aalst"),
    ("Aquagym voor 60-plussers", "Sport", "Stedelijk Zwembad", "Aalst"),
    ("K3: Vleugels", "Concert", "Flandria Palace", "Dendermonde"),
    ("Ros Beiaard: het verhaal", "Rondleiding", "Vleeshuis", "Dendermonde"),
    ("Yoga in het park", "Sport", "Stadspark", "Dendermonde"),
    ("Tentoonstelling Rubens", "Expo", "Salons", "Sint-Niklaas"),
    ("Ballonvaart Vredefeesten", "Feest", "Stationsplein", "Sint-Niklaas"),
    ("Kriebelkunst", "Workshop", "'t Bau-huis", "Sint-Niklaas"),
    ("Mattentaarten bakken", "Workshop", "Bakkerij Olav", "Geraardsbergen"),
    ("Wandeling naar de Oudenberg", "Wandeling", "Markt", "Geraardsbergen"),
    ("Coloma rozentuin", "Rondleiding", "Kasteel Coloma", "Sint-Pieters-Leeuw"),
    ("Le Petit Nicolas", "Théâtre", "Théâtre Varia", "Elsene"),
    ("D'Ieteren Gallery", "Expo", "D’Ieteren Mobility", "Elsene"),
    ("Fête de la musique à Flagey", "Concert", "Flagey", "Elsene"),
    ("L’Œuvre au noir", "Film", "Cinéma Vendôme", "Elsene"),
    ("Fiertel", "Feest", "Sint-Hermeskerk", "Ronse"),
    ("Jazz in de foyer", "Concert", "De Ververij", "Ronse"),
    ("Schaatsen op het ijs", "Sport", "IJsbaan", "Lier"),
    ("Łódź: stad van textiel", "Lezing", "Bibliotheek", "Lier"),
    ("Zimmertoren van dichtbij", "Rondleiding", "Zimmertoren", "Lier"),
    ("Speelkamp Ridders & Jonkvrouwen", "Kamp", "Speelplein", "Lier"),
    ("Dvořák en Škvorecký", "Concert", "Academie", "Lier"),
    ("Kookles: Señor Ñandú", "Workshop", "Volkshuis", "Ronse"),
    ("Poëzie op zolder", "Lezing", "Zolder", "Ronse"),
    ("Rock 'n' Roll-avond", "Fuif", "Jeugdhuis", "Ronse"),
    ("Kindertheater Pinokkio", "Theater", "Cultuurcentrum", "Lier"),
    ("Museumnacht", "Expo", "Stadsmuseum", "Lier"),
    ("Schilderen met Jérôme Bosch", "Workshop", "Atelier", "Geraardsbergen"),
    ("Fietstocht Dender en Durme", "Sport", "Station", "Dendermonde"),
    ("Bibliotheek: voorlezen", "Voorlezen", "Hoofdbib", "Aalst"),
    ("Goûter-philo", "Atelier", "Maison", "Elsene"),
    ("Straßenfest", "Feest", "Plein", "Elsene"),
    ("Circusschool Woesh", "Circus", "Circusplaneet", "Aalst"),
]
# Others, that should not come first.
FILLERS = ["Quiz", "Kaartavond", "Bingo", "Breicafeetje", "Tuindag", "Rommelmarkt", "Badminton", "Petanque"]

TYPED = {
    # As it stands, and in other cases
    "kleine prins": "De kleine prins",
    "KLEINE PRINS": "De kleine prins",
    "de  kleine   prins": "De kleine prins",
    " prins ": "De kleine prins",
    "prins kleine": "De kleine prins",
    "klein": "De kleine prins",
    # Accents left out, or put where there are none
    "cafe chantant": "Café Chantant",
    "CAFÉ": "Café Chantant",
    "theatre varia": "Le Petit Nicolas",
    "fete de la musique": "Fête de la musique à Flagey",
    "Fête Flagey": "Fête de la musique à Flagey",
    "oeuvre au noir": "L’Œuvre au noir",
    "cinema vendome": "L’Œuvre au noir",
    "poezie": "Poëzie op zolder",
    "poëzie": "Poëzie op zolder",
    "jerome bosch": "Schilderen met Jérôme Bosch",
    "gouter": "Goûter-philo",
    "strassenfest": "Straßenfest",
    "dvorak": "Dvořák en Škvorecký",
    "skvorecky": "Dvořák en Škvorecký",
    "senor nandu": "Kookles: Señor Ñandú",
    # Letters with a stroke
    "lodz": "Łódź: stad van textiel",
    "Łódź": "Łódź: stad van textiel",
    "łodz": "Łódź: stad van textiel",
    # Apostrophes, hyphens and signs
    "d'ieteren": "D'Ieteren Gallery",
    "d’ieteren": "D'Ieteren Gallery",
    "dieteren": "D'Ieteren Gallery",
    "d ieteren": "D'Ieteren Gallery",
    "'t kelderke": "Café Chantant",
    "t kelderke": "Café Chantant",
    "rock n roll": "Rock 'n' Roll-avond",
    "rock 'n roll avond": "Rock 'n' Roll-avond",
    "bauhuis": "Kriebelkunst",
    "ridders en jonkvrouwen": "Speelkamp Ridders & Jonkvrouwen",
    "60 plussers": "Aquagym voor 60-plussers",
    # Short words
    "K3": "K3: Vleugels",
    "k3": "K3: Vleugels",
    # Towns, also in French, and with a hyphen, without, or short
    "sint niklaas": "Tentoonstelling Rubens",
    "Sint-Niklaas": "Tentoonstelling Rubens",
    "st niklaas": "Tentoonstelling Rubens",
    "St.-Niklaas": "Tentoonstelling Rubens",
    "sintniklaas": "Tentoonstelling Rubens",
    "saint nicolas": "Tentoonstelling Rubens",
    "sint pieters leeuw": "Coloma rozentuin",
    "ixelles": "Le Petit Nicolas",
    "renaix": "Fiertel",
    "grammont": "Mattentaarten bakken",
    # Postal codes, also another of the same town
    "9100": "Tentoonstelling Rubens",
    "9112": "Tentoonstelling Rubens",
    "1601": "Coloma rozentuin",
    "yoga 9200": "Yoga in het park",
    # What and where
    "jazz ronse": "Jazz in de foyer",
    "concert in Lier": "Dvořák en Škvorecký",
    "workshop sint-niklaas": "Kriebelkunst",
    # A part of a word
    "zwembad": "Zwemmen voor iedereen",
    "nacht": "Museumnacht",
    "taarten": "Mattentaarten bakken",
    "toren": "Zimmertoren van dichtbij",
    "plussers": "Aquagym voor 60-plussers",
    # Typos
    "teather aalst": "De kleine prins",
    "theather aalst": "De kleine prins",
    "musuemnacht": "Museumnacht",
    "bibiliotheek voorlezen": "Bibliotheek: voorlezen",
    "geraardsbregen": "Mattentaarten bakken",
    "dendermond": "K3: Vleugels",
    "jaz": "Jazz in de foyer",
    "pinochio": "Kindertheater Pinokkio",
    "carnavalstoet": "Carnavalsstoet",
    "fietstoch durme": "Fietstocht Dender en Durme",
    "schaatse ijsban": "Schaatsen op het ijs",
    "circusshool": "Circusschool Woesh",
    "bibloth": "Łódź: stad van textiel",
    "vietstocht": "Fietstocht Dender en Durme",
    "sirkusschool": "Circusschool Woesh",
    "fietsoch": "Fietstocht Dender en Durme",
}
NOTHING = ("opera", "9400", "%", "_", "'", "🎭", "zwemmen ronse", "xyzzyx")


VENUES = """
INSERT INTO organisers.venue (region_id, id, name, postal_code, locality, refnis)
SELECT 1, r.id, r.venue, m.postal_codes[1], m.name, m.refnis
FROM json_to_recordset($1) AS r (id uuid, venue text, town text) JOIN uit.municipality AS m ON m.name = r.town
"""
WRITTEN = """
INSERT INTO organisers.event (region_id, id, organiser_id, venue_id, name, domain, type_label, changed_at)
SELECT 1, r.id, $2, r.id, r.name, 'culture', r.kind, $3
FROM json_to_recordset($1) AS r (id uuid, name text, kind text)
"""
SESSIONS = """
INSERT INTO reservations.session (region_id, id, event_id, organiser_id, domain, attendance, starts_at,
    ends_at, sale_closes_at, cancel_until, pool_ids, changed_at)
SELECT 1, r.id, r.id, $2, 'culture', 'offline', start, start + interval '1 hour', start, start, '{}', $3
FROM json_to_recordset($1) AS r (id uuid, number integer)
CROSS JOIN LATERAL (SELECT $3::timestamptz + r.number * interval '1 hour') AS t (start)
"""


async def fill(world: World) -> None:
    """The towns and the events, each with one session, an hour after the one before."""
    organiser_id, now = await world.organiser(name="Cultuurregio"), world.clock.now()
    for name, (refnis, french, codes) in TOWNS.items():
        await world.execute(
            "INSERT INTO uit.municipality VALUES ($1, $2, $3, 'Oost-Vlaanderen', $4)",
            refnis, name, french, list(codes),
        )  # fmt: skip
    others = [
        (name, "Ontmoeting", "Buurthuis", town) for town in ("Aalst", "Lier", "Elsene") for name in FILLERS
    ]
    rows = json.dumps(
        [
            {"id": str(uuid4()), "number": number, "name": name, "kind": kind, "venue": venue, "town": town}
            for number, (name, kind, venue, town) in enumerate([*EVENTS, *others], start=1)
        ]
    )
    await world.execute(VENUES, rows)
    await world.execute(WRITTEN, rows, organiser_id, now)
    await world.execute(SESSIONS, rows, organiser_id, now)


async def titles(world: World, typed: str) -> list[str]:
    page = (await world.client.get("/dender/agenda", params={"waar": typed})).text
    return [unescape(title) for title in re.findall(r"<h3><a [^>]*>([^<]*)</a></h3>", page)]


async def test_what_people_type_finds_what_they_mean_first(world: World) -> None:
    await fill(world)

    first = {typed: next(iter(await titles(world, typed)), "") for typed in TYPED}

    assert {typed: (title, TYPED[typed]) for typed, title in first.items() if title != TYPED[typed]} == {}
    assert len(TYPED) >= 50


async def test_a_page_that_reads_a_typo_says_so_and_its_next_page_reads_it_too(world: World) -> None:
    await fill(world)
    museum = await world.value("SELECT id FROM organisers.event WHERE name = 'Museumnacht'")
    await world.more_sessions(Session(1, museum, museum, museum, museum), 29, every=timedelta(days=1))

    first = (await world.client.get("/dender/agenda?waar=musuemnacht")).text
    [further] = links(first, "Toon meer")
    await world.execute("UPDATE organisers.event SET name = 'Musuemnacht' WHERE id <> $1", museum)
    second = (await world.client.get(further)).text

    assert "Met “musuemnacht” vinden we niets. Dit lijkt erop:" in first
    assert [page.count("Museumnacht</a>") for page in (first, second)] == [24, 6]
    assert "Dit lijkt erop" not in (await world.client.get("/dender/agenda?waar=museum")).text


async def test_what_nobody_offers_finds_nothing(world: World) -> None:
    await fill(world)

    assert {typed: found for typed in NOTHING if (found := await titles(world, typed))} == {}
