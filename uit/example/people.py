"""The residents and staff of the example, all invented."""

import unicodedata
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.example.town import stable_id

AALST, DENDERLEEUW, GERAARDSBERGEN, HAALTERT = "41002", "41011", "41018", "41024"
LEDE, NINOVE, ERPE_MERE = "41034", "41048", "41082"
MIDDELKERKE, OOSTENDE, DE_PANNE, KOKSIJDE, NIEUWPOORT = "35011", "35013", "38008", "38014", "38016"


class Inhabitant(Struct, frozen=True):
    """A resident; `social`: has the social tariff. `schemes`: the credit they have, None for all."""

    given_name: str
    family_name: str
    born_on: date
    refnis: str
    social: bool = False
    schemes: tuple[str, ...] | None = None
    phone: str | None = None

    @property
    def email(self) -> str:
        return mailbox(f"{self.given_name}.{self.family_name}")

    @property
    def person_id(self) -> UUID:
        return stable_id("person", self.email)


class Employee(Struct, frozen=True):
    """A member of staff with one role.

    `region_id` 0 is the whole of Flanders; `organiser` and `partner` are names.
    """

    role: str
    name: str
    region_id: int
    organiser: str | None = None
    partner: str | None = None
    refnis: str | None = None

    @property
    def email(self) -> str:
        return mailbox(self.name)

    @property
    def staff_id(self) -> UUID:
        return stable_id("staff", self.email)


def mailbox(name: str) -> str:
    """An e-mail address in a reserved domain (RFC 2606)."""
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return f"{letters.replace(' ', '.').replace(chr(39), '')}@voorbeeld.example"


YASMINE: Final = Inhabitant("Yasmine", "Benali", date(1996, 4, 18), AALST, social=True)

# Too little credit for most things: what is left is paid by card, or at the desk.
THIBO: Final = Inhabitant("Thibo", "Rogge", date(2009, 1, 16), GERAARDSBERGEN, schemes=("Eerste stap",))

RESIDENTS: Final = {
    "dender": (
        YASMINE,
        Inhabitant("Lore", "De Smedt", date(2011, 9, 2), AALST),
        Inhabitant("Mehmet", "Yildiz", date(1984, 1, 27), AALST, social=True),
        Inhabitant("Jonas", "Van der Straeten", date(2003, 6, 30), NINOVE),
        Inhabitant(
            "Godelieve", "Cooman", date(1948, 11, 11), GERAARDSBERGEN, social=True, phone="+32470000001"
        ),
        Inhabitant("Amina", "Diallo", date(2008, 3, 8), DENDERLEEUW, social=True),
        Inhabitant("Bart", "Schelfaut", date(1971, 12, 5), LEDE),
        Inhabitant("Oksana", "Kovalenko", date(1989, 7, 14), AALST, social=True),
        Inhabitant("Wannes", "D'hondt", date(2015, 2, 20), HAALTERT),
        Inhabitant("Ingrid", "Temmerman", date(1959, 5, 3), ERPE_MERE),
        Inhabitant("Samir", "El Idrissi", date(2001, 10, 9), NINOVE),
        Inhabitant("Marleen", "Van Nuffel", date(1963, 8, 22), AALST, social=True),
        THIBO,
        Inhabitant("Fatoumata", "Camara", date(1992, 6, 1), DENDERLEEUW),
        Inhabitant("Luc", "Baeyens", date(1955, 4, 29), NINOVE, social=True),
        Inhabitant("Elif", "Aydin", date(2012, 12, 24), AALST),
        Inhabitant("Stijn", "Callebaut", date(1980, 2, 11), HAALTERT),
        Inhabitant("Rania", "Haddad", date(1998, 9, 17), AALST, social=True),
        Inhabitant("Noor", "Verleysen", date(2006, 7, 7), LEDE),
        Inhabitant("Etienne", "Sonck", date(1944, 3, 19), DENDERLEEUW),
        Inhabitant("Precious", "Okafor", date(2013, 5, 25), NINOVE, social=True),
        Inhabitant("Katrien", "Meganck", date(1976, 10, 31), ERPE_MERE),
        Inhabitant("Bilal", "Amrani", date(2004, 8, 13), GERAARDSBERGEN),
        Inhabitant("Anna", "Nowak", date(1987, 11, 28), AALST),
        Inhabitant("Senne", "Van Wesemael", date(2010, 4, 6), DENDERLEEUW),
        Inhabitant("Rosa", "Ferreira", date(1968, 1, 9), NINOVE, social=True),
        Inhabitant("Pieter-Jan", "Lievens", date(1993, 3, 15), HAALTERT),
        Inhabitant("Hawa", "Osman", date(1978, 6, 18), AALST, social=True),
        Inhabitant("Marcel", "De Pauw", date(1939, 9, 27), GERAARDSBERGEN, social=True),
        Inhabitant("Louise", "Huylebroeck", date(2014, 10, 12), AALST),
        Inhabitant("Dragos", "Popescu", date(1990, 12, 2), DENDERLEEUW, social=True),
        Inhabitant("Sofie", "Vinck", date(1985, 5, 21), LEDE),
        Inhabitant("Ayoub", "Belkacem", date(2007, 2, 14), AALST, social=True),
        Inhabitant("Christiane", "Van Impe", date(1951, 7, 30), ERPE_MERE, social=True),
        Inhabitant("Finn", "Arijs", date(2016, 8, 4), NINOVE),
        Inhabitant("Nilufar", "Rahimi", date(1995, 1, 23), AALST, social=True),
        Inhabitant("Dirk", "Moens", date(1966, 11, 6), HAALTERT, social=True),
        Inhabitant("Emma", "Scheirlinck", date(2002, 12, 19), GERAARDSBERGEN),
        Inhabitant("Kwame", "Mensah", date(1982, 9, 10), NINOVE),
        Inhabitant("Rita", "Bogaert", date(1957, 2, 26), LEDE),
        Inhabitant("Zehra", "Demir", date(2005, 5, 13), DENDERLEEUW, social=True),
        Inhabitant("Koen", "Van Hecke", date(1974, 4, 1), AALST),
        Inhabitant("Lina", "Al-Masri", date(2011, 11, 20), AALST, social=True),
        Inhabitant("Robbe", "Buyl", date(1999, 6, 8), ERPE_MERE),
        Inhabitant("Georgette", "Van den Bossche", date(1946, 12, 15), NINOVE),
        Inhabitant("Tenzin", "Dorje", date(1991, 10, 3), GERAARDSBERGEN, social=True),
        Inhabitant("Hanne", "Saeys", date(2008, 9, 29), HAALTERT),
        Inhabitant("Victor", "Roelandt", date(1969, 3, 24), DENDERLEEUW),
    ),
    "kust": (
        Inhabitant("Femke", "Legein", date(1994, 7, 11), KOKSIJDE),
        Inhabitant("Ibrahim", "Sow", date(2003, 2, 5), OOSTENDE, social=True),
        Inhabitant("Jeannine", "Vanhoutte", date(1950, 10, 18), DE_PANNE, social=True),
        Inhabitant("Lars", "Dewulf", date(2012, 6, 23), NIEUWPOORT),
        Inhabitant("Mariam", "Hakobyan", date(1986, 12, 30), OOSTENDE, social=True),
        Inhabitant("Guido", "Maertens", date(1961, 1, 13), MIDDELKERKE),
    ),
}

CLERK: Final = Employee("clerk", "Fatima Ouali", 1)
ORGANISER: Final = Employee("organiser", "Wout De Ridder", 1, organiser="Cultuurhuis De Hopzolder")
MUNICIPALITY: Final = Employee("municipality", "Lieve Provoost", 0, refnis=KOKSIJDE)
ASSESSOR: Final = Employee("assessor", "Karim Boukhari", 0)
TOURISM_OFFICER: Final = Employee("tourism_officer", "Nele Wouters", 0)
PROGRAMME_OFFICER: Final = Employee("programme_officer", "Griet Van Damme", 1)
BOX_OFFICE: Final = Employee("box_office", "Sam Peeters", 1, organiser="Cultuurhuis De Hopzolder")
FINANCIAL_DIRECTOR: Final = Employee("financial_director", "Hilde Claeys", 1)
REGION_OFFICER: Final = Employee("region_officer", "Annelies Tack", 1)
GROUP_WORKER: Final = Employee("group_worker", "Jef Coppens", 1, partner="Buurthuis De Brug")
# The staff with a one-click sign-in; the others are only used in dossiers.
STAFF: Final = (
    CLERK,
    ORGANISER,
    BOX_OFFICE,
    PROGRAMME_OFFICER,
    FINANCIAL_DIRECTOR,
    REGION_OFFICER,
    GROUP_WORKER,
    TOURISM_OFFICER,
    ASSESSOR,
    MUNICIPALITY,
)
OFFICIALS: Final = (
    MUNICIPALITY,
    Employee("municipality", "Johan Van Belle", 0, refnis=GERAARDSBERGEN),
    Employee("municipality", "Sara Lahaye", 0, refnis=NIEUWPOORT),
    Employee("municipality", "Marc Devos", 0, refnis=DE_PANNE),
)
EVERYBODY: Final = (*STAFF, *OFFICIALS[1:])
