"""What a certificate image's facts mean: pure decisions, no pictures and no tables."""

import re
from collections.abc import Collection

# Where iGOT has printed its QR codes; an installation may pass its own list.
IGOT_HOSTS = frozenset({"portal.igotkarmayogi.gov.in", "igotkarmayogi.gov.in"})

# The last part is the signed form some courses print: the same address with the certificate packed behind it.
CERTIFICATE_URL = re.compile(
    r"https://(?P<host>[A-Za-z0-9.-]+)/certs/(?:dynamic/)?"
    r"(?P<id>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})"
    r"(?:\?t=URL-W3C-VC&data=[A-Za-z0-9+/=_%-]+)?"
)


def certificate_id(code_text: str, *, hosts: Collection[str] = IGOT_HOSTS) -> str | None:
    """The certificate's id that a QR code's text names, in lower case, or None if it is not iGOT's address.

    Only `https://<host>/certs/<uuid>` and `/certs/dynamic/<uuid>` count, plain or
    in the signed form `?t=URL-W3C-VC&data=…`, letter for letter: no port, no user
    name, no other path or ending. `hosts` are in lower case and match whole.
    An id says which certificate is meant, never that it is genuine.
    """
    found = CERTIFICATE_URL.fullmatch(code_text)
    if found is None or found["host"].lower() not in hosts:
        return None
    return found["id"].lower()
