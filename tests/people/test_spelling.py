"""Names that are one and names that are not, however they are spelled and in whichever script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.demo import names
from karmyogi.people.rules import LONGEST_KEY, asked_keys, beginnings, name_keys, phone_in, spelling_key

# Each line is one name as people write it.
ONE_NAME = [
    line.split()
    for line in """
    सुनीता sunita suneeta sunitha Sunitaa
    मरकाम markam marcam marakam Markaam
    साहू sahu sahoo saahu साहु
    सिंह singh सिंघ
    वर्मा verma varma
    शर्मा sharma sarma
    मिश्रा mishra misra मिश्र
    चौधरी choudhary chaudhari chowdhary chaudhry
    पाण्डेय पांडेय pandey pande पांडे
    तिवारी tiwari tiwary tivari
    राठौर rathore rathor
    लक्ष्मी lakshmi laxmi lakshami
    कृष्णा krishna krishn कृष्ण
    ज्ञानेश्वर gyaneshwar jnaneshwar dnyaneshwar
    प्रज्ञा pragya pragnya
    जायसवाल jaiswal jaysawal jayaswal
    दीक्षित dixit dikshit
    विजय vijay vijai
    अजय ajay ajai
    नायक nayak naik नाईक
    राय rai ray
    प्रिया priya pria
    सोनिया sonia sonya soniya
    गौरव gaurav gourav
    सौरभ saurabh sourabh
    भौमिक bhaumik bhowmik
    मनहर manhar manahar
    ममता mamta mamata
    आनंद आनन्द anand aanand
    चंपा champa चम्पा
    संपत sampat सम्पत
    जाकिर ज़ाकिर zakir jakir
    फराह फ़राह farah pharah
    क़मर कमर qamar kamar
    देवांगन dewangan devangan
    चंद्राकर चन्द्राकर chandrakar
    कश्यप kashyap kasyap
    विक्की vicky vikki
    बच्चा bachcha baccha
    बहादुर bahadur
    महेश mahesh
    ठाकुर thakur thakoor takur
    दुबे dubey dube
    उइके uikey uike
    छाया chhaya chaya
    झा jha
    किशोर kishore kishor
    गीता geeta gita geetha
    राजीव rajeev rajiv
    पूजा pooja puja
    ध्रुव dhruv dhruw dhruva
    शिव shiv shiva siv
    उदय uday udai
    राम ram rama raam
    खान khan
    भारती bharti bharati
    नरेंद्र narendra नरेन्द्र
    कैलाश kailash kailas
    निषाद nishad nisad
    कुजूर kujur kujoor
    सिद्धार्थ siddharth sidharth siddhartha
    फ्रांसिस francis
    Āshā asha आशा
    """.strip().splitlines()
]

# Each line is two names that a search must tell apart.
TWO_NAMES = [
    line.split()
    for line in """
    sunita anita
    सुनीता सुनीत्रा
    markam netam
    साहू शाह
    sahu sinha
    singh sinha
    सिंह सिन्हा
    verma sharma
    mishra mehra
    pandey pandit
    tiwari dewari
    राम रामेश
    ram om
    रमेश राकेश
    ramesh rakesh
    ramesh suresh
    महेश मुकेश
    geeta gouri
    गीता सीता
    रीता रेखा
    ravi rani
    विजय विनय
    ajay abhay
    vinod binod
    kamal komal
    मोहन मदन
    mohan mahan
    उमा ओम
    अमर उमर
    patel patil
    kujur kumar
    दीपक दीपिका
    नेताम नेगी
    baghel bhagat
    """.strip().splitlines()
]


@pytest.mark.parametrize("spellings", ONE_NAME, ids=lambda spellings: spellings[-1])
def test_a_name_has_one_key_however_it_is_spelled(spellings):
    assert {spelling_key(word) for word in spellings} == {spelling_key(spellings[0])}


@pytest.mark.parametrize(("one", "other"), TWO_NAMES, ids=lambda word: word)
def test_two_names_have_two_keys(one, other):
    assert spelling_key(one) != spelling_key(other)


def test_enough_names_are_tried():
    assert sum(len(spellings) - 1 for spellings in ONE_NAME) >= 60
    assert len(TWO_NAMES) >= 30


def test_the_names_of_the_state_meet_across_the_scripts():
    tables = [table for table in vars(names).values() if isinstance(table, tuple)]
    pairs = {word for table in tables for word in table if isinstance(word, names.Spelling)}

    apart = {word.en for word in pairs if spelling_key(word.en) != spelling_key(word.hi)}

    assert len(pairs) > 200
    # English names of the church, and ways to write Kurukh and the letter ड़ that no rule foretells.
    assert apart <= {"Tandon", "Lakra", "Tirkey", "Qureshi", "Xavier", "Anthony", "Agnes", "Mary", "Xalxo", "Siddiqui"}


@given(st.text(max_size=60))
def test_the_key_of_a_key_is_that_key(text):
    key = spelling_key(text)

    assert spelling_key(key) == key
    assert len(key) <= LONGEST_KEY


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=30))
def test_a_key_of_latin_letters_settles(word):
    key = spelling_key(word)

    assert spelling_key(key) == key


@given(st.text(alphabet=[chr(code) for code in range(0x0901, 0x0963)] + ["\u200c", "\u200d"], max_size=30))
def test_a_key_does_not_depend_on_how_the_letters_are_composed(word):
    keys = {spelling_key(unicodedata.normalize(form, word)) for form in ("NFC", "NFD", "NFKC", "NFKD")}

    assert keys == {spelling_key(word)}
    assert keys == {spelling_key(word.replace("\u200d", "").replace("\u200c", ""))}


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20))
def test_a_name_is_found_in_capitals_and_in_small_letters(word):
    assert spelling_key(word.upper()) == spelling_key(word)


@pytest.mark.parametrize("name", ["sunita", "markam", "verma", "ramesh", "mohan", "pooja", "singh", "priya", "jaiswal"])
def test_what_was_typed_of_a_name_begins_its_key(name):
    """From the second letter on; a search shows the name while it is being typed."""
    key = spelling_key(name)
    for length in range(2, len(name) + 1):
        typed = beginnings(spelling_key(name[:length]))
        assert any(key.startswith(beginning) for beginning in typed), name[:length]


def test_an_officer_is_found_by_code_by_each_word_and_by_the_first_two_in_one():
    keys = name_keys("00000102", "रवि कुमार देवांगन", "Ravi Kumar Dewangan")

    assert keys == {"00000102", "rvi", "kumr", "devngn", "rvikumr"}


def test_a_search_is_read_word_by_word_and_with_the_first_two_in_one():
    assert asked_keys("Ravi  कुमार") == [["rvi", "kumr"], ["rvikumr"]]
    assert asked_keys("रविकुमार") == [["rvikumr"]]
    assert asked_keys("sahu sahoo") == [["sahu"], ["sahusahu"]]


def test_a_code_stays_in_one_piece():
    assert asked_keys("IGOT:3f-१२") == [["igot3f12"]]
    assert asked_keys("00000102 ravi") == [["00000102", "rvi"]]


@pytest.mark.parametrize("nothing", ["", "  ", "-", "्", "\u200d", "...", "\0"])
def test_nothing_is_asked_where_there_is_neither_letter_nor_digit(nothing):
    assert asked_keys(nothing) == []


@pytest.mark.parametrize("typed", ["9000003737", "+91 90000 03737", "090000-03737", "९०००००३७३७", "(+91) 9000003737"])
def test_a_telephone_number_is_known_as_people_write_it(typed):
    assert phone_in(typed) == "9000003737"


@pytest.mark.parametrize("typed", ["900000373", "asha 9000003737", "9000003737x", "", "+"])
def test_what_can_be_no_telephone_number_is_none(typed):
    assert phone_in(typed) is None
