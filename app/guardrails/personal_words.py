"""The words that say what a number or a line in copy is: whose phone, which identity, whose home."""

import re

ARTICLE = re.compile(
    r"\b(?:ean|isbn|issn|gtin|upc|imei|sku|serial|serien\w*|model(?:l|o|e)?|part|item|article|artikel\w*"
    r"|batch|lot"
    r"|patent|ref(?:erence)?|product|produkt\w*|code|version|build|edition|barcode|numero de serie"
    r"|n[ou]\. de serie"
    r"|licen[cs]e (?:no|number)|vin|chassis|iso|din)\b[^.!?]{0,24}$"
)
"""A number after one of these belongs to a thing."""
SHARED_MAILBOX = re.compile(
    r"(?:hello|hi|info|support|help|contact|sales|team|service|care|orders?|press|news(?:letter)?|shop"
    r"|store|office"
    r"|mail|post|enquir\w+|inquir\w+|privacy|jobs|careers|feedback|returns|bonjour|kontakt|hallo|hola"
    r"|contacto|ayuda"
    r"|aide|commandes?|pedidos|bestellung|presse|kundenservice|studio|hey|no-?reply|webmaster|events"
    r"|club)\b"
)
"""Mailboxes that stand for a desk and for no person."""
MAIL_HOST = re.compile(
    r"(?:g(?:oogle)?mail|outlook|hotmail|yahoo|icloud|gmx|web|aol|proton(?:mail)?|live|msn|orange"
    r"|wanadoo|laposte)\."
)
"""Hosts at which people have their own mailboxes."""
SERVICE = re.compile(
    r"\(?(?:\+?(?:44|49|33|1|34) ?\(?0?\)? ?)?\(?0?(?:800|808|300|345|844|845|888|877|866|855|900)\b"
)
"""Numbers that ring at a company: freephone and service prefixes."""
PHONE_LEAD = re.compile(
    r"\b(?:call|ring|text|phone|tel(?:ephone)?|mobile|cell|number|whatsapp|sms|reach|dial|fax|anrufen"
    r"|telefon\w*"
    r"|handy\w*|mobil\w*|rufnummer|nummer|numero|telephone|portable|appelez|telefono|movil|llame"
    r"|llama)\b[^.!?\d]*$"
)
OF_SOMEBODY = re.compile(
    r"\b(?:at home|at her place|at his place|her direct line|his direct line) (?:on|at)\b[^.!?\d]*$|"
    r"\b(?!shop|store|office|team|company|brand|today|let|it|that|there|here|helpline)[a-z]{2,20}'s"
    r" (?:[\w-]+ ){0,2}(?:number|mobile|phone|cell|landline|whatsapp)\b[^.!?\d]*$"
    r"|\b(?:texted|called|rang|phoned|messaged|tried|reached|whatsapped) (?:you|him|her|them)"
    r"(?: (?:at|on|back))?\b[^.!?\d]*$"
)
"""A number after one of these is somebody's: "Kate's mobile is", "we texted you on"."""
OF_A_PERSON = re.compile(
    r"\b(?:your|you on|his|her|their|my|dein\w*|ihre?\w*|seine\w*|votre|vos|ton|ta|tu|su|sus|mi)"
    r" (?:[\w-]+ ){0,2}(?:number|mobile|phone|cell|landline|nummer|handy\w*|telefon\w*|numero|portable"
    r"|telefono|movil)"
    r"\b[^.!?\d]*$|\b(?:call|text|ring|reach|phone) (?:you|him|her|them)\b[^.!?\d]*$"
)
YOURS = re.compile(r"\b(?:your|you|his|her|their|dein\w*|ihr\w*|votre|vos|vous|ton|chez|tu|su|usted)\b")
TO_A_PERSON = re.compile(
    r"\b(?:(?:couple|family|lady|man|woman|residents?|people|neighbours?|neighbors?|owners?|tenants?) (?:at"
    r"|of|in|from)|on (?:its|the) way to|deliver(?:ed|ing|y)? (?:it )?(?:to|at)|sent to|send it to|ship(?:ped"
    r"|ping)? (?:it )?to"
    r"|post(?:ed)? (?:it )?to|liv(?:es?|ing) (?:at|in)|resident of|your (?:home|address|door|flat|house)"
    r"|home at"
    r"|deliver(?:ed)? to|ship to|bill to|billed to|mailing address|home address|lives? (?:on|near)"
    r"|pick(?:ed)? up from"
    r"|collect(?:ed)? from|tenant at|next door at|neighbou?r|attention of|attn|c/o|care of|geliefert an"
    r"|unterwegs (?:zu|an|nach)|wohn\w+ in|adresse|livre\w* (?:a|au)|habite\w*|domicile"
    r"|enviado a|vive en|domicilio|direccion)\b[^.!?]*$"
)
NAME = re.compile(
    r"(?<![\w-])(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Herr|Frau|Mme"
    r"|Sra?)\.? (?:[A-Z]\.? ?){0,2}[A-Z][a-zà-ÿ'’]{1,20}(?: [A-Z][a-zà-ÿ]{2,20})?"
    r"|[A-Z]\.? [A-Z][a-zà-ÿ]{2,20}(?= ?[,:;(]| [a-z(\d])|[A-Z][a-zà-ÿ]{1,20}(?: [A-Z]\.)? (?:Mc|O['’]|de "
    r"|van |von )?[A-Z][a-zà-ÿ]{2,20})(?![\w-])"
)
"""A first and last name as they are written."""
_OF = r"(?:[ :.#'-]| is | was | lautet | ist | est | es | no\.? | nr\.? | number | received| ending ){0,4}?"
IDENTITY = re.compile(
    r"\b(?:passport|passeport|pasaporte|reisepass\w*|personalausweis\w*|driv(?:er'?s|ing) licen[cs]e"
    r"|fuhrerschein\w*"
    r"|ni number|nino|national insurance(?: number)?|social security(?: number)?|ssn|tax (?:id|number)|itin"
    r"|nhs number|medicare number|patient (?:id|number)|steuer-?id\w*|steuernummer"
    r"|sozialversicherungsnummer"
    r"|numero de securite sociale|numero fiscal|dni|nie|nif|id card|identity card|carte d'identite"
    r"|visa number"
    r"|account|acct|account number|sort code|routing number|kontonummer|konto|bankleitzahl|blz"
    r"|numero de compte"
    r"|numero de cuenta|cuenta|customer (?:id|number|no)|kundennummer|numero de client|policy number"
    r"|membership number"
    rf"|member(?:ship)? (?:id|no)|student (?:id|number)|employee (?:id|number)){_OF}"
    r"(?:[a-z]{0,3}\d(?:[ -]?\d){4,20}+[a-z]?|[a-z9]{5}\d{6}[a-z\d]{5}"
    r"|(?=[a-z-]{0,6}\d)[a-z\d]{2,5}(?:-(?=[a-z]{0,5}\d)[a-z\d]{2,6}){1,4})\b"
)
SECRET = re.compile(
    r"\b(?:(?:pin|pin code|cvv|cvc|security code|verification code|one-?time code|otp|passcode"
    r"|access code|tan"
    r"|geheimzahl|sicherheitscode|code secret|codigo de seguridad|login code|2fa code)(?: code)?"
    r"(?: is| lautet| ist| est| es)? ?:? ?'?\d{3,10}\b"
    r"|(?:password|passwort|kennwort|mot de passe|contrasena)(?: is| lautet| ist| est| es)? ?[:=]?"
    r" ['\"]?(?=[^\s'\"]{0,30}[\d#$%&*_@])[^\s'\"]{4,40}"
    r"|(?:your|his|her|dein|ihr|votre|ton|tu|su) (?:[\w-]+ )?(?:password|passwort|kennwort|mot de passe"
    r"|contrasena)"
    r"(?: ?:| is:?| lautet:?| ist:?| est ?:?| es:?) ['\"][^\s'\"]{4,40}['\"])"
)
CAR = re.compile(
    r"\b(?:mot|registered|keeper|parked|driver of|your (?:blue|red|black|white|silver|grey|green)|plates?"
    r"|number ?plates?|licen[cs]e ?plates?|registration|reg|car|vehicle|van|kennzeichen|immatriculation"
    r"|matricula|auto|voiture|coche)\b[^.!?\d]{0,45}?"
    r"\b(?:[a-z]{2}\d{2} ?[a-z]{3}|[a-z]{1,3}-[a-z]{1,2} ?\d{1,4}|[a-z]{2}-\d{3}-[a-z]{2}"
    r"|\d{4} ?[a-z]{3})\b"
)
PLATE = re.compile(
    r"\b[a-z]{2}\d{2} [a-z]{3}\b(?= ?[:,-]? ?(?:your|is due|needs|has|was|is parked|mr|mrs|ms|service|mot"
    r"|tax))"
)
"""A British number plate that somebody is told about."""
BIRTH = (
    r"\b(?:born(?: on)?|date of birth|dob|birth ?dates?|birthday(?: is| on|:)?|geb\.|geboren(?: am)?"
    r"|geburtsdatum"
    r"|geburtstag(?: am| ist)?|nee? le|date de naissance|anniversaire|nacid[oa] el|fecha de nacimiento"
    r"|cumpleanos)"
)
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|januar|februar|marz|mai|juni|juli|oktober|dezember"
    r"|janvier|fevrier|mars|avril|juin|juillet|aout|decembre|enero|febrero|abril|junio|julio|agosto"
    r"|diciembre)[a-z]*"
)
DATE = (
    rf"(?:\d{{1,2}}[./ -]\d{{1,2}}[./ -](?:19|20)?\d{{2}}|(?:19|20)\d{{2}}-\d{{2}}-\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.|er)? (?:of |de )?{_MONTH},? (?:de )?(?:19|20)\d{{2}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d{{2}})\b"
)
"""A day with its year."""
NETWORK = re.compile(
    r"\b(?:ip|ips|from|address|signed in|logged in|login|device|located|adresse|von|depuis"
    r"|desde)\b[^.!?]{0,20}$"
)
_ROAD = (
    r"(?:street|st|road|rd|lane|ln|avenue|ave|drive|dr|close|court|ct|way|place|pl|crescent|terrace"
    r"|gardens|grove"
    r"|rise|view|end|green|meadows?|fields?|bank|brow|vale|wharf|common|croft|drove|fold|heights|leas|mount"
    r"|parade"
    r"|passage|path|ridge|spinney|wynd|yard|cottages?|villas|trail|pike|alley|plaza|turnpike|highway|loop|run"
    r"|square|hill|row|mews|boulevard|blvd|parkway|pkwy|circle|walk|quay|park)"
)
STREET = re.compile(
    rf"(?<![\w.,/-])\d{{1,5}}[a-d]?,? (?:[a-z'-]{{2,20}} ){{1,3}}{_ROAD}\b"
    r"|\b[a-z-]{3,30}(?:strasse|str\.|weg|platz|allee|gasse) \d{1,4}[a-d]?\b"
    r"|(?<![\w.,/-])\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|place|chemin|allee|impasse|quai)"
    r" (?:(?:de|du|des|la|le|l')? ?[a-z'-]{2,20}){1,3}"
    r"|\b(?:calle|avenida|plaza|paseo) (?:de )?[a-z]{3,20},? \d{1,4}\b"
    r"|\bp\.? ?o\.? box \d{1,6}\b"
)

POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b|\b[a-z]{4,20},? [a-z]{2} \d{5}(?:-\d{4})?\b")
"""A British postcode, or an American town with state and ZIP code."""
PLACE = re.compile(r"(?<![\d.])-?\d{1,2}\.\d{3,8} ?(?:° ?)?[ns]?,? ?-?\d{1,3}\.\d{3,8}(?![\d.])")
"""Latitude and longitude."""
RECORD = re.compile(
    r"\b(?:patient|tenant|pupil|student|claimant|resident|passenger|employee|policyholder|cardholder"
    r"|account holder|cardmember"
    r"|applicant|next of kin|emergency contact|donor|borrower|debtor|customer name|client name|full name"
    r"|guest name|name on card"
    r"|recipient|ship to|bill to|deliver to|kundin|kunde|patientin|cliente"
    r"|paciente)(?: name)? ?: ?[a-z][a-z.'-]* [a-z][a-z'-]+"
)
"""A line of somebody's record."""
ABOUT_A_PERSON = re.compile(
    r"\b[a-z][a-z'.-]* [a-z][a-z'-]{2,}(?:'s)? (?:owes|(?:was|is|has been|had been) (?:diagnosed|prescribed"
    r"|admitted|treated for"
    r"|overdrawn|behind on|in arrears|on (?:sick leave|benefits|probation|medication))"
    r"|earns (?:a )?[^a-z ]?\d|(?:test |blood |scan )"
    r"?results|salary|overdraft|diagnosis|prescription|medical|bank details|home address|password|balance of)"
)
"""A named person with what is nobody else's business."""
_PERSON = r"(?:(?:mr|mrs|ms|miss|mx|dr)\.? [a-z'-]{2,20}(?: [a-z'-]{2,20})?|[a-z'-]{2,20} [a-z'-]{2,20})"
SOMEBODY = re.compile(
    rf"\b{_PERSON}(?:,? (?:aged? \d|\d{{1,2}}(?:, |\)| and )|who lives|lives (?:at|above|near|next|alone"
    rf"|behind|opposite"
    r"|with her|with his)|(?:still |also |now |just |recently |last |once )?(?:owes|owed|paid|pays|earns"
    r"|ordered|bought one"
    r"|also bought|spent [^a-z]{0,2}\d|returned|cancelled|complained|unsubscribed|has not paid|hasn't paid"
    r"|is behind"
    r"|was refused|was declined|applied for|called (?:us|in) about|was diagnosed|tested positive|is pregnant"
    r"|gave birth"
    r"|is allergic|is divorc|is recovering|is off sick|sits in seat|is in (?:room|ward|seat|bed|cell|flat)"
    r"|checked in"
    r"|checked out|is staying|logged in|signed in|was born|turns \d|turned \d|lost (?:her|his) (?:job"
    r"|licence|baby))"
    r"|(?:at|of|from|in) (?:number|no\.?|flat|apartment|apt|unit|room|ward|seat|bed|cell) ?#?\d))"
    rf"|\b{_PERSON}'s (?:[\w-]+ )?(?:appointment|address|account|mobile|phone|number|email|birthday"
    rf"|date of birth|order|parcel"
    r"|delivery|booking|test|results|prescription|scan|salary|wage|pension|mortgage|loan|debt|bill|payment"
    r"|invoice"
    r"|policy|claim|case|passport|licen[cs]e|plate|card|login|password|pin|medication|diagnosis|gp|school"
    r"|bank"
    r"|home|house|flat|postcode|location|private account|instagram|handle|browsing|purchases|basket"
    r"|history)\b"
    rf"|\b(?:booking|reservation|ticket|room|seat|order|ref|reference|parcel|claim|case|policy|left with"
    rf"|delivered to"
    rf"|addressed to|collected by|signed for by|signed by|paid by|belongs to|registered to|account of"
    rf"|on behalf of)"
    rf"[^.!?]{{0,24}}?\b(?:(?:mr|mrs|ms|miss|dr)\.? (?:and (?:mr|mrs|ms)\.? )?[a-z'-]{{2,20}}\b)"
)
"""Somebody with a name, and what only the files about them say."""
HANDLE = re.compile(
    r"\b(?:her|his|their|your|[a-z]{2,20}'s) (?:private |personal |own )?(?:instagram|insta|twitter|tiktok"
    r"|facebook|snapchat"
    r"|snap|handle|linkedin|telegram|onlyfans|venmo|skype|discord|account)(?: handle| account| name| profile"
    r"| id)?"
    r"(?: is| ?:| at| -| on)? ?@[\w.]{3,30}"
    r"|\b(?:utr|tax code|payroll|employee|staff|student|badge|npi|dea|case|prisoner|inmate|loyalty card"
    r"|oyster|frequent flyer"
    r"|booking|bupa|policy)(?: (?:number|no\.?|ref|id|code))?(?: is| ?:) ?[a-z]{0,4}-?\d{4,12}[a-z]?\b"
    r"|\b(?:driving licen[cs]e|driver'?s licen[cs]e|passport|id card|visa"
    r"|permit)\b[^.!?\d]{0,30}(?=[a-z\d -]{0,24}\d)[a-z]{0,5}[\d -]{5,14}[a-z\d]{0,6}"
)
"""A private account, or a number of somebody's papers."""
KEYS = re.compile(
    r"\blicen[cs]e (?:number |no\.? )?[a-z9]{5} ?\d{6} ?[a-z\d]{4,5}\b|"
    r"\b(?:gate|door|alarm|entry|lock|locker|safe|key ?safe|building|lobby|wi-?fi|router|garage"
    r"|buzzer) (?:code|combination|key|pin)"
    r"(?: (?:for|to|of|at) [a-z\d ]{1,24})?(?: is| ?:)? ?(?:[\d-]{4,12}\b|['\"]?(?<=: )[a-z\d]{5,20})"
    r"|\b(?:user ?name|user id|login|log-?in)(?: is)? ?[:=] ?[\w.]{4,30}"
    r"|\blog in as [\w.]{0,20}\d[\w.]{0,10}|\b(?:with|using) the (?:code|pin|password) \d{4,8}\b"
    r"|\bkey (?:is )?(?:under|beneath|behind) the (?:[a-z]+ )?(?:pot|mat|brick|stone|gnome|plant)\b"
    r"|\b(?:maiden name|first pet|memorable word|security answer)(?: is| was| ?:) ?[a-z]{3,20}"
    r"|\bblood (?:type|group):? (?:a|b|ab|o)(?: ?[+-]| ?(?:positive|negative)|\b ?,)"
    r"|\blast (?:four|4|three|3) digits[a-z ]{0,24}(?: are| is| ?:)? ?\d{3,4}\b"
    r"|\b(?:mobile|phone|cell|card|account|number|iban) (?:number )?(?:ends?|ending) (?:in |with )?\d{3,4}\b"
    r"|\bvin:? ?[a-hj-npr-z\d]{17}\b|\b(?:micro)?chip(?:ped)?(?: number| no)?[ :]{1,3}\d{9,15}\b"
)
"""What opens somebody's door or account, or answers for them."""
SEEN = re.compile(
    rf"\b(?:wish|wishing) {_PERSON} (?:a )?(?:very )?(?:happy|merry)\b"
    rf"|\b(?:cctv|camera|footage|spotted|saw|caught|filmed|photographed|pictured)(?: shows?| of| footage of"
    rf"| caught)? {_PERSON}"
    r" (?:at|in|on|outside|near|leaving|entering|by)\b"
    rf"|\b{_PERSON} (?:was|were|is|has been) (?:seen |spotted |back |here )?(?:in|at|outside|near"
    rf"|by)\b[^.!?]{{0,40}}"
    r"\b(?:yesterday|today|this morning|last night|at \d|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    rf"|\b{_PERSON}'s (?:[a-z]+ )?(?:daughter|son|wife|husband|child|kids|children|mother|father|boyfriend"
    rf"|girlfriend|ex|sister"
    r"|brother|neighbou?r|boss|landlord)\b"
    rf"|\b(?:mr|mrs|ms|miss)\.? [a-z'-]{{2,20}} (?:[a-z]+s|[a-z]+ed) (?:her|his|their)\b"
    rf"|\b(?:salary|wage|income|pension|balance|debts?|weight|results?|diagnosis|address|payslip) (?:of"
    rf"|for) {_PERSON}\b"
    rf"|\b(?:salary|wage|income|pension|balance|debts?|payslip) of [a-z]\.? [a-z]{{2,20}} ?:"
)
"""Where somebody with a name was, and who belongs to them."""
_CONDITION = (
    r"(?:diagnos[ie]s|adhd|autism|dyslexia|asthma|diabetes|cancer|tumou?r|stroke|heart attack|epilepsy"
    r"|depression|anxiety"
    r"|breakdown|dementia|arthritis|eczema|hiv|chemo\w*|radiotherapy|dialysis|transplant|hysterectomy"
    r"|mastectomy"
    r"|vasectomy|hip replacement|knee replacement|operation|surgery|miscarriage|ivf|pregnancy|divorce"
    r"|separation|affair"
    r"|bankruptcy|debts?|arrears|overdraft|eviction|redundancy|dismissal|arrest|conviction|parole|rehab"
    r"|sobriety"
    r"|addiction|drinking|benefits|visa|asylum claim|baptism|conversion|coming out|transition|therapy"
    r"|counselling"
    r"|medication|prescription|test results|scan)"
)
OWN_CONDITION = re.compile(rf"\b(?:his|her|their) (?:[\w-]+ ){{0,2}}?{_CONDITION}\b")
"""What is nobody else's business about somebody who is named before it."""
SHOPPED = re.compile(
    r"\b[a-z'-]{2,20} [a-z'-]{2,20}(?: (?:from|in|of) [a-z'-]{2,20})? (?:has |have )?(?:just |recently "
    r"|already |also )"
    r"(?:bought|ordered|purchased|booked|signed up|joined|switched|reviewed|viewed|added|reserved"
    r"|upgraded|renewed"
    r"|subscribed|got (?:hers|his|theirs)|picked up (?:hers|his|theirs))\b"
    r"|\b[a-z'-]{2,20} [a-z'-]{2,20} (?:added|put|left) [^.!?]{0,40}\b(?:to|in|into) (?:her|his"
    r"|their) (?:basket|cart|bag"
    r"|trolley|wish ?list)\b"
)
"""What somebody with a full name did in the shop."""
DWELLS = re.compile(
    r"\b[a-z]{3,20}(?: [a-z'-]{2,20})?(?: (?:in|from) [a-z]{3,20})? lives? (?:at|above|over|next (?:to"
    r"|door)|behind|opposite|beside"
    r"|below|under|round the corner|around the corner|across from|a few doors|two doors)\b"
)
"""Where somebody lives."""
BORN_ON = re.compile(rf"\b[a-z'-]{{2,20}} [a-z'-]{{2,20}},? ?\(?(?:b\. ?|\* ?|dob:? )?{DATE}")
"""A full name with a day and its year behind it."""
AT_NUMBER = re.compile(
    r"\b[a-z'-]{2,20} [a-z'-]{2,20}(?:'s)?,? (?:(?:at|of) )?(?:(?:flat|apartment|apt\.?|unit|room|no\.?"
    r"|number|suite) ?\d{0,4}[a-d]?,? )?"
    r"\d{1,4}[a-d]? [a-z][a-z'-]{2,20}"
)
"""A full name, a house number and the beginning of a street."""
FILE_ON = re.compile(
    r"\b(?:patient|pupil|student|client|tenant|employee|staff|resident|member|customer|medical|hr|case"
    r"|court|police|credit"
    r"|school|dental|personnel|health)(?:'s)? (?:records?|notes?|files?|history|chart|report|card|data"
    r"|summary|letter)"
    r"(?: for| of| on|:| about)? ?:? ?(?:(?:mr|mrs|ms|miss|mx|dr)\.? )?[a-z][a-z'-]{1,20} [a-z][a-z'-]{1,20}"
)
"""A file about somebody with a name."""
