"""The mail server of the example keeps every mail that it takes."""

from asyncio import gather
from pathlib import Path

from uit.embedded.mail_catcher import catch_mail
from uit.services.mail import Mail, Mailer


async def test_mails_that_arrive_together_are_all_kept(tmp_path: Path) -> None:
    async with catch_mail(tmp_path) as smtp_url:
        mails = [
            Mail(f"{number}@example.org", "Je ticket", "Tot dan", "<p>Tot dan</p>") for number in range(16)
        ]
        answers = await gather(*(Mailer(smtp_url, "uit@example.org").send(mail) for mail in mails))

    assert set(answers) == {None}
    kept = words_in(tmp_path)
    assert [mail.to for mail in mails if f"To: {mail.to}" not in kept] == []


def words_in(folder: Path) -> str:
    return " ".join(path.read_text() for path in folder.glob("*.eml"))
