"""Whose certificate a QR code names: the strict address, and nothing that looks like it."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.achievements.rules import IGOT_HOSTS, certificate_id

ID = "3ceaaf30-8142-48ea-91d9-3080f9b439fc"
PORTAL = "https://portal.igotkarmayogi.gov.in"

hosts = st.sampled_from(sorted(IGOT_HOSTS))
folders = st.sampled_from(["/certs/", "/certs/dynamic/"])


@given(hosts, folders, st.uuids(), st.booleans())
def test_every_address_igot_prints_names_its_certificate(host, folder, number, shouted):
    text = str(number).upper() if shouted else str(number)

    assert certificate_id(f"https://{host}{folder}{text}") == str(number)


def test_the_signed_form_names_the_same_certificate():
    assert certificate_id(f"{PORTAL}/certs/{ID}?t=URL-W3C-VC&data=UEsDBBQAAAAI/+AB==") == ID


def test_a_host_is_a_host_in_capitals_too():
    assert certificate_id(f"https://Portal.iGOTKarmayogi.gov.in/certs/{ID}") == ID


def test_an_installation_may_name_other_hosts():
    address = f"https://certs.example.gov.in/certs/{ID}"

    assert certificate_id(address) is None
    assert certificate_id(address, hosts={"certs.example.gov.in"}) == ID
    assert certificate_id(f"{PORTAL}/certs/{ID}", hosts={"certs.example.gov.in"}) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        ID,
        "upi://pay?pa=someone@okbank&pn=Some%20One",
        f"http://portal.igotkarmayogi.gov.in/certs/{ID}",
        f"{PORTAL}:443/certs/{ID}",
        f"{PORTAL}./certs/{ID}",
        f"{PORTAL}.evil.example/certs/{ID}",
        f"https://evil.example/{PORTAL}/certs/{ID}",
        f"https://portal.igotkarmayogi.gov.in@evil.example/certs/{ID}",
        f"https://evil@portal.igotkarmayogi.gov.in/certs/{ID}",
        f"https://evilportal.igotkarmayogi.gov.in/certs/{ID}",
        f"https://portal-igotkarmayogi.gov.in/certs/{ID}",
        f"{PORTAL}/certs/{ID}/",
        f"{PORTAL}/certs/{ID}\n",
        f" {PORTAL}/certs/{ID}",
        f"{PORTAL}/certs/{ID}#x",
        f"{PORTAL}/certs/{ID}?",
        f"{PORTAL}/certs/{ID}?t=URL-W3C-VC&data=",
        f"{PORTAL}/certs/{ID}?t=URL-W3C-VC&data=<script>",
        f"{PORTAL}/certs/{ID}?next=https://evil.example",
        f"{PORTAL}/certs/static/{ID}",
        f"{PORTAL}/certs/../certs/{ID}",
        f"{PORTAL}//certs/{ID}",
        f"{PORTAL}/Certs/{ID}",
        f"{PORTAL}/certs/{ID.replace('-', '')}",
        f"{PORTAL}/certs/{ID[:-1]}",
        f"{PORTAL}/certs/{ID}0",
        f"{PORTAL}/certs/{ID[:-1]}g",
        f"{PORTAL}/certs/{ID[:-1]}\uff11",  # a full-width digit
        f"{PORTAL}/certs/{ID[:-1]}१",
        f"{PORTAL}/certs/{ID} {PORTAL}/certs/{ID}",
        "PK\x03\x04\x14\x00",
    ],
)
def test_what_only_looks_like_an_igot_address_names_nothing(text):
    assert certificate_id(text) is None


@given(st.text())
def test_no_text_whatever_breaks_it(text):
    assert certificate_id(text) is None


@given(st.uuids(), st.text(min_size=1, max_size=3), st.integers(min_value=0))
def test_a_letter_put_into_the_address_ends_its_meaning(number, letters, place):
    address = f"{PORTAL}/certs/{number}"
    at = place % (len(address) + 1)

    assert certificate_id(address[:at] + letters + address[at:]) is None


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=40), st.uuids())
def test_whatever_is_named_is_a_uuid_in_lower_case(prefix, number):
    found = certificate_id(f"https://{prefix}/certs/{number}", hosts={prefix.lower()})

    assert found is None or found == str(uuid.UUID(found))
