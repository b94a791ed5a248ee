"""Which stores a command works on, and what it says to the next one in the same home."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.embedded.test_stores import ask
from tests.town import a_home
from uit.core.settings import Settings, StoreProblem
from uit.embedded.sharing import provider_file, sharing_provider, with_stores

OWN = {"database_url": "postgresql://uit:geheim@db/uit", "redis_url": "redis://cache"}


@pytest.fixture(scope="module")
def alone() -> Iterator[Settings]:
    """Settings that name no stores, for a home with nothing in it."""
    with a_home() as home:
        yield Settings(home=str(home))


@pytest.fixture(scope="module")
def served(alone: Settings) -> Iterator[Settings]:
    """What a house works with that is served from that home."""
    with with_stores(alone, serves=True) as running:
        yield running


def noted(settings: Settings) -> dict[str, str]:
    found: dict[str, str] = json.loads((settings.folder / "running.json").read_bytes())
    return found


def test_a_command_beside_a_house_works_on_its_stores_and_leaves_them_as_they_are(
    alone: Settings, served: Settings
) -> None:
    before = noted(alone)

    with with_stores(alone) as running:
        assert running == replace(served, base_url=served.address)

    assert noted(alone) == before
    assert before["database_url"] == served.database_url


def test_who_works_on_embedded_stores_is_three_logins_and_none_is_a_superuser(served: Settings) -> None:
    who = "SELECT session_user || ' ' || usesuper FROM pg_user WHERE usename = session_user"
    three = (served.database_url, served.owner_database_url, served.report_database_url)

    found = [ask(address, who) for address in three]

    assert found == ["uit_app false", "uit_owner false", "uit_report false"]
    assert ask(served.admin_database_url, who) == "uit true"


def test_a_second_house_in_the_same_home_is_refused_and_told_where_the_first_is(
    alone: Settings, served: Settings
) -> None:
    here = (
        f"^uit is already running at {served.address}. Stop that first, or give this one its own UIT_HOME.$"
    )
    with pytest.raises(StoreProblem, match=here), with_stores(replace(alone, port=9000), serves=True):
        pass


def test_who_is_given_both_stores_writes_nothing_and_takes_nothing_away(
    alone: Settings, served: Settings
) -> None:
    before = noted(alone)

    with with_stores(replace(alone, **OWN), serves=True) as running:
        assert (running.database_url, running.redis_url) == (OWN["database_url"], OWN["redis_url"])

    assert noted(alone) == before
    assert served.database_url == before["database_url"]


def test_only_what_was_started_is_noted_and_no_password_of_what_was_given() -> None:
    with a_home() as home:
        bare = Settings(home=str(home))
        with with_stores(replace(bare, database_url=OWN["database_url"])) as running:
            assert noted(bare) == {"redis_url": running.redis_url}

            with pytest.raises(StoreProblem, match="was given a DATABASE_URL"), with_stores(bare):
                pass
        assert not (home / "running.json").exists()


def test_a_house_waits_for_a_command_that_has_the_stores_to_be_done() -> None:
    with a_home() as home:
        settings = Settings(home=str(home), database_url=OWN["database_url"])
        with (
            with_stores(settings),
            pytest.raises(StoreProblem, match="Another command has the stores in"),
            with_stores(settings, serves=True),
        ):
            pass


def test_a_note_that_a_killed_process_left_is_not_believed() -> None:
    with a_home() as home:
        settings = Settings(home=str(home), database_url=OWN["database_url"])
        home.mkdir()
        Path(home, "running.json").write_text('{"redis_url": "unix:///gone", "base_url": "http://gone"}')

        with with_stores(settings, serves=True) as running:
            assert running.redis_url != "unix:///gone"


def test_a_command_beside_a_house_reaches_its_payment_provider_for_as_long_as_it_runs(
    alone: Settings, served: Settings
) -> None:
    reached = {"stripe_secret_key": "sk_test_1", "stripe_api_base": "http://127.0.0.1:9"}
    given = {"stripe_secret_key": "sk_own"}

    with sharing_provider(replace(served, **reached)):
        assert provider_file(alone.folder).stat().st_mode & 0o777 == 0o600
        with with_stores(alone) as running:
            assert (running.stripe_secret_key, running.stripe_api_base) == tuple(reached.values())
        with with_stores(replace(alone, **given)) as own:
            assert (own.stripe_secret_key, own.stripe_api_base) == ("sk_own", "")

    with with_stores(alone) as after:
        assert after.stripe_secret_key == ""
