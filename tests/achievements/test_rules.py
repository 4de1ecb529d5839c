"""Whose certificate a QR code names, what proves a claim, and the road from submission to verification."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.achievements.rules import (
    ACHIEVEMENT,
    DOUBTS,
    IGOT_HOSTS,
    Evidence,
    Holding,
    certificate_id,
    certificate_ids,
    claim_reasons,
    only_certificate,
    told_to_claimant,
    verdict,
    verification_reasons,
)
from karmyogi.core.permissions import GRANTS, ROLES, Permission, Reach, Role
from karmyogi.core.reasons import TEXTS, reason
from karmyogi.core.workflow import not_own_case, not_same_hand

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


def test_one_certificate_printed_twice_is_one_and_two_are_none():
    code, signed, other = f"{PORTAL}/certs/{ID}", f"{PORTAL}/certs/dynamic/{ID.upper()}", f"{PORTAL}/certs/{OTHER_ID}"

    assert (certificate_ids([code, "x", signed, other]), only_certificate([code, signed])) == ((ID, OTHER_ID), ID)
    assert [only_certificate(codes) for codes in ([], ["x"], [code, other])] == ["", "", ""]


# The verdict

OTHER_ID = "0fceb2d9-598d-4ec4-bfb8-c1b21c718b6e"
CODE = f"{PORTAL}/certs/{ID}"
ASHA, FARID = 1, 2
CONDUCT, STRESS = 10, 11
MINE = Holding(ASHA, CONDUCT)


def judged(course: int | None, *codes: str, held: tuple[Holding, ...] = (), **shared: bool) -> tuple:
    found = verdict(Evidence(ASHA, course, codes, frozenset(held), **shared))
    return found.is_match, found.course_id, [one.code for one in found.reasons]


@pytest.mark.parametrize(
    ("course", "held", "outcome"),
    [
        (CONDUCT, [MINE], (True, CONDUCT, [])),
        (None, [MINE], (True, CONDUCT, [])),
        (STRESS, [MINE, Holding(ASHA, STRESS)], (True, STRESS, [])),
        (None, [MINE, Holding(ASHA, STRESS)], (False, None, ["certificate_of_several_courses"])),
        (STRESS, [MINE], (False, STRESS, ["certificate_of_another_course"])),
        (CONDUCT, [Holding(FARID, CONDUCT)], (False, CONDUCT, ["certificate_of_another"])),
        (None, [Holding(FARID, CONDUCT)], (False, None, ["certificate_of_another"])),
        (CONDUCT, [MINE, Holding(FARID, CONDUCT)], (False, CONDUCT, ["certificate_of_another"])),
        (CONDUCT, [], (False, CONDUCT, ["certificate_not_in_reports"])),
    ],
)
def test_only_the_officers_own_row_for_the_claimed_course_proves_a_claim(course, held, outcome):
    assert judged(course, CODE, held=tuple(held)) == outcome


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        ([], "qr_unreadable"),
        (["upi://pay"], "qr_of_another_issuer"),
        ([CODE, f"{PORTAL}/certs/{OTHER_ID}"], "several_certificates"),
    ],
)
def test_a_picture_that_does_not_name_one_certificate_proves_nothing(codes, why):
    assert judged(CONDUCT, *codes, held=(MINE,)) == (False, CONDUCT, [why])


def test_a_stray_code_beside_the_certificates_own_does_no_harm():
    assert judged(CONDUCT, "upi://pay", CODE, held=(MINE,)) == (True, CONDUCT, [])


def test_what_others_did_is_told_with_and_without_a_match():
    both = {"is_claimed_by_another": True, "is_file_of_another": True}
    told = ["certificate_claimed_by_another", "file_of_another"]

    assert judged(CONDUCT, CODE, held=(MINE,), **both) == (True, CONDUCT, told)
    assert judged(CONDUCT, CODE, **both) == (False, CONDUCT, ["certificate_not_in_reports", *told])


@given(
    st.none() | st.sampled_from([CONDUCT, STRESS]),
    st.lists(st.sampled_from([CODE, f"{PORTAL}/certs/{OTHER_ID}", "x"]), max_size=3),
    st.frozensets(st.builds(Holding, st.sampled_from([ASHA, FARID]), st.sampled_from([CONDUCT, STRESS]))),
)
def test_a_claim_is_matched_or_a_reason_says_why_a_person_must_look(course, codes, held):
    found = verdict(Evidence(ASHA, course, tuple(codes), held))

    assert found.is_match is not bool(found.reasons)
    if found.is_match:
        assert Holding(ASHA, found.course_id) in held
        assert {one.officer_id for one in held} == {ASHA}


def test_a_claimant_is_never_told_what_another_officer_did_or_holds():
    reasons = [reason(code) for code in ("qr_unreadable", *sorted(DOUBTS))]

    assert told_to_claimant(reasons) == [reason("qr_unreadable")]


def test_every_doubt_asks_for_a_word_and_nothing_else_does():
    plain = [reason("qr_unreadable"), reason("certificate_not_in_reports")]

    assert verification_reasons(plain, remark="") == []
    for code in DOUBTS:
        assert verification_reasons([reason(code)], remark=" \n") == [reason("doubts_need_remark")]
        assert verification_reasons([reason(code)], remark="देखा") == []
    assert set(TEXTS) >= DOUBTS


# The claim as written

TODAY = date(2026, 4, 10)


@pytest.mark.parametrize(
    ("course", "title", "finished_on", "codes"),
    [
        (CONDUCT, "", TODAY, []),
        (None, "संगोष्ठी", TODAY, []),
        (None, "x" * 300, TODAY, []),
        (None, "x" * 301, TODAY, ["title_too_long"]),
        (None, "", TODAY, ["claim_unnamed"]),
        (None, "  ", TODAY, ["claim_unnamed"]),
        (CONDUCT, "संगोष्ठी", TODAY, ["claim_named_twice"]),
        (CONDUCT, "  ", None, ["finished_day_missing"]),
        (CONDUCT, "", TODAY + timedelta(days=1), ["finished_in_future"]),
        (None, "", TODAY + timedelta(days=1), ["claim_unnamed", "finished_in_future"]),
    ],
)
def test_a_claim_needs_one_name_and_a_day_that_has_been(course, title, finished_on, codes):
    found = claim_reasons(course_id=course, title=title, finished_on=finished_on, today=TODAY)

    assert [one.code for one in found] == codes


# The road


def test_the_road_of_a_claim_is_the_one_that_was_ordered():
    table = {
        (one.action, *sorted(one.sources)): (one.target, one.permission, one.guards, one.remark)
        for one in ACHIEVEMENT.steps
    }

    assert table == {
        ("match", "submitted"): ("verified", Permission.ACHIEVEMENTS_MATCH, (), False),
        ("verify", "submitted"): (
            "verified",
            Permission.ACHIEVEMENTS_REVIEW,
            (not_own_case, not_same_hand),
            False,
        ),
        ("return", "submitted"): ("returned", Permission.ACHIEVEMENTS_REVIEW, (not_own_case,), False),
        ("resubmit", "returned"): ("submitted", Permission.ACHIEVEMENTS_SUBMIT, (), False),
        ("withdraw", "returned", "submitted"): ("withdrawn", Permission.ACHIEVEMENTS_SUBMIT, (), False),
    }
    assert ACHIEVEMENT.ends == {"verified", "withdrawn"}


@pytest.mark.parametrize(
    ("permission", "holders"),
    [
        (Permission.ACHIEVEMENTS_MATCH, {Role.SYSTEM: Reach.ALL}),
        (Permission.ACHIEVEMENTS_REVIEW, {Role.NODAL: Reach.UNIT}),
        (Permission.ACHIEVEMENTS_SUBMIT, {Role.EMPLOYEE: Reach.SELF}),
    ],
)
def test_each_step_belongs_to_one_role_and_no_person_takes_the_systems(permission, holders):
    assert {role: far for role, far in zip(ROLES, GRANTS[permission], strict=True) if far} == holders
