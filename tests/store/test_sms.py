"""Messages reach the gateway in its own form, and nothing of them stands in an error."""

import json
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from karmyogi.config import SMS_BODY
from karmyogi.store import sms
from karmyogi.store.sms import Gateway, NotTaken
from tests.gateway import FakeGateway

NUMBER, TEXT, TEMPLATE, ENTITY = "9826012345", "कोड 7K2M&to=9 {mobile}", "1107160000000000001", "1201160000000000002"
JSON = """{"to": ["91{mobile}"], "dlt": {"template": "{template_id}", "pe": "{entity_id}"},
 "from": "{sender}", "msg": "{text}", "flash": 0}"""


def gateway_at(url: str, body: str = SMS_BODY, **more: str | bool) -> Gateway:
    return Gateway(url, body, sender="CGGOVT", entity_id=ENTITY, **{"is_private": True, **more})


def send(gateway: Gateway) -> None:
    sms.send(NUMBER, TEXT, template_id=TEMPLATE, gateway=gateway)


def test_a_form_carries_the_message_whole_and_cannot_be_broken_out_of():
    with FakeGateway() as gateway:
        send(gateway_at(gateway.url))

    (request,) = gateway.requests
    assert request.path == "/send?route=govt"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.body) == {
        "mobile": [f"91{NUMBER}"], "text": [TEXT], "template_id": [TEMPLATE],
        "sender": ["CGGOVT"], "entity_id": [ENTITY],
    }  # fmt: skip


def test_json_is_filled_at_every_depth():
    with FakeGateway() as gateway:
        send(gateway_at(gateway.url, JSON))

    (request,) = gateway.requests
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.body) == {
        "to": [f"91{NUMBER}"], "dlt": {"template": TEMPLATE, "pe": ENTITY}, "from": "CGGOVT", "msg": TEXT, "flash": 0,
    }  # fmt: skip


def test_a_name_and_password_before_the_host_go_into_the_head_and_not_into_the_address():
    with FakeGateway() as gateway:
        send(gateway_at(gateway.url.replace("http://", "http://gad:s3%40cret@")))

    (request,) = gateway.requests
    assert request.headers["Authorization"] == "Basic Z2FkOnMzQGNyZXQ="
    assert "s3" not in request.path


@pytest.mark.parametrize("status", [302, 400, 403, 500])
def test_a_refusal_is_said_by_its_status_and_never_repeats_the_message(status):
    with FakeGateway(status, f"bad message {TEXT} to {NUMBER}") as gateway, pytest.raises(NotTaken) as refused:
        send(gateway_at(gateway.url))

    assert str(refused.value) == f"the gateway answered {status}"
    assert len(gateway.requests) == 1


def test_an_answer_without_the_words_that_mean_accepted_is_a_refusal():
    with FakeGateway(200, '{"status":"error"}') as gateway, pytest.raises(NotTaken, match="without the words"):
        send(gateway_at(gateway.url, accepted='"status":"queued"'))
    with FakeGateway() as gateway:
        send(gateway_at(gateway.url, accepted='"status":"queued"'))


def test_a_gateway_that_is_not_there_is_said():
    with FakeGateway() as gateway:
        gone = gateway_at(gateway.url)

    with pytest.raises(OSError, match="refused"):
        send(gone)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "[::1]"])
def test_an_address_inside_the_own_network_gets_nothing_unless_it_is_allowed(host):
    with FakeGateway() as gateway, pytest.raises(NotTaken, match="not public"):
        send(gateway_at(f"https://{host}:{gateway.port}/send", is_private=False))

    assert gateway.requests == []


def test_a_gateway_without_tls_gets_no_message_that_was_to_be_sealed():
    with FakeGateway() as gateway, pytest.raises(OSError, match=r"(?i)ssl"):
        send(gateway_at(gateway.url.replace("http:", "https:")))

    assert gateway.requests == []


@pytest.mark.parametrize("number", ["", "12345", "9826012345&x=1", "+919826012345"])
def test_what_is_no_mobile_number_is_refused(number):
    with FakeGateway() as gateway, pytest.raises(ValueError, match="ten digits"):
        sms.send(number, TEXT, template_id=TEMPLATE, gateway=gateway_at(gateway.url))

    assert gateway.requests == []


def test_a_gateway_shown_in_a_log_hides_its_address_and_body():
    shown = repr(replace(gateway_at("https://gad:s3cret@sms.example.in/send"), body="key=s3cret&x={mobile}"))

    assert "s3cret" not in shown
