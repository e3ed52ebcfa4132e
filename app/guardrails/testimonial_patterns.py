"""How copy quotes, rates and names people: patterns over the text as it stands, with capitals and quotes."""

import re

OPEN, CLOSE = "\"“”„«‹‘'", "\"“”»›’'"
NAME = r"[A-ZÀ-Þ][\wà-ÿ'’.-]{0,30}"
SAYS = (
    r"(?:says|said|writes|wrote|raves|raved|tells us|told us|reports|agrees|adds|added|put it|puts it"
    r"|explains|reckons"
    r"|swears|declares|declared|gushes|gushed|beams|laughs|laughed|admits|admitted|recalls|confesses|shares"
    r"|enthuses"
    r"|commented|comments|exclaims|insists|promises us|sagt|sagte|schreibt|schrieb|meint|findet"
    r"|dit|a dit"
    r"|écrit|affirme|raconte|dice|dijo|escribe|opina)"
)
PERSON = (
    r"(?:verified|rider|customer|buyer|reader|reviewer|shopper|owner|user|client|fan|member|guest|tester"
    r"|doctor"
    r"|expert|kundin|kunde|käufer\w*|leser\w*|nutzer\w*|cliente?|acheteu\w+|lectrice|lecteur"
    r"|comprador\w*|dj|critic"
    r"|chef|vet|dentist|mum|mom|dad|mother|father|nurse|coach|stylist|neighbou?r)s?\b"
)
SINGLE = r"(?<![\w’'])[‘'‚‹](?=[^\W_])[^\"“”„«»‘\n]{2,200}?[’'‘›](?![\w’'])"
"""Words between single quotes, which an apostrophe inside a word does not end."""
QUOTE = rf"(?:[{OPEN}][^\"“”„«»\n]{{2,400}}+[{CLOSE}]|{SINGLE})"
IN_QUOTES = re.compile(rf"[\"“„«][^\"“”„«»\n]{{2,400}}+[\"”“»]|{SINGLE}")
WHO = rf"{NAME}(?: {NAME}| [A-Z]\.?)?"
QUOTED = (
    re.compile(
        rf"{QUOTE}\s{{0,3}}[-–—~|,(]{{1,3}}\s{{0,3}}(?:{NAME}"
        rf"|[^.!?\n]{{0,30}}\b{PERSON})[^.!?\n]{{0,60}}"
    ),
    re.compile(
        rf"{QUOTE}[,.]?\s{{0,3}}{SAYS} (?:(?!our\b|the\b|he\b|she\b|unser\w*\b|der\b|die\b|notre\b"
        rf"|nuestr\w+\b)"
        rf"[\w'’.-]{{1,30}} ?){{1,5}}"
    ),
    re.compile(rf"\b{NAME}(?: {NAME})?,? (?:{SAYS}|calls it|nennt es|l'appelle|lo llama)\s?:?,?\s?{QUOTE}"),
)
SIGNED = re.compile(
    rf"(?:[\"“„«][^\"“”„«»\n]{{2,400}}+(?<=[.!?…])[\"”“»]|{SINGLE})\s{{1,3}}{WHO}"
    rf"(?:,? (?:{NAME}(?: {NAME})?|\d\d|aged \d\d|(?:in|from|of) {NAME}(?: {NAME})?))?[.!]?\s*$"
)
"""A quote that ends in a stop, and behind it who said it: '"I cancelled my gym." Karen, Stockport'."""
BY_A_ROLE = re.compile(
    rf"{QUOTE}\s{{0,3}}[-–—~]{{1,3}}\s{{0,3}}(?:an?|our|one|another"
    rf"|your) [a-z][\w’'-]*(?: [\w’'-]+){{0,6}}[.!]?\s*$"
)
"""A quote with a dash and what its speaker is ("a mountain guide")."""
RATED_BY = re.compile(
    rf"\b(?:[Rr]ated|[Cc]alled|[Dd]escribed as|[Nn]amed|[Dd]ubbed|[Hh]ailed as|[Vv]oted|[Jj]udged"
    rf"|[Pp]ronounced"
    rf"|[Dd]eclared|[Rr]eviewed as|[Pp]raised as|[Ll]abelled)(?: us| it| them"
    rf"| our [\w-]+)? {QUOTE},? (?:by|in) "
)
"""A word in quotes that somebody is said to have given it."""
TELLS = re.compile(
    rf"\b({NAME})(?: {NAME}| [A-Z]\.)? (?:recently |once |even |later )?(?:told us|tells us"
    rf"|let us know|swears"
    r"|(?:wrote|writes|emailed|rang|called|phoned|texted|messaged|popped|got in touch|came back|dropped in)"
    r"(?: us| in| by)?(?: just)? (?:to (?:say|tell|thank|let|order|report)|and said))\b"
)
"""Somebody with a name who is said to have told the brand something."""
EVEN = re.compile(
    rf"\b[Ee]ven ({NAME})(?: {NAME})? (?:has |have )?(?:said|says|admitted|admits|agreed|agrees|loves"
    rf"|loved|likes|liked"
    r"|asked|wanted|wants|called|calls|rated|uses|used|wears|bought|ordered|approves|approved|swears"
    r"|swore|couldn['’]t"
    r"|can['’]t|wouldn['’]t|smiled|nodded|came round|stopped|put down|went back|ate|drank)\b"
)
"""Somebody known by a first name who is said to be won over."""
PUT = re.compile(
    r"[,.]?\s{0,3}(?:[-–—]\s)?(?:(?:[Tt]hat|[Tt]his|[Ii]t)(?: is| was|['’]s)? |is |was |are |[Aa]s "
    r"|[Ss]o )?(?:how |what |the way )?"
    rf"({NAME}(?: (?:{NAME}|[A-Z]\.|from|in|of|at)){{0,4}}) (?:has |had |once )?(?:put|puts|said|says"
    rf"|wrote|writes|told"
    r"|tells|called|calls|described|describes|summed|sums)(?: (?:it|us|ours|them|this|that|up|to us"
    r"|the [\w-]+)){0,3}"
    r"(?=\s*(?:[.!?,;:–—]|$))"
)
"""Who said the quote that stands before, and no more than that: "is how Ada put it"."""
NO_PERSON = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "christmas",
        "easter",
        "winter",
        "summer",
        "spring",
        "autumn",
        "london",
        "we",
        "i",
        "they",
        "you",
        "she",
        "he",
        "it",
        "our",
        "your",
        "the",
        "those",
        "these",
        "some",
        "this",
        "that",
        "if",
        "when",
        "on",
        "in",
        "at",
        "better",
        "more",
        "so",
        "though",
    ]
)
ALONE = re.compile(rf"\s*{QUOTE}\s*")
"""A line that is nothing but a quote."""
VOICE = re.compile(
    r"\b(?:i|i'm|i've|i'd|my|me|mine|we|we've|our|us|never|ever|best|love|loved|amazing|perfect|fantastic"
    r"|brilliant"
    r"|favou?rite|recommend|worth|obsessed|game.?changer|life.?chang\w+|ich|mein\w*|wir|nie|je|mon|ma|mes"
    r"|jamais|mi"
    r"|nunca)\b"
)
"""Words of somebody who speaks of what they bought."""
INTRODUCED = re.compile(
    rf"\b(?:{PERSON}|{NAME}(?: from [\w ]{{2,30}}| in [\w ]{{2,30}}|, [\w ]{{2,30}},?)?) ?[\w ,'’]{{0,30}}?"
    rf"\b(?:{SAYS}|called (?:it|us|our[\w ’'-]{{0,30}}|this)|calls (?:it|us|our[\w ’'-]{{0,30}}|this)"
    rf"|described (?:it|us|our[\w ’'-]{{0,30}}) as|word for it|words|verdict|review)\s?[:,]?\s?{QUOTE}"
)
"""A speaker, a word of saying, and what they are said to have said."""
THING = re.compile(r"(?:The|A|This|That|It|Its|Our) (?:[a-z-]+ ){1,4}(?:says|said|reads)\b")
"""A label or a sign that says something."""
HEARD = re.compile(
    r"\b(?:[Oo]verheard|[Pp]ostcard|[Ll]etter|[Tt]ext|[Nn]ote|[Cc]omment|[Hh]eard|[Mm]essage|[Ee]mail"
    r"|[Tt]weet|[Rr]eview"
    rf"|[Ii]nbox|[Vv]erdict|[Ff]eedback)\b[^.!?\n\"“„«]{{0,40}}[:,] ?{QUOTE}"
)
"""Words that are said to have been heard or received."""
TITLED = re.compile(
    rf"\b(?:Dr|Prof|Professor|Doctor|Chef|Nurse|Dame|Sir|Lady|Lord|Coach|Captain|Princess|Prince"
    rf"|Duchess)\.? {NAME}"
    r"(?: [A-Z][\w'’-]+)?[^.!?\n]{0,60}?\b(?:recommend|trust|use|swear|love|wear|prescribe|approve|endorse"
    r"|praise|rave"
    r"|call|say|choose|chose|pick|keep|insist|rate|backs|backed|told|drink|eat|vouch|give|prefer)\w*"
)
"""A person with a title who is said to stand behind it."""
KEEPS = re.compile(
    rf"\b(?:[Tt]he|[Oo]ur|[Tt]his|[Tt]hat|[Ss]ame) [\w -]{{3,40}}? ({NAME}(?: [A-Z][\w'’-]+)?) (?:always "
    rf"|never |also |once )?"
    r"(?:keeps|wears|wore|uses|used|swears by|packs|drinks|reaches for|can['’]t live without|takes|carries"
    r"|carried"
    r"|eats|sleeps in|was seen|was spotted|has in|loves|travels with|leaves home without|chose|chooses"
    r"|asks for|trains in)\b"
)
"""The thing that somebody with a name is said to have."""
OUTLET = re.compile(
    rf"\b(?!(?:We|I|They|You|He|She|It|Our|Someone|Everyone|People|This|That|Who|My|Her"
    rf"|His)\b)((?:The )?{NAME} {NAME}"
    rf"(?: {NAME})?) (?:calls|called|named|dubbed|described|voted|hailed|crowned|rated|ranked|raved) (?:us"
    rf"|our|it|this|them)\b"
)
"""A paper or a person that is said to have named it."""
UNQUOTED = re.compile(
    rf"(?<=[.!?…])\s?[-–—~]{{1,2}}\s?{NAME}(?: {NAME})?"
    rf"(?:, (?:{NAME}|\d{{2}}|{PERSON})[^.!?\n]{{0,40}})$"
)
"""A name with a place or a role at the end, after what it is said to have said."""
SAID = re.compile(
    rf", {SAYS} (?:your|a|an|one|another|every|ein\w*|une?|tu|su) (?:[\w-]+ ){{0,2}}{PERSON}",
    re.IGNORECASE,
)
ENDORSED = re.compile(
    rf"\b({NAME} {NAME}) (?:has been|have been|'s been|loves|swears by|recommends|endorses|trusts|uses"
    rf"|wears|keeps"
    r"|never travels without|can['’]t (?:get enough|live without|stop)|is a fan|is obsessed|(?:has been"
    r"|was) (?:spotted|seen)"
    r"|wears ours"
    r"|schwört auf|empfiehlt|liebt|recommande|adore|recomienda|adora)\b[^.!?\n]{0,60}"
)
WITNESS = re.compile(
    rf"\b({NAME})(?: {NAME})?(?: (?:from|in|of) [A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?,?"
    r"|, (?:an?|who|from|in|aged|(?:mother|father|mum|mom|dad) of|\d\d)\b[^.!?,\n]{0,40},|, [A-Z]\w+,)"
    r" (?:now |still |always |recently |even |just )?"
    rf"(?:{SAYS}|calls?|called|wears|wore|uses|used|loves|loved|swears|swore|bought|ordered|switched|sleeps"
    r"|slept|lost|gave|keeps|kept|hasn['’]t|never|can['’]t|couldn['’]t|won['’]t|wouldn['’]t|noticed|rates"
    r"|rated|gives|reckons|thinks|found|sent us|emailed|messaged|thanked|tells|told)\b"
)
"""Somebody with a name and a home, an age or a trade, who is said to have used or praised it."""
FAN = re.compile(
    rf"\b({NAME})(?: {NAME})? (?:(?:always |never |still |now |secretly )?(?:wears|wore|uses|loves|adores"
    r"|swears by|drinks|eats|sleeps (?:in|on)|cooks with|recommends|trusts|chose|chooses|packs|keeps|has|owns"
    r"|bought|ordered|raves about|is a fan of|can['’]t live without|is obsessed with|(?:was|were|has been)"
    r" (?:photographed|seen|spotted|pictured|snapped|filmed)) (?:[\w-]+ ){0,3}?"
    r"(?:it|ours|them|these|this|one of (?:our|ours|these)|our)"
    r"|(?:calls|called|dubbed|named|rated|voted) (?:it|us|ours|them|these|this|our [\w-]+) (?:the|an?)"
    r"|(?:cried|laughed|wept|smiled) when)\b"
    rf"|\b(?:[Tt]he|[Oo]ur|[Tt]his|[Tt]hese) [\w -]{{3,40}}? ({NAME}) {NAME} (?:won['’]t|can['’]t|never"
    rf"|always|refuses"
    r"|calls|eats|drinks|signs|reads|cooks|wakes|naps|sleeps|takes|plays|rides|drives|wears|orders|asks"
    r"|swears)\b"
)
"""Somebody with a name who is said to use it or to like it."""
FAME = re.compile(
    r"\b(?:worn|used|loved|chosen|trusted|approved|recommended|endorsed|favou?red|backed|tested|praised"
    r"|adored|owned|eaten|drunk|enjoyed|requested|carried|hailed|spotted|seen|photographed) (?:by|on|with)"
    rf" (?:chef |actor |singer |presenter |footballer |model |designer |actress )?({NAME} {NAME})"
    rf"|\b({NAME} {NAME})['’]s? (?:favou?rite|go-to|secret|choice|pick|must-have|obsession)\b"
)
"""A full name of which it is said that it stands behind it."""
PRESS = re.compile(
    r"\b(?:[Ff]eatured|[Ss]een|[Rr]eviewed|[Mm]entioned|[Pp]raised|[Hh]eard|[Pp]rofiled|[Tt]ipped) (?:in"
    r"|on|by) "
    r"(?:the |The )?([A-ZÀ-Þ][\w'’&.-]{1,30})"
)
STARS = re.compile(r"[★⭐🌟✭]{3,}")
RATING = re.compile(
    r"\b(?:(?:rated|rating|score[ds]?|bewertet mit|bewertung|note|noté|valorad\w+ con|puntuación)"
    r"(?: of| at|:| a| de)? \d(?:[.,]\d)?|\d(?:[.,]\d)? ?(?:/ ?5\b|out of (?:5|five)|von 5|sur 5|de 5)"
    r"|(?<!to )(?:\d(?:[.,]\d)?|five|four)[ -]?stars?(?! (?:hotel|hostel|guide|map|sign|jump|general|gazing"
    r"|sky|skies|night|view|rating))"
    r"|\d(?:[.,]\d)? ?(?:sterne|étoiles|estrellas))\b",
    re.IGNORECASE,
)


PATTERNS = (
    *QUOTED,
    SIGNED,
    BY_A_ROLE,
    RATED_BY,
    TELLS,
    EVEN,
    INTRODUCED,
    HEARD,
    TITLED,
    KEEPS,
    OUTLET,
    UNQUOTED,
    SAID,
    ENDORSED,
    WITNESS,
    FAN,
    FAME,
    PRESS,
    STARS,
    RATING,
)
"""Everything that is looked for in the text as it stands, capitals and quotes included."""
