"""The gateway of the example keeps every text message once."""

from pathlib import Path
from uuid import uuid4

import httpx

from uit.embedded.text_catcher import catch_texts
from uit.services.text_message import Texter, TextMessage
from uit.web.caught_mail import CaughtText, caught_texts


async def test_a_message_that_comes_again_is_kept_once_also_after_a_restart(tmp_path: Path) -> None:
    first, second = (TextMessage(uuid4(), "+32470123456", words) for words in ("Eerst", "Dan"))
    for round_of in ((first, first), (first, second)):
        async with catch_texts(tmp_path) as sms_url:
            texter = Texter(sms_url, "uit")
            assert [await texter.send(each) for each in round_of] == [None, None]
            await texter.close()

    assert caught_texts(tmp_path) == [CaughtText("+32470123456", "Dan"), CaughtText("+32470123456", "Eerst")]


async def test_what_is_no_message_is_refused(tmp_path: Path) -> None:
    async with catch_texts(tmp_path) as sms_url, httpx.AsyncClient() as client:
        address = f"{sms_url}/outbound/uit/requests"
        answers = [await client.post(address, json={}), await client.get(address)]

    assert [each.status_code for each in answers] == [400, 404]
    assert caught_texts(tmp_path) == []
