"""An operator invites a colleague: the link is printed, and what is no address is refused in words."""

import pytest

from tests.builders import World
from uit.entrypoints.refused import WRONG, CommandRefused
from uit.entrypoints.staff import Guest, invite_staff

Said = pytest.CaptureFixture[str]


async def test_the_link_of_an_invitation_is_printed(world: World, capsys: Said) -> None:
    guest = Guest("An Claes", " An.Claes@example.org ", "clerk", "dender")

    code = await invite_staff(world.services.settings, guest)

    assert (code, capsys.readouterr().out.startswith("http://testserver.local/team/uitnodiging/")) == (
        0,
        True,
    )
    assert await world.value("SELECT email FROM identity.staff") == "an.claes@example.org"


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("An Claes", "an"),
        ("An Claes", "a:b@x"),
        ("An Claes", "an\x00@example.org"),
        ("An Claes", "an\N{LINE SEPARATOR}@example.org"),
        ("An Claes", "an\udc80@example.org"),
        ("An\x00Claes", "an@example.org"),
        (" ", "an@example.org"),
    ],
)
async def test_who_cannot_be_mailed_or_named_is_not_invited(world: World, name: str, email: str) -> None:
    with pytest.raises(CommandRefused) as refused:
        await invite_staff(world.services.settings, Guest(name, email, "clerk", "dender"))

    assert refused.value.exit_code == WRONG
    assert await world.value("SELECT count(*) FROM identity.staff") == 0
