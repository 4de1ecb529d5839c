"""Messages to a telephone as India's rules (TRAI, DLT) allow them: a registered text, and only its places filled.

The operators compare each message with the registered text and drop what differs, so nothing is worded here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PLACE = "{#var#}"
LONGEST_VALUE = 30  # characters that DLT lets stand in one place
MOST_PARTS = 6  # a gateway's usual limit; each part is paid for
# The letters of a GSM message; those in the second line count twice. Any other makes the whole message Unicode.
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = set("^{}\\[~]|€\f")
NUMBER = re.compile(r"[6-9]\d{9}", re.ASCII)
TEMPLATE_ID = re.compile(r"\d{10,20}", re.ASCII)


@dataclass(frozen=True)
class Template:
    """One registered text: its number in the register of DLT, empty until it is registered, and its words."""

    template_id: str
    text: str

    def __post_init__(self) -> None:
        if self.template_id and not TEMPLATE_ID.fullmatch(self.template_id):
            raise ValueError("the id of a template has ten to twenty digits")
        if parts_of(self.text.replace(PLACE, "9" * LONGEST_VALUE)) > MOST_PARTS:
            raise ValueError(f"with every place full, the text needs more than {MOST_PARTS} parts")

    @property
    def places(self) -> int:
        return self.text.count(PLACE)

    def filled(self, values: Sequence[str]) -> str:
        """The text with its places filled in their order; braces in a value stay what they are.

        Raises ValueError unless there is one value for each place, none of them empty, longer than thirty characters,
        or with a line break in it.
        """
        if len(values) != self.places or not all(fits(value) for value in values):
            raise ValueError("the values do not fit the places of the template")
        pieces = self.text.split(PLACE)
        return pieces[0] + "".join(value + piece for value, piece in zip(values, pieces[1:], strict=True))


def fits(value: str) -> bool:
    """True for what may stand in a place: one to thirty characters of one line."""
    return 0 < len(value) <= LONGEST_VALUE and value.isprintable()


def parts_of(text: str) -> int:
    """How many messages a text is sent and paid as.

    160 letters of the GSM alphabet fit into one and 153 into each of several; of a text with any other letter, as
    Hindi has, 70 and 67 units of UTF-16.
    """
    if all(letter in GSM or letter in GSM_TWICE for letter in text):
        return _parts(sum(2 if letter in GSM_TWICE else 1 for letter in text), 160, 153)
    return _parts(len(text.encode("utf-16-le")) // 2, 70, 67)


def _parts(length: int, alone: int, each: int) -> int:
    return 1 if length <= alone else -(-length // each)


def is_number(number: str) -> bool:
    """True for the ten digits of an Indian mobile telephone."""
    return NUMBER.fullmatch(number) is not None


def masked(number: str) -> str:
    """A telephone number as logs and the trail may know it: its last three digits."""
    return "•" * max(len(number) - 3, 0) + number[-3:]
