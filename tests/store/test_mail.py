"""Letters reach one person through a server that speaks the protocol, and no header is smuggled in."""

import pytest

from karmyogi.store import mail
from tests.postbox import Postbox


def test_a_letter_arrives_as_it_was_written():
    with Postbox() as box:
        mail.send(
            "asha@cg.example.in",
            "नया पासवर्ड / New password",
            "पहली पंक्ति\nsecond",
            server=box.url,
            sender="k@cg.example.in",
        )

    (letter,) = box.letters()
    assert (letter["From"], letter["To"]) == ("k@cg.example.in", "asha@cg.example.in")
    assert letter["Subject"] == "नया पासवर्ड / New password"
    assert letter.get_content().splitlines() == ["पहली पंक्ति", "second"]
    assert box.recipients == [["asha@cg.example.in"]]


@pytest.mark.parametrize("to", ["asha@x.in\r\nBcc: thief@x.in", "asha@x.in, thief@x.in", "nobody", ""])
def test_what_is_not_the_address_of_one_person_is_refused(to):
    with Postbox() as box, pytest.raises((ValueError, IndexError)):
        mail.send(to, "s", "t", server=box.url, sender="k@x.in")

    assert box.recipients == []


def test_a_server_that_is_not_there_is_said():
    with Postbox() as box:
        gone = box.url

    with pytest.raises(OSError, match="refused"):
        mail.send("asha@x.in", "s", "t", server=gone, sender="k@x.in")


def test_a_server_without_tls_gets_no_letter_that_was_to_be_sealed():
    with Postbox() as box, pytest.raises(OSError, match="STARTTLS"):
        mail.send("asha@x.in", "s", "t", server=box.url.replace("smtp:", "smtp+starttls:"), sender="k@x.in")

    assert box.recipients == []
