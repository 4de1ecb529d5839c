"""Messages to a telephone: one POST to the gateway that the installation names, in the form that it wants."""

import json
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from karmyogi.core.sms import is_number

PATIENCE_SECONDS = 20
LONGEST_ANSWER = 64 * 1024
PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Gateway:
    """How the gateway is reached, and what it wants to be told.

    `url` may hold `user:password@`. `body` is a form (`to=91{mobile}&…`) or JSON with the places {mobile}, {text},
    {template_id}, {sender}, {entity_id}. The answer counts only if it contains `accepted`. `is_private` allows an
    address inside one's own network, and one without TLS.
    """

    url: str = field(repr=False)
    body: str = field(repr=False)
    sender: str
    entity_id: str
    accepted: str = ""
    is_private: bool = False


class NotTaken(OSError):
    """The gateway did not take the message. What it answered may repeat the message, so it is not kept."""


def send(number: str, text: str, *, template_id: str, gateway: Gateway) -> None:
    """Hand a message to the gateway, for the ten digits of an Indian mobile telephone.

    Raises ValueError for another number, and OSError when the message was not taken: the status of the answer is in
    the error, the message, the number and what the gateway's address holds are not.
    """
    if not is_number(number):
        raise ValueError("not the ten digits of a mobile telephone")
    told = {
        "mobile": number,
        "text": text,
        "template_id": template_id,
        "sender": gateway.sender,
        "entity_id": gateway.entity_id,
    }
    status, answer = _post(gateway, *_body(gateway.body, told))
    if not 200 <= status < 300:
        raise NotTaken(f"the gateway answered {status}")
    if gateway.accepted not in answer:
        raise NotTaken(f"the gateway answered {status} without the words that mean accepted")


def _body(pattern: str, told: Mapping[str, str]) -> tuple[bytes, str]:
    """The body of the request and its kind; what is told is encoded as that kind wants it and can break out of none."""
    if _is_json(pattern):
        return json.dumps(_filled(json.loads(pattern), told)).encode(), "application/json"
    pairs = parse_qsl(pattern, keep_blank_values=True)
    form = urlencode([(name, _filled(value, told)) for name, value in pairs])
    return form.encode(), "application/x-www-form-urlencoded"


def _is_json(pattern: str) -> bool:
    return pattern.lstrip().startswith(("{", "["))


def _filled(value: object, told: Mapping[str, str]) -> object:
    """The value with its places filled; what is filled in is never looked through for places."""
    if isinstance(value, str):
        return PLACE.sub(lambda place: told.get(place[1], place[0]), value)
    if isinstance(value, list):
        return [_filled(one, told) for one in value]
    return {name: _filled(one, told) for name, one in value.items()} if isinstance(value, dict) else value


def _post(gateway: Gateway, body: bytes, kind: str) -> tuple[int, str]:
    parts = urlsplit(gateway.url)
    connection = _connection(parts, gateway)
    try:
        connection.request("POST", _target(parts), body, {"Content-Type": kind, **_authorization(parts)})
        answer = connection.getresponse()
        return answer.status, answer.read(LONGEST_ANSWER).decode("utf-8", "replace")
    except HTTPException as error:
        raise NotTaken(f"the gateway did not speak HTTP ({type(error).__name__})") from None
    finally:
        connection.close()


def _connection(parts: SplitResult, gateway: Gateway) -> HTTPConnection:
    host = parts.hostname or ""
    if not gateway.is_private:
        _refuse_inside(host, parts.port or 443)
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=PATIENCE_SECONDS, context=ssl.create_default_context())
    return HTTPConnection(host, parts.port, timeout=PATIENCE_SECONDS)


def _refuse_inside(host: str, port: int) -> None:
    """A name that leads into one's own network is a mistake or an attack, unless the setting says otherwise."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not all(ip_address(str(address[0]).partition("%")[0]).is_global for *_rest, address in found):
        raise NotTaken("the gateway's name leads to an address that is not public")


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _authorization(parts: SplitResult) -> dict[str, str]:
    if not parts.username:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
