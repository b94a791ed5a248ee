"""`python -m uit staff`: invites members of staff, ends what they may do, and lists them."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from organisers.organiser import find_organiser
from uit.core.clock import SystemClock
from uit.core.email_address import is_email
from uit.core.errors import Refusal
from uit.core.one_line import one_line
from uit.core.settings import Settings
from uit.database.statements import Executor
from uit.entrypoints.indented_json import indented_json
from uit.entrypoints.operating import forget, opened_database, operator_of
from uit.entrypoints.refused import WRONG, CommandRefused
from uit.entrypoints.terminal import as_table, counted, refuse, region_named
from uit.identity.errors import LastOfficer, StaffUnknown
from uit.identity.partner.partner import read_partner
from uit.identity.staff.ending import EndedRoles, Ending, end_roles, find_ended
from uit.identity.staff.role import (
    INVITED,
    OF_A_PARTNER,
    OF_A_TOWN,
    OF_AN_ORGANISER,
    OF_FLANDERS,
    PERHAPS_OF_A_TOWN,
)
from uit.identity.staff.roster import RosterRow, by_member, read_roster
from uit.identity.staff.staff import Colleague, find_colleague, hire, make_invitation
from uit.identity.visitor import FLANDERS, Role
from uit.services.municipality import read_municipalities
from uit.services.region import read_regions, read_towns_of_regions
from uit.web.form import read_id

PLATFORM = "platform"
MOST_LETTERS = 120


class Guest(Struct, frozen=True):
    """Somebody to invite, as typed: `organiser` and `partner` are ids, `municipality` a REFNIS code."""

    name: str
    email: str
    role: str
    region: str = PLATFORM
    organiser: str = ""
    municipality: str = ""
    partner: str = ""


class Invitation(Struct, frozen=True):
    """Whoever opens the link within 72 hours chooses a password and links a phone."""

    staff_id: UUID
    link: str


def add_options(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    invite = verbs.add_parser(
        "invite",
        help="give somebody a role; prints a link that works once and for 72 hours, in the place "
        "of an earlier one",
    )
    add_guest(invite)
    invite.add_argument("--organiser", default="", metavar="ID", help=f"for {' and '.join(OF_AN_ORGANISER)}")
    invite.add_argument(
        "--municipality",
        default="",
        metavar="REFNIS",
        help=f"for {' and '.join(PERHAPS_OF_A_TOWN)} of one municipality of the region, and for municipality",
    )
    invite.add_argument("--partner", default="", metavar="ID", help=f"for {' and '.join(OF_A_PARTNER)}")
    end = verbs.add_parser("end", help="end one role or all of them; they are signed out everywhere at once")
    end.add_argument("email")
    end.add_argument("--role", choices=INVITED, metavar="ROLE", help="only this role")
    end.add_argument("--region", help="only in this region")
    end.add_argument("--dry-run", action="store_true", help="say what would end, and end nothing")
    listing = verbs.add_parser("list", help="who works where")
    listing.add_argument("--region", help="only of this region")
    for each in (invite, end, listing):
        each.add_argument("--json", action="store_true", help="the answer, for a program")


def add_guest(invite: ArgumentParser) -> None:
    invite.add_argument("email")
    invite.add_argument("--name", required=True, help="how colleagues know them")
    invite.add_argument("--role", required=True, choices=INVITED, metavar="ROLE", help=", ".join(INVITED))
    invite.add_argument(
        "--region", default=PLATFORM, help="the slug of a region; without it the whole of Flanders"
    )


async def run(settings: Settings, given: Namespace) -> int:
    match given.verb:
        case "invite":
            guest = Guest(
                given.name, given.email, given.role, given.region, given.organiser, given.municipality,
                given.partner,
            )  # fmt: skip
            return await invite_staff(settings, guest, as_json=given.json)
        case "end":
            return await end_staff(settings, given)
        case _:
            return await list_staff(settings, given.region, as_json=given.json)


async def invite_staff(settings: Settings, guest: Guest, *, as_json: bool = False) -> int:
    """Print a link that works once. A repeat adds the role once, and makes another link."""
    email, name = guest.email.strip().lower(), one_line(guest.name)
    if not is_email(email):
        raise CommandRefused(
            f"{guest.email!r} is no e-mail address. Give one such as an@dender.example.", WRONG
        )
    if name != guest.name.strip() or not 0 < len(name) <= MOST_LETTERS:
        raise CommandRefused(f"Say how colleagues know them, in at most {MOST_LETTERS} letters.", WRONG)
    async with opened_database(settings) as database, database.transaction() as tx:
        role = await role_of(tx, guest)
        author = operator_of(role.region_id)
        staff_id = await hire(tx, author, Colleague(name, email, [role]))
        path = await make_invitation(tx, staff_id, author.now)
    invitation = Invitation(staff_id, f"{settings.address}{path}")
    print(indented_json(invitation) if as_json else invitation.link)
    print("It works once, for 72 hours. An earlier link of theirs works no more.", file=sys.stderr)
    return 0


async def role_of(tx: Executor, guest: Guest) -> Role:
    """The role with all that limits it. Raises CommandRefused where these do not fit each other."""
    region_id = FLANDERS if guest.region == PLATFORM else (await region_named(tx, guest.region)).id
    organiser_id = await read_organiser(tx, guest, region_id)
    if organiser_id and region_id == FLANDERS:
        region_id = await find_organiser(tx, organiser_id)
    needs_region = guest.role not in {*OF_FLANDERS, *OF_A_TOWN}
    if needs_region and region_id == FLANDERS:
        raise CommandRefused(f"The role {guest.role} holds in a region: add --region with its slug.", WRONG)
    partner_id = await read_partner_id(tx, guest, region_id)
    return Role(guest.role, region_id, organiser_id, await read_town(tx, guest, region_id), partner_id)


async def read_partner_id(tx: Executor, guest: Guest, region_id: int) -> UUID | None:
    """The partner for which the role holds."""
    if guest.role not in OF_A_PARTNER:
        if guest.partner:
            raise CommandRefused(f"The role {guest.role} is of no partner: leave --partner out.", WRONG)
        return None
    partner_id = read_id(guest.partner)
    partner = await read_partner(tx, region_id, partner_id) if partner_id else None
    if partner is None:
        raise CommandRefused(
            f"The role {guest.role} is of a partner: add --partner with its id, of the address of its page.",
            WRONG,
        )
    return partner.id


async def read_organiser(tx: Executor, guest: Guest, region_id: int) -> UUID | None:
    if guest.role not in OF_AN_ORGANISER:
        if guest.organiser:
            raise CommandRefused(f"The role {guest.role} is of no organiser: leave --organiser out.", WRONG)
        return None
    try:
        organiser_id = UUID(guest.organiser)
    except ValueError:
        raise CommandRefused(
            f"The role {guest.role} is of an organiser: add --organiser with its id, of `organiser list`.",
            WRONG,
        ) from None
    home: int | None = await find_organiser(tx, organiser_id)
    if home is None or region_id not in {FLANDERS, home}:
        raise CommandRefused(f"There is no organiser {organiser_id} here. `organiser list` shows who is.")
    return organiser_id


async def read_town(tx: Executor, guest: Guest, region_id: int) -> str | None:
    """The REFNIS code of the municipality for which the role holds."""
    refnis = guest.municipality
    if not refnis and guest.role not in OF_A_TOWN:
        return None
    if guest.role not in {*OF_A_TOWN, *PERHAPS_OF_A_TOWN}:
        raise CommandRefused(f"The role {guest.role} is of no municipality: leave --municipality out.", WRONG)
    if region_id == FLANDERS:
        towns = {town.refnis for town in await read_municipalities(tx)}
    else:
        towns = {town.refnis for town in await read_towns_of_regions(tx) if town.region_id == region_id}
    if refnis not in towns:
        raise CommandRefused(
            f"{refnis or 'Nothing'} is no REFNIS code of a municipality here. `region list --json` shows "
            "which there are: add --municipality with one.",
            WRONG,
        )
    return refnis


async def end_staff(settings: Settings, given: Namespace) -> int:
    """End roles of somebody. When this returns, none of their sessions opens anything. A repeat says so."""
    async with opened_database(settings) as database:
        async with database.transaction() as tx:
            region_id = (await region_named(tx, given.region)).id if given.region else None
            done = await end_or_find_ended(tx, given, region_id)
            if isinstance(done, Refusal):
                refuse(done)
        await forget(settings, database, done.digests, "session")
    print(indented_json(ended_facts(done)) if given.json else ended_line(done, dry_run=given.dry_run))
    return 0


async def end_or_find_ended(
    tx: Executor, given: Namespace, region_id: int | None
) -> EndedRoles | StaffUnknown | LastOfficer:
    """What ended now: no role, where all that are meant ended before."""
    email, author = given.email.strip().lower(), operator_of(region_id or FLANDERS)
    known = await find_colleague(tx, email)
    if known:
        wanted = Ending(known.id, given.role, region_id)
        done = await end_roles(tx, author, wanted, dry_run=given.dry_run)
        if not isinstance(done, StaffUnknown):
            return done
    before = await find_ended(tx, email, given.role, region_id, author.now)
    return EndedRoles(before.staff_id, 0, before.is_gone, []) if before else StaffUnknown()


def ended_facts(done: EndedRoles) -> dict[str, object]:
    return {
        "staff_id": str(done.staff_id),
        "roles_ended": done.roles,
        "gone": done.is_gone,
        "sessions_ended": len(done.digests),
    }


def ended_line(done: EndedRoles, *, dry_run: bool) -> str:
    left = "No role is left: they are gone." if done.is_gone else "Other roles are left."
    if not done.roles:
        return f"Ended already, nothing was changed. {left}"
    if dry_run:
        return f"Would end {counted(done.roles, 'role')}. {left}"
    return f"Ended {counted(done.roles, 'role')} and {counted(len(done.digests), 'session')}. {left}"


async def list_staff(settings: Settings, slug: str | None, *, as_json: bool) -> int:
    async with opened_database(settings) as database, database.reading() as connection:
        region_id = (await region_named(connection, slug)).id if slug else None
        slugs = {region.id: region.slug for region in await read_regions(connection)}
        rows = await read_roster(connection, region_id, SystemClock().now())
    if as_json:
        print(indented_json(by_member(rows)))
    elif rows:
        heads = ("e-mail", "name", "signs in", "role", "where")
        print(as_table(heads, [as_row(each, slugs) for each in rows]))
    else:
        print("Nobody works here yet. Invite somebody with `staff invite`.", file=sys.stderr)
    return 0


def as_row(row: RosterRow, slugs: dict[int, str]) -> Sequence[str]:
    where = [slugs.get(row.region_id, PLATFORM), row.organiser_id, row.refnis]
    limits = " ".join(str(each) for each in where if each)
    return row.email, row.name, "yes" if row.has_joined else "invited", row.role, limits
