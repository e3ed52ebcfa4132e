"""German and French copy that each guardrail must pass and must refuse, and the brand it is judged for."""

import datetime as dt
from dataclasses import replace
from typing import Any

from app.brand.brand import Brand
from app.brand.models import ClaimRule, NeverInferRule, Variable
from app.brief.facts import FactSheet
from app.guardrails.frame import Context
from tests import factories

LOCALES = {"de": "de-DE", "fr": "fr-FR"}
TRAITS = (
    {**factories.NEVER_INFER[0], "languages": ["de"], "phrases": ["dein Asthma", "deine Diagnose"]},
    {**factories.NEVER_INFER[0], "languages": ["fr"], "phrases": ["ton asthme", "ton diagnostic"]},
)
CLAIMS = (
    factories.CLAIMS[2],
    {**factories.CLAIMS[2], "id": "guerit", "languages": ["fr"], "phrases": ["guérit"]},
    *(
        {**factories.CLAIMS[1], "id": f"best_{language}", "languages": [language], "phrases": [words]}
        for language, words in (("de", "der beste"), ("fr", "le meilleur"))
    ),
)
FACTS: dict[str, dict[str, Any]] = {
    "product.name": {"kind": "product", "role": "product", "value": "Ridgeline"},
    "product.price": {"kind": "money", "role": "price", "value": "129.00", "currency": "EUR"},
    "product.was_price": {"kind": "money", "role": "was_price", "value": "159.00", "currency": "EUR"},
    "product.from_price": {"kind": "money", "role": "from_price", "value": "49.00", "currency": "EUR"},
    "offer.discount": {"kind": "percent", "role": "discount", "value": "20"},
    "offer.saving": {"kind": "money", "role": "saving", "value": "30.00", "currency": "EUR"},
    "offer.code": {"kind": "code", "role": "code", "value": "RIDGE20"},
    "offer.ends": {"kind": "deadline", "role": "ends", "value": dt.datetime(2026, 12, 6, 12, tzinfo=dt.UTC)},
    "offer.starts": {"kind": "date", "role": "starts", "value": dt.date(2026, 11, 20)},
    "walk.event_date": {"kind": "date", "role": "event_date", "value": dt.date(2026, 12, 1)},
    "range.quantity": {"kind": "quantity", "role": "quantity", "value": "3"},
    "one.quantity": {"kind": "quantity", "role": "quantity", "value": "1"},
    "product.stock": {"kind": "stock", "role": "stock", "value": "12"},
    "shop.link": {"kind": "url", "role": "link", "value": "https://fernhill.example/"},
}
CITY = Variable.model_validate(
    {
        "name": "person.city",
        "meaning": "the reader's town",
        "purpose": "name walks nearby",
        "basis": "legitimate_interests",
        "fallback": "Berlin",
        "examples": ["Ulm", "Garmisch-Partenkirchen"],
        "kinds": ["hero"],
    }
)


def brand() -> Brand:
    """The brand of the factories with a German and a French wording of its rules."""
    made = factories.make_brand()
    claims = tuple(ClaimRule.model_validate(item) for item in (*factories.CLAIMS[:2], *CLAIMS))
    traits = tuple(NeverInferRule.model_validate(item) for item in TRAITS)
    return replace(made, claims=claims, never_infer=(*made.never_infer, *traits))


def context(language: str, **overrides: Any) -> Context:
    """A context for generated copy in a language, with a fact of each role."""
    locale = LOCALES[language]
    facts = {name: {**fact, "source": "test"} for name, fact in FACTS.items()}
    sheet = FactSheet.model_validate({"locale": locale, "facts": facts})
    variables = {**factories.make_brand().variables, "person.city": CITY}
    given = {"facts": sheet, "variables": variables, "allowed_tokens": frozenset([*facts, *variables])}
    return factories.make_context(brand(), **{"locale": locale, **given, **overrides})


PASSES: dict[str, dict[str, tuple[str, ...]]] = {
    "urgency": {
        "de": ("Letzte Chance: bis {offer.ends}.", "Es hat keine Eile."),
        "fr": ("Dernière chance : jusqu'au {offer.ends}.", "Rien ne presse."),
    },
    "banned_claims": {"de": ("Ein Mantel für nasse Tage.",), "fr": ("Un manteau pour les jours de pluie.",)},
    "never_infer": {"de": ("Geh langsam und schau dich um.",), "fr": ("Marche lentement et regarde.",)},
    "values": {
        "de": (
            "Spare {offer.discount} auf Rucksäcke.",
            "{offer.discount} Rabatt mit dem Code {offer.code} bis {offer.ends}.",
            "{product.name} für {product.price} statt {product.was_price}.",
            "Zelte ab {product.from_price}, los geht es am {walk.event_date}.",
            "Ab {offer.starts} in {range.quantity} Farben, noch {product.stock} auf Lager.",
            "Ein Gespräch unter vier Augen, eine Jacke und ein Weg.",
            "Spare {offer.saving} und nimm dir Zeit.",
        ),
        "fr": (
            "Profitez de {offer.discount} de remise sur les sacs.",
            "{offer.discount} de remise avec le code {offer.code} jusqu'au {offer.ends}.",
            "{product.name} à {product.price} au lieu de {product.was_price}.",
            "Des tentes à partir de {product.from_price}, rendez-vous le {walk.event_date}.",
            "À partir du {offer.starts} en {range.quantity} coloris, il en reste {product.stock}.",
            "Une veste et un sac, à deux ou entre amis, dans un sac neuf.",
            "Économisez {offer.saving} sur la veste.",
        ),
    },
    "ungrounded_statement": {
        "de": (
            "Such dir einen Weg und pack deine Brotzeit ein.",
            "Wie du deine Bestellung planst",
            "Du hast uns um diese Nachricht gebeten.",
        ),
        "fr": ("Choisis un sentier et prépare ton sac.", "Comment préparer ta commande"),
    },
    "template_syntax": {"de": ("Schön, dass du da bist.",), "fr": ("Quel plaisir de marcher !",)},
    "prompt_leak": {
        "de": ("Hier ist Platz für alle.", "Gerne draußen, auch im Regen"),
        "fr": ("Voici nos sacs de la saison", "Bien sûr, il pleut parfois"),
    },
    "other_companies": {
        "de": ("Ein Signal am Gipfel, ein Puma im Wald", "Auf Safari im Wald"),
        "fr": ("Un week-end dans les Alpes avec Fernhill", "Une tente en Bretagne"),
    },
    "links": {"de": ("Von 9 bis 17 Uhr, z. B. am Montag",), "fr": ("De 9 h à 17 h, p. ex. lundi",)},
    "shouting": {"de": ("Hier ist der Wald, und hier das WC.",), "fr": ("La SNCF, le TGV et toi",)},
    "personal_data": {
        "de": ("Frag nach deinem Weg, nicht nach dem Datum.",),
        "fr": ("Un chemin né le matin",),
    },
    "sensitive_inference": {
        "de": ("Wenn Sie schwanger sind, fragen Sie Ihren Arzt.", "Als Mitglied weißt du mehr."),
        "fr": ("Si vous êtes enceinte, demandez conseil.", "Quel que soit votre âge, venez."),
    },
    "disparagement": {
        "de": ("Passt auch zu anderen Marken.",),
        "fr": ("Compatible avec les autres marques",),
    },
    "testimonials": {"de": ("Frag deinen Arzt.",), "fr": ("Un sac pour nos clients",)},
    "voice": {
        "de": ("Wir zeigen dir den Weg.", "Sie halten lange, unsere Stiefel.", "Seid ihr bereit?"),
        "fr": ("Nous te montrons le chemin.", "Chez nous, assez de place pour tous."),
    },
    "language": {
        "de": ("Der Wald ist still, und der Weg ist weit.", "Ein bisschen joie de vivre", "Mehr erfahren"),
        "fr": ("La forêt est calme et le chemin est long.", "Un brin de Gemütlichkeit", "Voir les sacs"),
    },
    "length_shape": {
        "de": ("Entdecke die Jacken", "Mehr erfahren", "In Ruhe umsehen"),
        "fr": ("Découvre les vestes", "Voir plus", "S’équiper pour la pluie"),
    },
    "grammar_ends": {
        "de": (
            "Schritt für Schritt kommst du ans Ziel.",
            "Hallo {person.first_name}, schön, dass du da bist.",
            "Die Wege, die die Füße mögen.",
            "Überleg, wie weit du gehen möchtest und was du finden willst.",
        ),
        "fr": (
            "Pas à pas, on arrive au sommet.",
            "Bonjour {person.first_name}, quel plaisir !",
            "Il faut le onze pour le croire, et nous nous levons tôt.",
            "Ajoutez une veste et enlevez-la avant le col.",
            "Vous nous avez demandé conseil.",
            "Nous vous dirons comment nous entretenons le nôtre.",
        ),
    },
    "agreement": {
        "de": (
            "Entdecke den Rucksack {product.name}.",
            "{product.name} wartet am Weg.",
            "In {range.quantity} Farben, bis zum {offer.ends}.",
            "Hallo {person.first_name}, noch {product.stock} auf Lager.",
        ),
        "fr": (
            "Découvre le sac {product.name}.",
            "Jusqu'au {offer.ends}, en {range.quantity} coloris.",
            "Bonjour {person.first_name}, vous êtes ici chez vous.",
            "Vous êtes prêt·e à partir ?",
        ),
    },
    "word_check": {
        "de": (
            "Wanderschuhe, Regenjacken und ein Gipfelkreuz im Abendlicht",
            "Ridgeline von Fernhill ist leicht und wetterfest.",
            "Heb den Tee für den Ort mit Aussicht auf.",
        ),
        "fr": (
            "L'aventure commence aujourd'hui, jusqu'au sommet.",
            "Des chaussures imperméables et l'été chez Fernhill",
            "Un e-mail le week-end, quand une sangle s’use",
        ),
    },
}
FAILS: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "urgency": {"de": (("Nur heute", "Nur heute"),), "fr": (("Dernier jour", "Dernier jour"),)},
    "banned_claims": {"de": (("Der Tee heilt.", "heilt"),), "fr": (("Une tisane qui guérit.", "guérit"),)},
    "never_infer": {
        "de": (("Trotz deiner Eile und für dein Asthma.", "dein Asthma"),),
        "fr": (("Malgré ton asthme, marche.", "ton asthme"),),
    },
    "values": {
        "de": (
            ("Spare zwanzig Prozent.", "zwanzig Prozent"),
            ("Jetzt zum halben Preis.", "zum halben Preis"),
            ("Nur 129 € am Tag.", "129 €"),
            ("Für hundertzwanzig Euro dabei.", "hundertzwanzig Euro"),
            ("Drei Freunde auf dem Weg.", "Drei"),
            ("Bis Sonntag auf dem Berg.", "Bis Sonntag"),
            ("In einer Stunde am See.", "einer Stunde"),
            ("Rabatt bis heute Abend.", "bis heute Abend"),
            ("Ab {offer.discount} im Laden.", "{offer.discount}"),
            ("Spare {product.price} am Rucksack.", "{product.price}"),
            ("Für {product.was_price} im Laden.", "{product.was_price}"),
            ("Ab {offer.ends} im Laden.", "{offer.ends}"),
            ("Bis {product.name} im Laden.", "{product.name}"),
            ("Geh zu {shop.link} im Laden.", "{shop.link}"),
        ),
        "fr": (
            ("Vingt pour cent de remise.", "Vingt pour cent"),
            ("À moitié prix cette fois.", "À moitié prix"),
            ("Seulement 129 € au lieu du reste.", "129 €"),
            ("Pour quatre-vingt-dix-neuf euros, partez.", "quatre-vingt-dix-neuf euros"),
            ("Trois amis sur le sentier.", "Trois"),
            ("Jusqu'à dimanche au sommet.", "Jusqu'à dimanche"),
            ("En une heure au lac.", "une heure"),
            ("Promotion jusqu'à ce soir.", "jusqu'à ce soir"),
            ("À partir de {offer.discount} en boutique.", "{offer.discount}"),
            ("Économisez {product.price} sur le sac.", "{product.price}"),
            ("Pour {product.was_price} en boutique.", "{product.was_price}"),
            ("À partir du {offer.ends} en boutique.", "{offer.ends}"),
            ("Avant le {product.name} en boutique.", "{product.name}"),
            ("Va sur {shop.link} en boutique.", "{shop.link}"),
        ),
    },
    "ungrounded_statement": {
        "de": (
            ("Deine Bestellung ist unterwegs.", "Deine Bestellung ist"),
            ("Die Jacke ist fast ausverkauft.", "ausverkauft"),
            ("In deinem Warenkorb liegt noch etwas.", "In deinem Warenkorb"),
            ("Deine Punkte verfallen.", "Deine Punkte"),
            ("Du hast dir Zelte angesehen.", "Du hast dir Zelte angesehen"),
            ("Schnelle Lieferung und ein Lächeln.", "Schnelle Lieferung"),
            ("Der Versand ist kostenlos.", "kostenlos"),
            ("Du hast uns sehr gefehlt.", "Du hast uns sehr gefehlt"),
        ),
        "fr": (
            ("Votre commande est en route.", "Votre commande est"),
            ("La veste est presque épuisée.", "presque épuisée"),
            ("Votre panier vous attend.", "Votre panier"),
            ("Vos points expirent.", "Vos points"),
            ("Vous avez regardé des tentes.", "Vous avez regardé"),
            ("Livraison rapide et sourire.", "Livraison rapide"),
            ("La livraison est gratuite.", "gratuite"),
        ),
    },
    "template_syntax": {"de": (("Hallo [Vorname]", "[Vorname]"),), "fr": (("Bonjour [prénom]", "[prénom]"),)},
    "prompt_leak": {
        "de": (
            ("Gerne! Hier sind drei Varianten", "Gerne! Hier sind"),
            ("Betreff: Der Wald ruft", "Betreff:"),
            ("Als KI kenne ich keine Berge.", "Als KI"),
        ),
        "fr": (
            ("Bien sûr ! Voici trois variantes", "Bien sûr ! Voici"),
            ("Objet : la forêt appelle", "Objet :"),
            ("En tant qu'IA, je marche peu.", "En tant qu'IA"),
        ),
    },
    "other_companies": {
        "de": (("Besser als bei Decathlon", "Decathlon"),),
        "fr": (("Mieux que chez Decathlon", "Decathlon"), ("Un sac de Tartempion", "Tartempion")),
    },
    "links": {
        "de": (("Mehr auf andere.test/a", "andere.test/a"),),
        "fr": (("Voir autre.test/a", "autre.test/a"),),
    },
    "shouting": {
        "de": (("ALLES MUSS HEUTE NOCH RAUS", ""),),
        "fr": (("TOUT DOIT PARTIR CE SOIR", ""),),
    },
    "personal_data": {
        "de": (("Geboren am 04.05.1985", "Geboren am 04.05.1985"), ("Kontonummer 12345678", "")),
        "fr": (("Née le 4 mai 1985", "Née le 4 mai 1985"),),
    },
    "sensitive_inference": {
        "de": (("Seit deiner Scheidung kochst du allein.", "Seit deiner Scheidung"),),
        "fr": (("Depuis votre divorce, tout change.", "Depuis votre divorce"),),
    },
    "disparagement": {
        "de": (("Anders als die Konkurrenz halten wir Wort.", "Anders als die Konkurrenz"),),
        "fr": (("Contrairement à la concurrence, on répare.", "Contrairement à la concurrence"),),
    },
    "testimonials": {
        "de": (("Ärzte empfehlen diese Sohle.", "Ärzte empfehlen"),),
        "fr": (("Nos clients adorent ce sac.", "Nos clients adorent"),),
    },
    "voice": {
        "de": (
            ("Hier finden Sie den Weg.", "Sie"),
            ("Ihre Jacke wartet.", "Ihre"),
            ("Ich gehe mit.", "Ich"),
            (
                "Ungeachtet erheblicher meteorologischer Unregelmäßigkeiten demonstrieren erfahrene"
                " Wanderinnen konsequent außerordentliche Anpassungsfähigkeit während"
                " unvorhersehbarer Expeditionen.",
                "",
            ),
        ),
        "fr": (
            ("Ici vous trouvez le chemin.", "vous"),
            ("Découvrez la forêt.", "Découvrez"),
            ("Je marche avec toi.", "Je"),
            (
                "Nonobstant d'importantes irrégularités météorologiques, les randonneurs expérimentés"
                " démontrent systématiquement une extraordinaire adaptabilité lors"
                " d'expéditions imprévisibles.",
                "",
            ),
        ),
    },
    "language": {
        "de": (
            ("The trail is quiet and the day is long.", ""),
            ("Der Wald ist still. But the road is long and you are not alone.", ""),
            ("Тихая тропа ждёт тебя утром", ""),
        ),
        "fr": (
            ("The trail is quiet and the day is long.", ""),
            ("Der Wald ist still und der Weg ist weit.", ""),
        ),
    },
    "length_shape": {
        "de": (("Die neuen Jacken", "Die"), ("Zu den Rucksäcken", "Zu")),
        "fr": (("Les nouvelles vestes", "Les"), ("Pour les sacs", "Pour")),
    },
    "grammar_ends": {
        "de": (
            ("Wir wir gehen heute los.", "Wir wir"),
            ("Komm mit uns und", "und"),
            ("Du ist willkommen.", "Du ist"),
            ("Leider regnet es.", "Leider"),
            ("Ein Weg , der bleibt.", ""),
            ("Besser wie gestern.", "Besser wie"),
            ("Morgen du gehen los.", "du gehen"),
            ("Komm {person.first_name} mit.", "{person.first_name}"),
        ),
        "fr": (
            ("Viens avec nous et", "et"),
            ("Le air du matin.", "Le air"),
            ("Le matin, nous avez le temps.", "nous avez"),
            ("Venez voir notre.", "notre"),
            ("Une question de le moment.", "de le moment"),
            ("Vous est en chemin.", "Vous est"),
            ("Malheureusement il pleut.", "Malheureusement"),
            ("Si il pleut, on marche.", "Si il"),
            ("Viens {person.first_name} avec nous.", "{person.first_name}"),
        ),
    },
    "agreement": {
        "de": (
            ("Der {product.name} ist da.", "Der {product.name}"),
            ("Deine neue {product.name} wartet.", "Deine neue {product.name}"),
            ("Mit der leichten {product.name} los.", "der leichten {product.name}"),
            ("In deinem {person.city} regnet es.", "deinem {person.city}"),
            ("Hallo, lieber {person.first_name}.", "lieber {person.first_name}"),
            ("In {one.quantity} Farben da.", "{one.quantity} Farben"),
            ("Noch {product.stock} Jacken da.", "{product.stock} Jacken"),
        ),
        "fr": (
            ("Le {product.name} est là.", "Le {product.name}"),
            ("L'{product.name} est là.", "L'{product.name}"),
            ("Les couleurs de {product.name}.", "de {product.name}"),
            ("Chère {person.first_name}, on y va.", "Chère {person.first_name}"),
            ("Vous êtes prêt ?", "Vous êtes prêt"),
            ("Tu es bien équipée.", "Tu es bien équipée"),
            ("En {one.quantity} couleurs.", "{one.quantity} couleurs"),
        ),
    },
    "word_check": {
        "de": (("Ein Rucksakc für dich", "Rucksakc"), ("Der Wanderwegg am See", "Wanderwegg")),
        "fr": (("Une randonnnée pour toi", "randonnnée"), ("Le sentiier du lac", "sentiier")),
    },
}
