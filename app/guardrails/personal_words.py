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
OF_A_PERSON = re.compile(
    r"\b(?:your|you on|his|her|their|my|dein\w*|ihre?\w*|seine\w*|votre|vos|ton|ta|tu|su|sus|mi)"
    r" (?:[\w-]+ ){0,2}(?:number|mobile|phone|cell|landline|nummer|handy\w*|telefon\w*|numero|portable"
    r"|telefono|movil)"
    r"\b[^.!?\d]*$|\b(?:call|text|ring|reach|phone) (?:you|him|her|them)\b[^.!?\d]*$"
)
YOURS = re.compile(r"\b(?:your|you|his|her|their|dein\w*|ihr\w*|votre|vos|vous|ton|chez|tu|su|usted)\b")
TO_A_PERSON = re.compile(
    r"\b(?:on (?:its|the) way to|deliver(?:ed|ing|y)? (?:it )?(?:to|at)|sent to|send it to|ship(?:ped"
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
    r"(?:[a-z]{0,3}\d[\d -]{4,22}+[a-z]?|[a-z9]{5}\d{6}[a-z\d]{5})\b"
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
