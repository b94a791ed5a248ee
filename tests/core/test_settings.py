"""Settings: read from the environment, refused in one line when they are wrong or unsafe."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from uit.core.settings import PROJECT, InvalidSetting, Settings, as_environment, read_settings


def test_without_settings_the_example_runs_on_the_loopback() -> None:
    settings = read_settings({})

    assert settings == Settings()
    assert settings.is_example
    assert settings.address == "http://127.0.0.1:8000"
    assert settings.folder == PROJECT / ".uit"


def test_a_setting_has_the_upper_case_name_of_its_field() -> None:
    settings = read_settings(
        {"PORT": "9000", "EXAMPLE": "0", "BENCH": "1", "BASE_URL": "https://uit.example/"}
    )

    assert (settings.port, settings.is_example, settings.bench) == (9000, False, True)
    assert settings.address == "https://uit.example"


def test_an_empty_setting_is_one_that_was_not_given() -> None:
    assert read_settings({"PORT": "", "DATABASE_URL": "", "UIT_HOME": ""}) == Settings()


def test_the_home_of_the_user_is_not_ours() -> None:
    assert read_settings({"HOME": "/root"}).folder == PROJECT / ".uit"
    assert read_settings({"UIT_HOME": "/srv/uit"}).folder == Path("/srv/uit")


def test_a_database_of_your_own_is_not_filled_with_the_example_unless_asked() -> None:
    own = {"DATABASE_URL": "postgresql://db/uit"}

    assert not read_settings(own).is_example
    assert read_settings({**own, "EXAMPLE": "1"}).is_example


@pytest.mark.parametrize("host", ["10.0.0.5", "uit.example", "::"])
def test_the_example_is_never_shown_to_the_outside(host: str) -> None:
    with pytest.raises(InvalidSetting, match=r"only listens on 127\.0\.0\.1"):
        read_settings({"HOST": host})


def test_without_the_example_any_host_will_do() -> None:
    assert read_settings({"HOST": "10.0.0.5", "EXAMPLE": "0"}).host == "10.0.0.5"


@pytest.mark.parametrize(
    "wrong",
    [{"PORT": "eighty"}, {"EXAMPLE": "perhaps"}, {"BENCH": "2.5"}, {"TRUSTED_PROXIES": "the neighbour"}],
)
def test_a_setting_that_cannot_be_read_is_said_in_one_line(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidSetting) as said:
        read_settings(wrong)

    assert "\n" not in str(said.value)
    assert str(said.value).startswith(f"{next(iter(wrong))} is wrong: ")


@pytest.mark.parametrize("port", ["0", "-1", "65536"])
def test_a_port_that_nobody_can_reach_is_refused(port: str) -> None:
    with pytest.raises(InvalidSetting, match=rf"^PORT is wrong: {port} is not a number from 1 to 65535\.$"):
        read_settings({"PORT": port})


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_a_port_of_the_worker_that_cannot_be_is_refused(port: str) -> None:
    with pytest.raises(
        InvalidSetting, match=rf"^WORKER_PORT is wrong: {port} is not a number from 0 to 65535\.$"
    ):
        read_settings({"WORKER_PORT": port})


@pytest.mark.parametrize(
    "settings", [Settings(), Settings(port=9000, example=True, bench=True, home="/srv/uit")]
)
def test_settings_travel_whole_to_a_process_of_our_own(settings: Settings) -> None:
    assert read_settings(as_environment(settings)) == settings


@pytest.mark.parametrize(
    ("base_url", "secure"), [("https://uit.example", True), ("http://uit.example", False), ("", False)]
)
def test_cookies_are_told_to_travel_safely_only_where_they_can(base_url: str, secure: bool) -> None:  # noqa: FBT001
    assert Settings(base_url=base_url).secure is secure


def test_a_form_may_lead_to_where_one_pays_and_to_where_a_seller_opens_its_account() -> None:
    stripe = read_settings({"STRIPE_SECRET_KEY": "sk_test_1"})
    own = replace(stripe, stripe_api_base="http://127.0.0.1:9000/v1")

    assert Settings().payment_pages == ""
    assert stripe.payment_pages == "https://checkout.stripe.com https://connect.stripe.com"
    assert own.payment_pages == "http://127.0.0.1:9000"
