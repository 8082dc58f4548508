"""What care a customer needs, from the words that tell of it."""

import re
from typing import Literal

from frontline.lang.text import fold

BLUE_LINE = "800120002"
"""The free line for people who suffer domestic violence in Poland, open day and night."""

Need = Literal["crisis", "violence", "bereavement", "hearing", "sight", "other"]

_CRISIS = re.compile(
    r"\b(nie chce (mi sie )?(juz )?(zyc|istniec)|chce (juz )?umrzec|po co (mam )?zyc|"
    r"(sie|siebie) zabi(je|c)|zabij(e|ac) (sie|siebie)|samobojcz\w+|o samobojstwie|"
    r"popelni(c|e) samobojstwo|(odebrac|odbiore) sobie zycie|skonczyc ze soba|ze soba skonczyc|"
    r"skoncze ze soba|cos sobie zrobi(e|c)|zrobi(e|c) sobie (cos|krzywde)|okaleczam|tne sie|"
    r"kill(ing)? myself|suicid\w*|end it all|end my (own )?life|want to die|wanna die|"
    r"(do ?n.?t|do not) want to (live|be alive)|nothing (left )?to live for|"
    r"no reason to live|better if i (was|were) ?n.?t here|better off dead|hurt(ing)? myself|"
    r"harm(ing)? myself|self.?harm\w*|take my (own )?life)\b"
)
_VIOLENCE = re.compile(
    r"\b(bije mnie|mnie bije|pobil mnie|przemoc\w*|zneca sie|grozi mi|"
    r"boje sie (meza|partnera|zony|chlopaka)|ucieklam z dziec\w+|"
    r"beats me|hits me|abus(es|ive|er)|domestic violence|"
    r"afraid of (the person|my (husband|partner|wife|boyfriend)))\b"
)
_BEREAVEMENT = re.compile(
    r"\b(zmarl\w*|umarl\w*|nie zyje|smierci|pogrzeb\w*|pochowa\w*|zalob\w*|zginal|zginela|wdow\w*|"
    r"poroni\w*|stracil\w* dziecko|odebral\w* sobie zycie|died|passed away|death|funeral|buried|"
    r"mourning|widow\w*|is dead|was killed|my late (mother|father|husband|wife)|lost (my|our) "
    r"(dad|mum|mom|mother|father|husband|wife|son|daughter|baby|child)|bereave\w*)\b"
)
_HEARING = re.compile(
    r"\b(nieslysz\w*|niedoslysz\w*|nie slysz\w*|nie doslysz\w*|slabo slysz\w*|gluch\w*|"
    r"przygluch\w*|gluchoniem\w*|niedosluch\w*|sluch|sluchow\w*|migow\w*|pjm|nie mog\w* mowic|"
    r"prawie nie slysze|deaf|hearing|(do ?n.?t|can.?t|cannot|never) hear|lip.?read\w*|"
    r"sign language|lost my voice|stammer\w*|stutter\w*|jakam)\b"
)
_SIGHT = re.compile(
    r"\b(niewidom\w*|nie widz\w*|niedowidz\w*|slabo widz\w*|slabowidz\w*|wzrok\w*|zacm\w*|jaskr\w*|"
    r"plamki|daltoni\w*|czytnik\w* ekranu|litery za male|oczach|blind|colou?r.?blind|sight|"
    r"sighted|eyesight|visually|screen reader|cataracts?|braille|(can.?t|cannot) see|my eyes|"
    r"eye operation)\b"
)


def tells_crisis(text: str) -> bool:
    """Whether somebody speaks of ending or harming their own life."""
    return bool(_CRISIS.search(fold(text)))


def need(text: str) -> Need:
    """The need that the words tell of; "other" = age, illness, reading and all the rest."""
    folded = fold(text)
    kinds: tuple[tuple[Need, re.Pattern[str]], ...] = (
        ("crisis", _CRISIS),
        ("violence", _VIOLENCE),
        ("bereavement", _BEREAVEMENT),
        ("hearing", _HEARING),
        ("sight", _SIGHT),
    )
    return next((kind for kind, words in kinds if words.search(folded)), "other")
