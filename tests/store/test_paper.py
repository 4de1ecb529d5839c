"""Award certificates and orders as people hold, scan, read aloud and archive them."""

import hashlib
import io
import os
import re
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
import typst
import zxingcpp
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from karmyogi.core.errors import RuleBroken
from karmyogi.core.reasons import reason
from karmyogi.store.paper import (
    Awardee,
    CertificateFacts,
    OrderFacts,
    award_certificate,
    award_certificate_picture,
    award_order,
    code_in_groups,
    qr_svg,
)
from karmyogi.store.paper.press import FONTS, HOME, TEMPLATES

CODE = "0H3J5K7M9PQRSTVWXYZ2468ACE"
ADDRESS = f"https://karmyogi.example.gov.in/verify/{CODE}"

CERTIFICATE = CertificateFacts(
    state_hi="छत्तीसगढ़",
    state_en="Chhattisgarh",
    title_hi="प्रशस्ति पत्र",
    title_en="Certificate of Commendation",
    name_hi="ज्योत्स्ना पटेल",
    name_en="Jyotsna Patel",
    designation_hi="सहायक ग्रेड-2",
    designation_en="Assistant Grade II",
    department_hi="राजस्व विभाग",
    department_en="Revenue Department",
    office_hi="कार्यालय कलेक्टर, रायपुर",
    office_en="Office of the Collector, Raipur",
    citation_hi="जुलाई से सितंबर 2026 तक क्षमता निर्माण में उत्कृष्ट योगदान के लिए।",
    citation_en="for outstanding commitment to capacity building from July to September 2026.",
    award_number="CG/KMY/2026/000001",
    order_number="GAD/KMY/2026-27/000123",
    issued_on=date(2026, 10, 5),
    signatory_hi="सचिव, सामान्य प्रशासन विभाग",
    signatory_en="Secretary, General Administration Department",
    verify_url=ADDRESS,
    code=CODE,
)

CROWDED = replace(
    CERTIFICATE,
    name_hi="श्रीमती ज्योत्स्नामयी चतुर्वेदी श्रीवास्तव लक्ष्मीनारायणस्वामी वेंकटेश्वर राव देशमुख ठाकुर",
    name_en="Shrimati Jyotsnamayi Chaturvedi Srivastava Lakshminarayanaswamy Venkateswara Rao Deshmukh",
    designation_hi="सहायक संचालक (प्रशिक्षण एवं क्षमता निर्माण) एवं प्रभारी अधिकारी, जन शिकायत निवारण प्रकोष्ठ",
    designation_en="Assistant Director (Training and Capacity Building) and Officer in charge, Grievance Redressal",
    office_hi="संचालनालय लोक स्वास्थ्य एवं परिवार कल्याण सेवाएँ, ज़िला मनेन्द्रगढ़-चिरमिरी-भरतपुर",
    office_en="Directorate of Public Health and Family Welfare Services, District Manendragarh-Chirmiri-Bharatpur",
    department_hi="लोक स्वास्थ्य एवं परिवार कल्याण विभाग",
    department_en="Public Health and Family Welfare Department",
    citation_hi=(CERTIFICATE.citation_hi + " ") * 8 + "इति।",
    citation_en=(CERTIFICATE.citation_en + " ") * 7 + "With thanks from all of the district.",
    signatory_hi="डॉ. प्रज्ञा श्रीवास्तव\nसचिव, सामान्य प्रशासन विभाग",
    signatory_en="Dr. Pragya Srivastava\nSecretary, General Administration Department",
    place_hi="नवा रायपुर अटल नगर",
    place_en="Nava Raipur Atal Nagar",
    amount_rupees=2_50_000,
)

ASHA = Awardee(
    serial=1,
    name_hi="आशा वर्मा",
    name_en="Asha Verma",
    employee_code="••••1001",
    designation_hi="तहसीलदार",
    designation_en="Tehsildar",
    department_hi="राजस्व विभाग",
    department_en="Revenue Department",
    award_hi="प्रशस्ति पत्र एवं नकद पुरस्कार",
    award_en="Commendation and cash award",
    amount_rupees=50_000,
)

ORDER = OrderFacts(
    state_hi="छत्तीसगढ़",
    state_en="Chhattisgarh",
    department_hi="सामान्य प्रशासन विभाग",
    department_en="General Administration Department",
    place_hi="नवा रायपुर",
    place_en="Nava Raipur",
    order_number="GAD/KMY/2026-27/000123",
    order_on=date(2026, 10, 5),
    file_number="F 1-12/2026/1",
    subject_hi="तृतीय तिमाही 2026 के पुरस्कार",
    subject_en="Awards for the third quarter of 2026",
    preamble_hi="चयन समिति की अनुशंसा पर राज्य शासन निम्नानुसार पुरस्कार प्रदान करता है।",
    preamble_en="On the recommendation of the selection committee the State Government makes these awards.",
    reference_hi="अंक नीति क्रमांक 3; जुलाई से सितंबर 2026",
    reference_en="Scoring policy no. 3; July to September 2026; seal 9f2c 41ab",
    awardees=(ASHA,),
    copy_to=(("महालेखाकार, रायपुर।", "The Accountant General, Raipur."), ("गार्ड फाइल।", "Guard file.")),
    conditions=(("व्यय बजट शीर्ष 2052 से होगा।", "The expenditure is debitable to head 2052."),),
    signatory_hi="डॉ. प्रज्ञा श्रीवास्तव\nसचिव",
    signatory_en="Dr. Pragya Srivastava\nSecretary",
    endorsed_by_hi="अवर सचिव",
    endorsed_by_en="Under Secretary",
    verify_url=ADDRESS,
    code=CODE,
)


def awardees(count: int) -> tuple[Awardee, ...]:
    """That many officers whose names tell them apart; every second one gets money."""
    return tuple(
        replace(
            ASHA,
            serial=number,
            name_hi=f"अधिकारी {number:03}",
            name_en=f"Officer {number:03}",
            employee_code=f"••••{number:04}",
            amount_rupees=50_000 if number % 2 else None,
        )
        for number in range(1, count + 1)
    )


def pages_of(pdf: bytes) -> list[str]:
    """The text a reader selects on each page, in reading order."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def squeezed(text: str) -> str:
    """Without spaces: viewers lose some of them between Hindi words."""
    return re.sub(r"[\s\u200b]", "", unicodedata.normalize("NFC", text))


def says(pdf: bytes, text: str) -> bool:
    return squeezed(text) in squeezed("".join(pages_of(pdf)))


def scanned(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def pictures_of(pdf: bytes, *, ppi: int) -> list[Image.Image]:
    return [page.render(scale=ppi / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)]


# Archiving: the same facts make the same file


@pytest.mark.parametrize("facts", [CERTIFICATE, CROWDED])
def test_an_archivist_who_draws_a_certificate_again_gets_the_same_bytes(facts):
    again = replace(facts, name_en=facts.name_en)
    award_certificate(replace(facts, name_en="Somebody Else"))

    assert award_certificate(again) == award_certificate(facts)
    assert award_certificate_picture(again) == award_certificate_picture(facts)


def test_an_archivist_who_draws_an_order_again_gets_the_same_bytes():
    facts = replace(ORDER, awardees=awardees(45))
    first = award_order(facts)
    award_order(ORDER)

    assert award_order(facts) == first


def test_another_machine_another_day_and_another_time_zone_change_nothing():
    script = (
        "import hashlib; from tests.store.test_paper import *;"
        "print(hashlib.sha256(award_certificate(CROWDED) + award_order(ORDER)).hexdigest())"
    )
    elsewhere = os.environ | {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}

    drawn = subprocess.run([sys.executable, "-c", script], env=elsewhere, cwd=HOME, capture_output=True, check=True)

    assert drawn.stdout.decode().strip() == hashlib.sha256(award_certificate(CROWDED) + award_order(ORDER)).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        {"name_hi": "आशा"},
        {"award_number": "CG/KMY/2026/000002"},
        {"issued_on": date(2026, 10, 6)},
        {"code": CODE[::-1]},
    ],
)
def test_a_different_fact_makes_a_different_certificate(changed):
    assert award_certificate(replace(CERTIFICATE, **changed)) != award_certificate(CERTIFICATE)


def test_a_records_clerk_finds_title_issuer_numbers_and_date_in_the_files_properties():
    document = pypdfium2.PdfDocument(award_certificate(CERTIFICATE))

    assert document.get_metadata_dict(skip_empty=True) == {
        "Title": "प्रशस्ति पत्र · Certificate of Commendation: ज्योत्स्ना पटेल · Jyotsna Patel",
        "Author": "Government of Chhattisgarh",
        "Keywords": f"CG/KMY/2026/000001, GAD/KMY/2026-27/000123, {CODE}",
        "CreationDate": "D:20261005000000Z",
        "ModDate": "D:20261005000000Z",
        "Creator": document.get_metadata_value("Creator"),
    }


def test_an_orders_properties_name_its_number_and_subject():
    document = pypdfium2.PdfDocument(award_order(ORDER))

    assert (document.get_metadata_value("Title"), document.get_metadata_value("Keywords")) == (
        "आदेश · Order GAD/KMY/2026-27/000123: तृतीय तिमाही 2026 के पुरस्कार",
        f"GAD/KMY/2026-27/000123, {CODE}",
    )


@pytest.mark.parametrize(("draw", "facts"), [(award_certificate, CERTIFICATE), (award_order, ORDER)])
def test_a_screen_reader_gets_a_tagged_hindi_document_that_claims_pdf_a_and_pdf_ua(draw, facts):
    pdf = draw(facts)
    claims = re.findall(rb"<pdf(?:aid|uaid):(\w+)>(\w+)<", pdf)
    languages = {language.decode() for language in re.findall(rb"/Lang ?\(([^)]+)\)", pdf)}

    assert sorted(claims) == [(b"conformance", b"B"), (b"part", b"1"), (b"part", b"2")]
    assert languages == {"hi-IN", "en-IN"}
    assert re.findall(rb"<dc:language>.*?<rdf:li>([\w-]+)<", pdf, re.DOTALL) == [b"hi-IN"]
    assert b"/StructTreeRoot" in pdf


# Scanning


@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
@pytest.mark.parametrize("facts", [CERTIFICATE, CROWDED])
def test_a_phone_verifies_a_shared_picture_in_colour_grey_and_black(facts, mode):
    picture = Image.open(io.BytesIO(award_certificate_picture(facts)))

    assert picture.size == (1754, 1240)
    assert scanned(picture.convert("RGB").convert(mode)) == [ADDRESS]


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("ppi", [100, 150, 300])
def test_a_phone_verifies_a_printed_certificate(ppi, mode):
    [picture] = pictures_of(award_certificate(CERTIFICATE), ppi=ppi)

    assert scanned(picture.convert(mode)) == [ADDRESS]


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("count", [1, 45])
def test_a_phone_verifies_an_order_from_its_last_page_only(count, mode):
    pages = pictures_of(award_order(replace(ORDER, awardees=awardees(count))), ppi=150)

    assert [scanned(page.convert(mode)) for page in pages] == [[]] * (len(pages) - 1) + [[ADDRESS]]


def test_a_person_without_a_camera_types_the_code_in_five_groups():
    assert code_in_groups(CODE) == "0H3J5-K7M9P-QRSTV-WXYZ2-468ACE"
    assert code_in_groups("0H3J5K7") == "0H3J5-K7"
    assert says(award_certificate(CERTIFICATE), "karmyogi.example.gov.in/verify 0H3J5-K7M9P-QRSTV-WXYZ2-468ACE")
    assert says(award_order(ORDER), "karmyogi.example.gov.in/verify 0H3J5-K7M9P-QRSTV-WXYZ2-468ACE")


def test_a_page_can_show_the_qr_code_under_a_strict_content_policy():
    svg = qr_svg(ADDRESS)

    assert (svg[:5], svg[-6:]) == ("<svg ", "</svg>")
    assert [word for word in ("style", "script", "href", "<?xml") if word in svg] == []


# Reading: names, dates, sums

HARD = (
    "ज्योत्स्ना द्विवेदी|कृष्णा क्षत्रपाल|श्रद्धा मिश्र|ऋतुपर्णा ब्रह्मानन्द|द्रौपदी साहू|प्रज्ञा श्रीवास्तव|उर्वशी ठाकुर|"
    "हृदयेश शर्मा|विश्वेश्वर प्रसाद|लक्ष्मीनारायण पटेल|शत्रुघ्न सिन्हा|अर्जुन मुण्डा|दत्तात्रेय कुलकर्णी|रुक्मिणी देवी|"
    "विष्णुप्रिया नेताम|उज्ज्वल दीक्षित|विद्युत् प्रभा|शृंगारिका वर्मा|पद्मा कश्यप|चिह्नित राठौर|अङ्किता सिंह|"
    "रूपेन्द्र चन्द्राकर|राष्ट्रपाल बघेल|वाङ्मयी त्रिपाठी|ऋद्धि सिद्धि|स्त्रीरत्ना पाण्डेय|पत्नीव्रता मुद्गल|तृप्ति चतुर्वेदी|"
    "आह्लादिनी झा|दक्षिणामूर्ति|दीर्घायु यादव|ज्ञानेश्वरी ध्रुव|धृष्टद्युम्न|क्षिप्रा चौहान|सत्यव्रत ढीमर|गङ्गा प्रसाद|"
    "कर्मण्येवाधिकार|मृत्युञ्जय गुप्ता|सच्चिदानन्द|भर्तृहरि नायक|अन्नपूर्णा वर्मा|विट्ठल रुक्मांगद|श्यामसुन्दर अग्रवाल|"
    "पुष्पेन्द्र कँवर|चंद्रप्रकाश मिंज|निर्मला टोप्पो|फ़िरोज़ ख़ान|ज़ुबैदा क़ुरैशी|बड़कू गोंड|ढाढ़ी राम|डॉ. ऑगस्टीन|श्रुतकीर्ति|"
    "स्वप्निल वैष्णव|ब्राह्मणी देवी|ग्रीष्मा प्रह्लाद|निष्ठा सूर्यवंशी|तत्त्वदर्शी|उद्घोष उद्यान|शक्तिप्रसाद|ईश्वरी ऊषा|"
    "ऐश्वर्या औदीच्य|कॄष्णमूर्त्ति|अर्घ्या श्रेष्ठ|रत्नप्रभा छत्री|मंजूषा अँजोर"
)
HARD_NAMES = HARD.split("|")

# Where the certificate's font lowers or raises a mark, Typst writes its whole cluster twice into the
# text layer (सिंह is drawn right, and copied as सिंसिंह); Poppler reads these six as PDFium does. The
# title of the document always carries the name as it is. The order's font has no such marks.
COPIED_TWICE = {
    "विद्युत् प्रभा",
    "अङ्किता सिंह",
    "राष्ट्रपाल बघेल",
    "ज्ञानेश्वरी ध्रुव",
    "धृष्टद्युम्न",
    "ज़ुबैदा क़ुरैशी",
}


@pytest.fixture(scope="module")
def roll() -> str:
    """The text of an order that names everybody with a hard name."""
    rows = tuple(replace(ASHA, serial=n, name_hi=name) for n, name in enumerate(HARD_NAMES, start=1))
    return squeezed("".join(pages_of(award_order(replace(ORDER, awardees=rows)))))


def test_a_clerk_copies_hindi_names_with_hard_clusters_out_of_an_order(roll):
    assert [name for name in HARD_NAMES if squeezed(name) not in roll] == []


@pytest.mark.parametrize("name", [*HARD_NAMES[:12], *sorted(COPIED_TWICE)])
def test_a_clerk_copies_a_hindi_name_out_of_a_certificate_or_reads_it_in_the_title(name):
    pdf = award_certificate(replace(CERTIFICATE, name_hi=name))

    assert says(pdf, name) == (name not in COPIED_TWICE)
    assert pypdfium2.PdfDocument(pdf).get_metadata_value("Title").split(": ")[1] == f"{name} · Jyotsna Patel"


@pytest.mark.parametrize("name", ["Jyotsna Dwivedi", "T. P. D'Souza-Ekka", "K. Śrīnivāsa Rāo", "Affan Officer"])
def test_a_clerk_copies_an_english_name_out_of_both_papers(name):
    assert says(award_certificate(replace(CERTIFICATE, name_en=name)), name)
    assert says(award_order(replace(ORDER, awardees=(replace(ASHA, name_en=name),))), name)


MARKUP = "#strong[x] $x$ *b* _i_ `c` <a> @b // /* \\ \"q\" 'e' -- ~ #panic() \\n #{1+1} %d {{x}}"


def test_a_name_that_looks_like_markup_is_printed_letter_by_letter():
    assert says(award_certificate(replace(CERTIFICATE, name_hi=MARKUP, citation_en=MARKUP)), MARKUP)
    assert says(award_order(replace(ORDER, preamble_en=MARKUP)), MARKUP)


def test_a_name_typed_with_hidden_marks_and_line_breaks_is_printed_plainly():
    typed = "\u202eJyotsna\n\u200f Patel\ufeff\x00\u00ad\t\u2066"

    assert award_certificate(replace(CERTIFICATE, name_en=typed)) == award_certificate(CERTIFICATE)


def test_a_name_typed_with_composed_letters_is_the_same_name():
    composed, decomposed = "\u0929\u0921\u093c", "\u0928\u093c\u0921\u093c"

    assert award_certificate(replace(CERTIFICATE, name_hi=composed)) == award_certificate(
        replace(CERTIFICATE, name_hi=decomposed)
    )


@pytest.mark.parametrize("draw", [award_certificate, award_certificate_picture])
def test_a_name_our_fonts_cannot_print_is_refused_and_not_boxed(draw):
    with pytest.raises(RuleBroken) as refused:
        draw(replace(CERTIFICATE, name_hi="આશા"))

    assert list(refused.value.reasons) == [reason("paper_letter_missing", letter="આ")]


def test_an_order_with_one_unprintable_name_is_refused():
    with pytest.raises(RuleBroken) as refused:
        award_order(replace(ORDER, awardees=(ASHA, replace(ASHA, serial=2, name_en="李"))))

    assert list(refused.value.reasons) == [reason("paper_letter_missing", letter="李")]


def test_a_citation_no_page_can_hold_is_refused_and_not_cut():
    with pytest.raises(RuleBroken) as refused:
        award_certificate(replace(CERTIFICATE, citation_hi=CERTIFICATE.citation_hi * 80))

    assert list(refused.value.reasons) == [reason("paper_no_room")]


MONTHS = {
    1: ("जनवरी", "January"),
    2: ("फ़रवरी", "February"),
    3: ("मार्च", "March"),
    4: ("अप्रैल", "April"),
    5: ("मई", "May"),
    6: ("जून", "June"),
    7: ("जुलाई", "July"),
    8: ("अगस्त", "August"),
    9: ("सितंबर", "September"),
    10: ("अक्टूबर", "October"),
    11: ("नवंबर", "November"),
    12: ("दिसंबर", "December"),
}


@pytest.mark.parametrize("month", MONTHS)
def test_the_date_is_written_in_both_languages(month):
    hindi, english = MONTHS[month]

    pdf = award_certificate(replace(CERTIFICATE, issued_on=date(2026, month, 5)))

    assert says(pdf, f"दिनांक Date 05 {hindi} 2026 05 {english} 2026")


def test_an_award_of_money_is_written_in_figures_and_words():
    pdf = award_certificate(replace(CERTIFICATE, amount_rupees=2_50_000))

    assert says(pdf, "पुरस्कार राशि ₹2,50,000 (दो लाख पचास हज़ार रुपये मात्र)")
    assert says(pdf, "Award of ₹2,50,000 (two lakh fifty thousand rupees only)")


def test_a_certificate_without_money_does_not_mention_any():
    assert not says(award_certificate(CERTIFICATE), "₹")


def test_hindi_stands_before_english_in_every_part_of_a_certificate():
    [page] = pages_of(
        award_certificate(replace(CERTIFICATE, place_hi="रायपुर नगर", place_en="Raipur City", amount_rupees=1))
    )
    text = squeezed(page)
    pairs = [
        ("छत्तीसगढ़ शासन", "GOVERNMENT OF CHHATTISGARH"),
        ("प्रशस्ति पत्र", "CERTIFICATE OF COMMENDATION"),
        ("यह सम्मान सहर्ष प्रदान किया जाता है", "This honour is proudly conferred upon"),
        (CERTIFICATE.name_hi, CERTIFICATE.name_en),
        (
            "सहायक ग्रेड-2, कार्यालय कलेक्टर, रायपुर · राजस्व विभाग",
            "Assistant Grade II, Office of the Collector, Raipur · Revenue Department",
        ),
        (CERTIFICATE.citation_hi, CERTIFICATE.citation_en),
        ("एक रुपया मात्र", "one rupee only"),
        ("सत्यापन हेतु स्कैन करें", "scan to verify"),
        (CERTIFICATE.signatory_hi, CERTIFICATE.signatory_en),
        ("रायपुर नगर", "Raipur City"),
    ]

    assert [pair for pair in pairs if not 0 <= text.find(squeezed(pair[0])) < text.find(squeezed(pair[1]))] == []


# Fitting: nothing runs over anything


def boxes_of(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right and top of every run of text on the one page, in points."""
    [page] = pypdfium2.PdfDocument(pdf)
    text = page.get_textpage()
    return [text.get_rect(index) for index in range(text.count_rects())]


def overlaps(pdf: bytes) -> list[tuple[int, int]]:
    """Pairs of text runs of which one covers more than a third of the other's height, and some of its width."""
    boxes = boxes_of(pdf)
    return [
        (i, j)
        for i, (left, bottom, right, top) in enumerate(boxes)
        for j, (other_left, other_bottom, other_right, other_top) in enumerate(boxes[:i])
        if min(right, other_right) - max(left, other_left) > 4
        and min(top, other_top) - max(bottom, other_bottom) > min(top - bottom, other_top - other_bottom) / 3
    ]


def outside_the_frame(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Text runs that reach into the border, 18 mm from the edge of the sheet."""
    edge, width, height = 51, 842, 595
    return [
        (left, bottom, right, top)
        for left, bottom, right, top in boxes_of(pdf)
        if left < edge or bottom < edge or right > width - edge or top > height - edge
    ]


ONE_WORD = replace(
    CERTIFICATE, name_hi="लक्ष्मीनारायणस्वामी" * 6, name_en="Lakshminarayanaswamy" * 5, citation_en="w" * 600
)
LONG_TITLE = replace(
    CERTIFICATE,
    title_hi="राज्य स्तरीय उत्कृष्ट कर्मयोगी शिक्षार्थी एवं सर्वश्रेष्ठ क्षमता निर्माण प्रशस्ति पत्र",
    title_en="State Level Certificate of Commendation for Outstanding Karmayogi Learners and Teachers",
    government_hi="राष्ट्रीय राजधानी क्षेत्र दिल्ली सरकार एवं संघ राज्यक्षेत्र",
    government_en="Government of the National Capital Territory of Delhi and its Union Territory",
    award_number="CG/KMY/2026/SPECIAL-RECOGNITION/000001",
    order_number="GAD/KMY/2026-27/SPECIAL-RECOGNITION-CELL/000123",
)


@pytest.mark.parametrize(
    "facts", [CERTIFICATE, CROWDED, ONE_WORD, LONG_TITLE], ids=["short", "crowded", "word", "title"]
)
def test_an_officer_with_a_long_name_and_citation_still_gets_one_clean_page(facts):
    pdf = award_certificate(facts)

    assert (len(pages_of(pdf)), outside_the_frame(pdf), overlaps(pdf)) == (1, [], [])


def test_a_long_citation_is_printed_to_its_last_word():
    pdf = award_certificate(CROWDED)

    assert (len(CROWDED.citation_hi), len(CROWDED.citation_en)) >= (500, 550)
    assert says(pdf, CROWDED.citation_en)
    assert says(pdf, "इति।")


english_words = st.text(st.sampled_from("aeimnorstvy"), min_size=1, max_size=14)
hindi_words = st.sampled_from(["क्षमता", "निर्माण", "में", "उत्कृष्ट", "योगदान", "हेतु", "श्रीवास्तव", "ज्योत्स्ना", "एवं"])


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])  # shrinking would take minutes
@given(
    name_hi=st.lists(hindi_words, min_size=1, max_size=9).map(" ".join),
    name_en=st.lists(english_words, min_size=1, max_size=9).map(" ".join),
    designation_hi=st.lists(hindi_words, min_size=1, max_size=14).map(" ".join),
    designation_en=st.lists(english_words, min_size=1, max_size=14).map(" ".join),
    citation_hi=st.lists(hindi_words, min_size=1, max_size=80).map(" ".join),
    citation_en=st.lists(english_words, min_size=1, max_size=70).map(" ".join),
    amount_rupees=st.none() | st.integers(1, 10**9),
)
def test_no_mixture_of_lengths_makes_text_collide_or_leave_the_page(**texts):
    pdf = award_certificate(replace(CERTIFICATE, **texts))

    assert (len(pages_of(pdf)), outside_the_frame(pdf), overlaps(pdf)) == (1, [], [])


# Orders


def test_an_order_follows_the_secretariats_form_from_top_to_bottom():
    text = squeezed("".join(pages_of(award_order(ORDER))))
    parts = [
        "छत्तीसगढ़ शासन",
        "सामान्य प्रशासन विभाग General Administration Department",
        "आदेश",
        "ORDER",
        "क्रमांक No. GAD/KMY/2026-27/000123",
        "तृतीय तिमाही 2026 के पुरस्कार Awards for the third quarter of 2026",
        "संदर्भ : अंक नीति क्रमांक 3; जुलाई से सितंबर 2026 Reference: Scoring policy no. 3",
        "1. चयन समिति की अनुशंसा पर",
        "On the recommendation of the selection committee",
        "क्र. S.No. नाम Name",
        "आशा वर्मा Asha Verma ••••1001",
        "कुल पुरस्कृत अधिकारी/कर्मचारी : 1; कुल स्वीकृत राशि : ₹50,000 (पचास हज़ार रुपये मात्र)",
        "Officers and employees awarded: 1; total sum sanctioned: ₹50,000 (fifty thousand rupees only)",
        "2. व्यय बजट शीर्ष 2052 से होगा। The expenditure is debitable to head 2052.",
        "छत्तीसगढ़ के राज्यपाल के नाम से तथा आदेशानुसार,",
        "By order and in the name of the Governor of Chhattisgarh,",
        "डॉ. प्रज्ञा श्रीवास्तव सचिव Dr. Pragya Srivastava Secretary",
        "पृष्ठांकन क्रमांक समसंख्यक",
        "प्रतिलिपि : Copy to:",
        "1. महालेखाकार, रायपुर। The Accountant General, Raipur.",
        "2. गार्ड फाइल। Guard file.",
        "अवर सचिव Under Secretary",
        "सत्यापन हेतु स्कैन करें Scan to verify",
    ]
    places = [text.find(squeezed(part)) for part in parts]

    assert [part for part, place in zip(parts, places, strict=True) if place < 0] == []
    assert places == sorted(places)


def test_the_order_is_dated_at_its_place_in_both_languages():
    pdf = award_order(ORDER)

    assert says(pdf, "नवा रायपुर, दिनांक 05 अक्टूबर 2026")
    assert says(pdf, "Nava Raipur, dated 05 October 2026")


def test_every_page_of_a_long_order_carries_the_tables_head_and_its_own_number():
    pages = pages_of(award_order(replace(ORDER, awardees=awardees(45))))
    count = len(pages)

    assert [
        squeezed(f"पृष्ठ {n} / {count} · Page {n} of {count}") in squeezed(page) for n, page in enumerate(pages, 1)
    ] == ([True] * count)
    assert [("Designation and department" in page) for page in pages] == [("Officer 0" in page) for page in pages]


def test_each_of_45_officers_stands_whole_on_one_page_and_once():
    pages = [squeezed(page) for page in pages_of(award_order(replace(ORDER, awardees=awardees(45))))]
    rows = [squeezed(f"{n} अधिकारी {n:03} Officer {n:03} ••••{n:04} तहसीलदार Tehsildar") for n in range(1, 46)]

    assert [sum(page.count(row) for page in pages) for row in rows] == [1] * 45


def test_45_officers_sums_add_up_and_those_without_money_have_a_dash():
    pdf = award_order(replace(ORDER, awardees=awardees(45)))

    assert says(pdf, "योग Total ₹11,50,000")
    assert says(pdf, "45; कुल स्वीकृत राशि : ₹11,50,000 (ग्यारह लाख पचास हज़ार रुपये मात्र)")
    assert squeezed("".join(pages_of(pdf))).count("—") == 22


def test_an_order_that_gives_no_money_has_no_column_for_it():
    pdf = award_order(replace(ORDER, awardees=(replace(ASHA, amount_rupees=None),)))

    assert (says(pdf, "₹"), says(pdf, "राशि"), says(pdf, "Amount")) == (False, False, False)


@pytest.mark.parametrize("copies", [0, 1, 8, 9, 19, 20, 40])
def test_the_last_page_never_shows_a_signature_without_the_words_it_signs(copies):
    copy_to = tuple((f"प्रति {n} की ओर।", f"To addressee {n}.") for n in range(1, copies + 1))

    last = squeezed(pages_of(award_order(replace(ORDER, copy_to=copy_to)))[-1])

    assert "UnderSecretary" in last
    assert (f"Toaddressee{copies}." if copies else "Copyto:") in last


def test_a_corrigendum_uses_the_same_paper_under_its_own_heading():
    pdf = award_order(replace(ORDER, heading_hi="शुद्धि पत्र", heading_en="Corrigendum"))

    assert (says(pdf, "शुद्धि पत्र CORRIGENDUM"), says(pdf, "आदेश ORDER")) == (True, False)


def test_a_preamble_of_two_paragraphs_is_numbered_and_the_conditions_go_on():
    pdf = award_order(replace(ORDER, preamble_hi="पहला।\nदूसरा।", preamble_en="First.\nSecond."))

    assert says(pdf, "1. पहला। First. 2. दूसरा। Second.")
    assert says(pdf, "3. व्यय बजट शीर्ष 2052 से होगा।")


def test_another_state_signs_under_its_own_name():
    pdf = award_order(
        replace(
            ORDER, state_hi="बिहार", state_en="Bihar", government_hi="बिहार सरकार", government_en="Government of Bihar"
        )
    )

    assert says(pdf, "बिहार सरकार")
    assert says(pdf, "बिहार के राज्यपाल के नाम से तथा आदेशानुसार")
    assert not says(pdf, "छत्तीसगढ़")


def test_a_very_long_word_in_the_table_stays_in_its_column():
    officer = replace(ASHA, name_en="Lakshminarayana" * 4)

    text = pypdfium2.PdfDocument(award_order(replace(ORDER, awardees=(officer,))))[0].get_textpage()
    row, _ = text.search("आशा").get_next()
    post, _ = text.search("Tehsildar").get_next()
    ends_of_y = [text.get_charbox(i)[2] for i, _ in iter(text.search("y").get_next, None) if row < i < post]

    assert len(ends_of_y) == 4
    assert max(ends_of_y) < text.get_charbox(post)[0]


# The house: fonts and threads


def test_every_font_the_templates_name_is_shipped_and_every_font_shipped_is_named():
    named = set()
    for template in TEMPLATES.glob("*.typ"):
        named |= set(re.findall(r'(?:font: |devanagari = |latin = )"([^"]+)"', template.read_text()))
    shipped = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])

    assert named == set(shipped.families())


@pytest.mark.parametrize(
    ("draw", "facts", "fonts"),
    [
        (
            award_certificate,
            CERTIFICATE,
            "Cinzel-Regular Cinzel-SemiBold CormorantGaramond-SemiBold EBGaramond-Italic EBGaramond-Regular "
            "EBGaramond-SemiBold RozhaOne-Regular TiroDevaHindi-Regular",
        ),
        (
            award_order,
            ORDER,
            "Cinzel-Regular Cinzel-SemiBold EBGaramond-Italic EBGaramond-Regular EBGaramond-SemiBold "
            "NotoSansDevanagari-Regular NotoSansDevanagari-SemiBold RozhaOne-Regular",
        ),
    ],
    ids=["certificate", "order"],
)
def test_a_paper_embeds_exactly_the_fonts_it_was_designed_with(draw, facts, fonts):
    embedded = re.findall(r"/FontName ?/[A-Z]{6}\+([\w-]+)", draw(facts).decode("latin-1"))

    assert sorted(set(embedded)) == fonts.split()


def test_every_font_comes_with_its_licence_and_all_stay_under_four_megabytes():
    families = {path.name.split("_")[0] for path in FONTS.glob("*.ttf")}
    licences = {path.stem.removeprefix("OFL-").replace("-", "") for path in FONTS.glob("OFL-*.txt")}

    assert families == licences
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 4_000_000
    assert [path.name for path in FONTS.glob("OFL-*.txt") if "SIL OPEN FONT LICENSE" not in path.read_text()] == []


def test_four_clerks_printing_at_once_get_their_own_certificates():
    facts = [replace(CERTIFICATE, award_number=f"CG/KMY/2026/{n:06}") for n in range(8)]
    one_by_one = [award_certificate(each) for each in facts]

    with ThreadPoolExecutor(4) as clerks:
        assert list(clerks.map(award_certificate, facts)) == one_by_one


def test_a_forked_process_is_told_so_instead_of_waiting_for_ever():
    award_certificate(CERTIFICATE)

    child = os.fork()
    if child == 0:
        try:
            award_certificate(CERTIFICATE)
        except RuntimeError:
            os._exit(7)
        os._exit(0)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
