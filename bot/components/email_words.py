"""Words of which spelled e-mail addresses are made, and those that stand around them; folded."""

from __future__ import annotations

from components.tables import word_set

SIGNS = {
    "kropka": ".", "dot": ".", "point": ".", "punkt": ".", ".": ".", "podkreslnik": "_",
    "podkreslenie": "_", "podloga": "_", "podlogi": "_", "underscore": "_", "_": "_",
    "myslnik": "-", "minus": "-", "dash": "-", "hyphen": "-", "kreska": "-", "kreseczka": "-",
    "pauza": "-", "-": "-", "–": "-", "plus": "+", "+": "+", "apostrof": "'", "apostrophe": "'",
}  # fmt: skip
LETTERS = {
    "be": "b", "ce": "c", "de": "d", "ef": "f", "gie": "g", "ha": "h", "jot": "j", "ka": "k",
    "el": "l", "em": "m", "en": "n", "pe": "p", "ku": "q", "er": "r", "es": "s", "te": "t",
    "fau": "v", "vau": "v", "wu": "w", "iks": "x", "igrek": "y", "ygrek": "y", "zet": "z",
    "bee": "b", "cee": "c", "dee": "d", "gee": "g", "jay": "j", "kay": "k", "pee": "p",
    "tee": "t", "zed": "z", "zee": "z",
}  # fmt: skip
FILLERS = frozenset({"er", "em"})
DOMAIN_ENDS = frozenset({"pl", "com", "eu", "net", "org", "uk", "de", "info", "io"})

NOT_LOCAL = word_set("""
    a i o u w z we ze na do to po od za ale czy jest bedzie byl byla mam moj moja moje mojego
    mail maila mejl mejla email emaila adres adresu adresem adresie mailem konto konta koncie
    login loginu loguje prosze wyslac wyslijcie przyslijcie wyslij pisac pisze napisze zapisane
    zarejestrowane ten tego ta tam tak nie albo lub oraz no wiec dla pod nazwa hasla haslo moim
    meila meil mailu poczta poczte poczty skrzynka skrzynke czyli znaczy dobrze dzien dobry
    my mail mails email address account login is it its it's that that's the this i'm i am at in
    on to for from with under of and or as by be would will should please send write change
    reset take delete use was are we you your her his our invoice username user registered
    me him them look looked looking saw bought ordered got here have has yes no hi hello so
    well um uh er erm yyy eee ehm hm new old one's one be okay ok
    sorry address's mine named called name case
    """)
"""Function words and words about addresses: where the address ends on its left."""

FIRST_NAMES = word_set("""
    adam adrian agata agnieszka aleksandra alicja amelia andrzej ania anita anna antoni artur asia
    barbara bartek bartosz basia beata bogdan bozena celina cezary damian daniel danuta darek
    dariusz dawid dominik dominika dorota edyta ela elzbieta emilia eryk ewa ewelina filip
    franciszek gabriela gosia grazyna grzegorz halina hania hanna henryk hubert ida iga igor
    irena iwona iza izabela jacek jadwiga jakub jan janina janusz jarek jaroslaw jerzy joanna
    jola jolanta jozef julia justyna kacper kamil kamila karol karolina kasia katarzyna kinga
    klaudia konrad krystyna krzysiek krzysztof kuba lech lena leszek lidia lucja lukasz maciej
    maciek magda magdalena maja malgorzata marcin marek maria mariusz marta martyna maryla
    marysia mateusz michal mikolaj mirek miroslaw monika natalia nina norbert ola olek oliwia
    pawel patryk patrycja piotr piotrek przemek rafal renata robert roman ryszard sebastian
    slawek slawomir stanislaw stefan sylwia szymon tadeusz teresa tomasz tomek ula urszula
    wanda weronika wiesiek wiktor witold wojciech wojtek zbigniew zbyszek zdzislaw zenon zofia
    zosia zuzanna zuzia alan alex alice amy andrew andy angela ann anne arthur ben beth bob
    brian carl carol caroline charles charlotte chris christine claire colin dan dave david dean
    debbie diana donna edward eleanor elizabeth ella emily emma eric fiona frank fred gary
    george gina grace graham greg hannah harry heather helen henry holly ian isabel jack jackie
    james jane janet jason jean jenny jessica jill jim joan joe john jon josh joyce judy julie
    karen kate katie keith kelly ken kevin kim laura lauren leah lee leo liam linda lisa louise
    lucy luke lynn margaret mark martin mary matt matthew megan michael michelle mike molly
    nancy neil nick nicola nigel olga oliver olivia oscar pam patricia paul paula peter phil
    philip rachel ray rebecca richard rob robert rose ross ruth ryan sally sam samantha sandra
    sara sarah sean sharon simon sophie stephen steve steven stuart sue susan ted terry thomas
    tim tina tom tony tracy victoria vincent wendy william
    """)
"""Names after which the surname is part of the address: "mary jane at"."""
