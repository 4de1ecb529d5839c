"""Plausible names of Chhattisgarh in both scripts, drawn from tables written by hand; no real person is meant.

A line of a table is a name in Latin letters and the same name in Devanagari.
Which middle name is customary depends on the given name and on the surname, so
given names stand by age of fashion and surnames by what goes before them.
"""

from dataclasses import dataclass
from random import Random
from typing import NamedTuple


class Spelling(NamedTuple):
    """One word of a name in both scripts."""

    en: str
    hi: str


class FullName(NamedTuple):
    """A whole name in both scripts, and its two ends for an e-mail address."""

    en: str
    hi: str
    given_en: str
    surname_en: str


def _table(text: str) -> tuple[Spelling, ...]:
    words = text.split()
    return tuple(Spelling(en, hi) for en, hi in zip(words[::2], words[1::2], strict=True))


MEN_OF_OLD_FASHION = _table("""
    Ramesh रमेश  Suresh सुरेश  Ganesh गणेश  Mukesh मुकेश  Rakesh राकेश  Naresh नरेश  Lokesh लोकेश  Yogesh योगेश
    Bhuneshwar भुनेश्वर  Rameshwar रामेश्वर  Parmeshwar परमेश्वर  Ishwar ईश्वर  Chandrashekhar चंद्रशेखर
    Rajendra राजेंद्र  Narendra नरेंद्र  Surendra सुरेंद्र  Mahendra महेंद्र  Virendra वीरेंद्र  Yogendra योगेंद्र
    Jitendra जितेंद्र  Dharmendra धर्मेंद्र  Upendra उपेंद्र  Khilendra खिलेंद्र  Sohan सोहन  Madan मदन  Gopal गोपाल
    Govind गोविंद  Kishan किशन  Shankar शंकर  Vishnu विष्णु  Ashok अशोक  Manoj मनोज  Pramod प्रमोद  Subhash सुभाष
    Prakash प्रकाश  Jagdish जगदीश  Harish हरीश  Satish सतीश  Girish गिरीश  Bharat भरत  Arjun अर्जुन  Laxman लक्ष्मण
    Dashrath दशरथ  Hemant हेमंत  Basant बसंत  Anand आनंद  Dilip दिलीप
""")

MEN_OF_NEW_FASHION = _table("""
    Pradeep प्रदीप  Sandeep संदीप  Kuldeep कुलदीप  Arvind अरविंद  Vivek विवेक  Ashish आशीष  Manish मनीष  Rohit रोहित
    Mohit मोहित  Amit अमित  Sumit सुमित  Ankit अंकित  Vikas विकास  Vishal विशाल  Nitin नितिन  Rahul राहुल
    Abhishek अभिषेक  Gaurav गौरव  Saurabh सौरभ  Piyush पीयूष  Tarun तरुण  Nikhil निखिल  Akash आकाश  Pankaj पंकज
    Neeraj नीरज  Dheeraj धीरज  Yashwant यशवंत  Himanshu हिमांशु  Shubham शुभम  Chetan चेतन  Tushar तुषार
    Kishore किशोर
""")

MEN_WITHOUT_MIDDLE_NAME = _table("""
    Budhram बुधराम  Dhaniram धनीराम  Tularam तुलाराम  Sukhram सुखराम  Tejram तेजराम  Khemraj खेमराज
    Puranlal पूरनलाल  Manharan मनहरण  Ghanshyam घनश्याम  Bisahuram बिसाहूराम  Ramkumar रामकुमार  Shyamlal श्यामलाल
    Sevakram सेवकराम  Balram बलराम  Hemlal हेमलाल  Domanlal डोमनलाल  Lakheshwar लखेश्वर  Kunjbihari कुंजबिहारी
    Radheshyam राधेश्याम  Hiralal हीरालाल  Kanhaiya कन्हैया  Ramadhar रामाधार
""")

WOMEN_OF_OLD_FASHION = _table("""
    Sunita सुनीता  Anita अनीता  Sarita सरिता  Kavita कविता  Geeta गीता  Seeta सीता  Rekha रेखा  Leela लीला
    Sheela शीला  Kamla कमला  Vimla विमला  Nirmala निर्मला  Urmila उर्मिला  Pramila प्रमिला  Sharda शारदा
    Shanti शांति  Parvati पार्वती  Saraswati सरस्वती  Durga दुर्गा  Radha राधा  Rukmini रुक्मिणी  Savitri सावित्री
    Gayatri गायत्री  Santoshi संतोषी  Sukhwanti सुखवंती  Phoolmati फूलमती  Kaushalya कौशल्या  Sumitra सुमित्रा
    Kunti कुंती  Janki जानकी  Ahilya अहिल्या  Indira इंदिरा  Pushpa पुष्पा  Champa चंपा  Tara तारा  Hemlata हेमलता
    Bhagwati भगवती  Manju मंजू  Usha उषा  Maya माया  Ganga गंगा  Yashoda यशोदा  Devki देवकी  Sushila सुशीला
    Chandrika चंद्रिका  Kalawati कलावती  Lalita ललिता  Mamta ममता  Basanti बसंती  Dulari दुलारी
""")

WOMEN_OF_NEW_FASHION = _table("""
    Neha नेहा  Priya प्रिया  Priyanka प्रियंका  Ritu ऋतु  Jyoti ज्योति  Swati स्वाति  Shweta श्वेता  Archana अर्चना
    Vandana वंदना  Sangeeta संगीता  Sadhana साधना  Kalpana कल्पना  Rashmi रश्मि  Ranjana रंजना  Rachna रचना
    Bhavna भावना  Deepika दीपिका  Monika मोनिका  Nisha निशा  Megha मेघा  Divya दिव्या  Anjali अंजलि  Khushbu खुशबू
    Preeti प्रीति  Seema सीमा  Reena रीना  Veena वीणा  Smita स्मिता  Namrata नम्रता  Shraddha श्रद्धा  Yamini यामिनी
    Damini दामिनी  Chhaya छाया  Varsha वर्षा  Shikha शिखा  Tripti तृप्ति  Harsha हर्षा  Karuna करुणा
    Madhuri माधुरी  Manisha मनीषा  Roshni रोशनी  Aarti आरती  Alka अलका
""")

# The more frequent ones first: the draw leans towards the front.
SURNAMES_AFTER_LAL_AND_PRASAD = _table("""
    Sahu साहू  Verma वर्मा  Yadav यादव  Patel पटेल  Dewangan देवांगन  Nishad निषाद  Chandrakar चंद्राकर  Sinha सिन्हा
    Kurrey कुर्रे  Banjare बंजारे  Sen सेन  Kashyap कश्यप  Manikpuri मानिकपुरी  Baghel बघेल  Soni सोनी  Tandon टंडन
    Ratre रात्रे  Jangde जांगड़े  Deshmukh देशमुख  Vaishnav वैष्णव  Chakradhari चक्रधारी  Kumbhkar कुंभकार
    Dhiwar धीवर  Kenwat केंवट  Sonkar सोनकर  Panika पनिका  Khunte खूंटे  Miri मिरी  Dahariya डहरिया  Kosle कोसले
    Bharti भारती  Lahre लहरे  Bandhe बांधे  Ghritlahre घृतलहरे  Markandey मार्कंडेय  Sonwani सोनवानी  Mahilang महिलांग
    Barle बारले  Janghel जंघेल  Lodhi लोधी  Pradhan प्रधान  Nayak नायक  Bhoi भोई
""")

SURNAMES_AFTER_SINGH_AND_RAM = _table("""
    Netam नेताम  Markam मरकाम  Mandavi मंडावी  Thakur ठाकुर  Kanwar कंवर  Dhruw ध्रुव  Kunjam कुंजाम  Korram कोर्राम
    Sori सोरी  Uikey उइके  Paikra पैकरा  Porte पोर्ते  Maravi मरावी  Toppo टोप्पो  Ekka एक्का  Lakra लकड़ा  Minj मिंज
    Kujur कुजूर  Tirkey तिर्की  Bhagat भगत  Rathia राठिया  Neti नेटी  Poya पोया  Potai पोटाई  Usendi उसेंडी
    Nureti नुरेटी  Nag नाग  Baiga बैगा  Ayam आयाम  Armo आर्मो  Jagat जगत  Tekam टेकाम  Salam सलाम  Komra कोमरा
    Dugga दुग्गा  Vatti वट्टी  Kumeti कुमेटी  Gawde गावड़े  Darro दर्रो  Sidar सिदार  Bariha बरिहा  Rathore राठौर
    Chauhan चौहान  Rajput राजपूत
""")

SURNAMES_AFTER_KUMAR_ALONE = _table("""
    Sharma शर्मा  Tiwari तिवारी  Mishra मिश्रा  Shukla शुक्ला  Pandey पांडेय  Agrawal अग्रवाल  Gupta गुप्ता  Dubey दुबे
    Shrivastava श्रीवास्तव  Jain जैन  Jaiswal जायसवाल  Tripathi त्रिपाठी  Kesharwani केशरवानी  Upadhyay उपाध्याय
    Dwivedi द्विवेदी  Choubey चौबे  Pathak पाठक  Jha झा  Joshi जोशी  Khare खरे
""")

MUSLIM_MEN = _table("""
    Salim सलीम  Aslam असलम  Rafiq रफीक  Nadeem नदीम  Javed जावेद  Shakil शकील  Arif आरिफ  Yusuf यूसुफ  Wasim वसीम
    Iqbal इकबाल
""")
MUSLIM_WOMEN = _table("""
    Shabana शबाना  Nasreen नसरीन  Rukhsar रुखसार  Shahnaz शहनाज  Yasmin यास्मीन  Salma सलमा  Rehana रेहाना
    Nazneen नाजनीन  Farzana फरजाना  Tabassum तबस्सुम
""")
MUSLIM_SURNAMES = _table("Khan खान  Qureshi कुरैशी  Ansari अंसारी  Siddiqui सिद्दीकी  Sheikh शेख  Mirza मिर्जा")

CHRISTIAN_MEN = _table("""
    Albert अल्बर्ट  Francis फ्रांसिस  Joseph जोसेफ  Sushil सुशील  Prabhat प्रभात  Philip फिलिप  Xavier जेवियर  Anthony एंथोनी
""")
CHRISTIAN_WOMEN = _table("""
    Agnes एग्नेस  Teresa टेरेसा  Sushma सुषमा  Mary मैरी  Albina अल्बिना  Sarojini सरोजिनी  Elizabeth एलिजाबेथ  Prabha प्रभा
""")
CHRISTIAN_SURNAMES = _table("""
    Toppo टोप्पो  Ekka एक्का  Minj मिंज  Lakra लकड़ा  Kujur कुजूर  Tirkey तिर्की  Kerketta केरकेट्टा  Xalxo खलखो
    Tigga तिग्गा  Beck बेक
""")

NO_MIDDLE_NAME = Spelling("", "")
KUMAR, LAL, PRASAD, RAM, SINGH = _table("Kumar कुमार  Lal लाल  Prasad प्रसाद  Ram राम  Singh सिंह")
DEVI, BAI, KUMARI = _table("Devi देवी  Bai बाई  Kumari कुमारी")

FEW = (NO_MIDDLE_NAME, NO_MIDDLE_NAME, KUMAR)
NONE = (NO_MIDDLE_NAME,)


@dataclass(frozen=True)
class Custom:
    """Names that go together: of men and women by fashion, each with its middle names, and their surnames."""

    men: tuple[tuple[tuple[Spelling, ...], tuple[Spelling, ...]], ...]
    women: tuple[tuple[tuple[Spelling, ...], tuple[Spelling, ...]], ...]
    surnames: tuple[Spelling, ...]


def _custom(surnames: tuple[Spelling, ...], *, men: tuple[Spelling, ...], women: tuple[Spelling, ...]) -> Custom:
    """The common given names before these surnames, with the middle names customary there."""
    return Custom(
        men=(
            (MEN_OF_OLD_FASHION, (*FEW, KUMAR, *men)),
            (MEN_OF_NEW_FASHION, FEW),
            (MEN_WITHOUT_MIDDLE_NAME, NONE),
        ),
        women=(
            (WOMEN_OF_OLD_FASHION, (*NONE * 3, *women)),
            (WOMEN_OF_NEW_FASHION, NONE),
        ),
        surnames=surnames,
    )


COMMON = _custom(SURNAMES_AFTER_LAL_AND_PRASAD, men=(LAL, PRASAD, RAM), women=(DEVI, BAI))
OF_FOREST_AND_FORT = _custom(SURNAMES_AFTER_SINGH_AND_RAM, men=(SINGH, SINGH, RAM), women=(BAI, KUMARI))
OF_TOWN = Custom(
    men=((MEN_OF_OLD_FASHION, (*FEW, KUMAR, KUMAR, PRASAD)), (MEN_OF_NEW_FASHION, FEW)),
    women=((WOMEN_OF_OLD_FASHION, (*NONE * 4, DEVI)), (WOMEN_OF_NEW_FASHION, NONE)),
    surnames=SURNAMES_AFTER_KUMAR_ALONE,
)
MUSLIM = Custom(men=((MUSLIM_MEN, NONE),), women=((MUSLIM_WOMEN, NONE),), surnames=MUSLIM_SURNAMES)
CHRISTIAN = Custom(men=((CHRISTIAN_MEN, NONE),), women=((CHRISTIAN_WOMEN, NONE),), surnames=CHRISTIAN_SURNAMES)

CUSTOMS = (COMMON,) * 11 + (OF_FOREST_AND_FORT,) * 6 + (OF_TOWN,) * 4 + (MUSLIM, CHRISTIAN)


def draw_name(rng: Random, gender: str) -> FullName:
    """A full name for a `Male` or `Female` officer; doubles happen, as in life."""
    custom = CUSTOMS[int(rng.random() * len(CUSTOMS))]
    fashions = custom.men if gender == "Male" else custom.women
    givens, middles = fashions[int(rng.random() ** 1.4 * len(fashions))]
    given = givens[int(rng.random() * len(givens))]
    middle = middles[int(rng.random() * len(middles))]
    surname = custom.surnames[int(rng.random() ** 1.6 * len(custom.surnames))]
    if middle is NO_MIDDLE_NAME:
        return FullName(f"{given.en} {surname.en}", f"{given.hi} {surname.hi}", given.en, surname.en)
    return FullName(
        f"{given.en} {middle.en} {surname.en}", f"{given.hi} {middle.hi} {surname.hi}", given.en, surname.en
    )
