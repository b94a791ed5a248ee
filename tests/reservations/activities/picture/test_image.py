"""A picture is known by what is in it, and loses what a camera or a program wrote in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservations.activities.picture.image import Image, orientation_of, read_image
from tests.reservations.activities.picture.pictures import SECRET, jpeg, png, webp

KINDS = {"image/png": png, "image/jpeg": jpeg, "image/webp": webp}


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_known_with_its_size(kind: str) -> None:
    image = read_image(KINDS[kind](800, 600))

    assert isinstance(image, Image)
    assert (image.media_type, image.width, image.height) == (kind, 800, 600)


@pytest.mark.parametrize("kind", KINDS)
def test_where_and_by_whom_it_was_made_is_left_out_and_what_is_left_is_whole(kind: str) -> None:
    sent = KINDS[kind]()
    image = read_image(sent)

    assert SECRET in sent
    assert isinstance(image, Image)
    assert SECRET not in image.content
    assert read_image(image.content) == image


def test_a_photograph_stays_as_the_camera_was_held() -> None:
    image = read_image(jpeg(turned=6))

    assert isinstance(image, Image)
    assert orientation_of(image.content[6:]) == 6


def test_what_hangs_behind_a_picture_is_left_out() -> None:
    for sent in (png(), jpeg()):
        assert read_image(sent + b"MotionPhoto" if sent.startswith(b"\x89") else sent) == read_image(sent)


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (b"GIF89a" + bytes(50), "not_a_picture"),
        (png()[:200], "not_a_picture"),
        (jpeg()[:-2], "not_a_picture"),
        (png(100, 100), "too_small"),
        (webp(13_000, 300), "too_many_pixels"),
        (bytes(3_000_001), "too_large"),
    ],
)
def test_what_is_no_picture_to_show_is_refused_with_why(sent: bytes, fault: str) -> None:
    assert read_image(sent) == fault


@given(st.binary(max_size=400), st.sampled_from(sorted(KINDS)), st.integers(0, 400))
def test_whatever_is_sent_is_a_picture_or_is_refused(noise: bytes, kind: str, at: int) -> None:
    sent = KINDS[kind]()

    for each in (noise, sent[:12] + noise, sent[:at] + noise + sent[at:]):
        found = read_image(each)
        assert isinstance(found, Image | str)
