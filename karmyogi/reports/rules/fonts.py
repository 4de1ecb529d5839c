"""Hindi typed in a font of before Unicode (Kruti Dev and its like), which reads as Latin letters everywhere else.

It is told only by what no name written in Latin or Devanagari letters has. Most names have such a sign, not all:
a name without one is taken for what its letters say.
"""

import re

from karmyogi.core.reasons import N_, declare

declare(
    text_garbled=N_(
        "“%(value)s” in %(column)s looks like Hindi typed in an old font such as Kruti Dev, and reads so for everybody "
        "else. The row was imported as it stands: have it typed in Unicode where the file comes from, and bring the "
        "file again."
    ),
)

# What the keyboard of Kruti Dev makes of frequent words of names, where no sign of it stands among them:
# कुमार, कुमारी, वर्मा, मिश्रा, मिश्र, प्रसाद, पटेल, गुप्ता, तिवारी, त्रिपाठी.
_WORDS = "dqekj|dqekjh|oekZ|feJk|feJ|izlkn|iVsy|xqIrk|frokjh|f=ikBh"

# Nearly all names: words that begin with capitals, or Devanagari alone. They are told at once, as there are many.
_PLAIN = re.compile("(?:[A-Z][a-z]*+|[ .])*+|[\u0900-\u097f\u200c\u200d .]*+")

_GARBLED = re.compile(
    "|".join(
        (
            "(?<![Oo])['‘’]k(?![a-z]*['‘’])",  # श: jkes'k, 'kekZ; O'Keefe is a name, and so is one in quotation marks
            "[a-zZ]['‘’]o[a-z]",  # श्व: bZ'oj
            "(?:^|[A-Za-z/\\s]);[kZqw]",  # य: dk;Zikyu, ;kno
            "[a-z]=(?=[a-z;\\s]|$)",  # त्र: iq=
            "[a-z][|][a-z]",  # द्य: fo|ky;
            '[a-z]["”][a-z]',  # ष: Hkk"kk
            "[A-Za-z]~|~[A-Za-z]",  # halant
            "[{}][a-z]|[a-z][{}]",  # क्ष, द्व
            "\\[[a-z][^\\]]*$",  # ख: ys[kk; what stands in brackets has both
            "[a-z]Z(?![a-z])",  # रेफ: oekZ
            "M\\+[a-z]",  # ड़
            "[A-Za-z][¼½¾ØÑ]|[¼½¾ØÑ][A-Za-z]",
            f"\\b(?:{_WORDS})\\b",
            "[\u0900-\u097f][a-zZ]|[a-zZ][\u0900-\u097f]",  # stray letters within a word of Devanagari
        )
    )
)


def is_garbled(cell: str) -> bool:
    """True for a name or a post that an old Hindi font has spoilt."""
    return not _PLAIN.fullmatch(cell) and _GARBLED.search(cell) is not None
