"""The rules of the published LHEO 2.3 schema for the elements that we write.

Order, cardinality, lengths and code lists, as told by lheo.gouv.fr/2.3; `faults` judges a whole file
by them, independently of the code that writes it.
"""

import re

NAMESPACE = "{http://lheo.gouv.fr/2.3}"
N = 10**9
BOOLEAN, LEVEL = r"[01]", r"[0-8]|1[1-8]"

# Children in their order: (name, least, most).
TREE = {
    "lheo": [("offres", 1, 1)],
    "offres": [("formation", 1, N)],
    "formation": [
        ("domaine-formation", 1, 1), ("intitule-formation", 1, 1), ("objectif-formation", 1, 1),
        ("resultats-attendus", 1, 1), ("contenu-formation", 1, 1), ("certifiante", 1, 1),
        ("contact-formation", 1, N), ("parcours-de-formation", 1, 1), ("code-niveau-entree", 1, 1),
        ("objectif-general-formation", 0, 1), ("certification", 0, 5), ("code-type-formation", 0, 5),
        ("code-niveau-sortie", 0, 1), ("url-formation", 0, 1), ("action", 1, N),
        ("organisme-formation-responsable", 1, 1), ("extras", 0, N),
    ],
    "domaine-formation": [("code-FORMACODE", 0, 5), ("code-NSF", 0, 3), ("code-ROME", 0, 5)],
    "certification": [("code-RNCP", 0, 1), ("code-CERTIFINFO", 0, 1), ("code-RS", 0, 1),
                      ("code-CPF", 0, 1)],
    "contact-formation": [("type-contact", 0, 1), ("coordonnees", 1, 1)],
    "url-formation": [("urlweb", 1, 3)],
    "action": [
        ("rythme-formation", 1, 1), ("code-public-vise", 1, 10), ("info-public-vise", 0, 1),
        ("niveau-entree-obligatoire", 1, 1), ("modalites-alternance", 1, 1),
        ("modalites-enseignement", 1, 1), ("conditions-specifiques", 1, 1),
        ("prise-en-charge-frais-possible", 1, 1), ("lieu-de-formation", 0, N),
        ("modalites-entrees-sorties", 1, 1), ("url-action", 0, 1), ("session", 1, N),
        ("adresse-information", 0, 1), ("date-information", 0, 3), ("restauration", 0, 1),
        ("hebergement", 0, 1), ("transport", 0, 1), ("acces-handicapes", 0, 1),
        ("langue-formation", 0, 5), ("modalites-recrutement", 0, 1),
        ("modalites-pedagogiques", 0, 1), ("code-modalite-pedagogique", 0, 5),
        ("frais-restants", 0, 1), ("prix-horaire-TTC", 0, 1), ("prix-total-TTC", 0, 1),
        ("duree-indicative", 0, 1), ("nombre-heures-centre", 0, 1),
        ("nombre-heures-entreprise", 0, 1), ("nombre-heures-total", 0, 1), ("extras", 0, N),
    ],
    "lieu-de-formation": [("coordonnees", 1, 1)],
    "session": [
        ("periode", 1, 1), ("adresse-inscription", 1, 1), ("modalites-inscription", 0, 1),
        ("etat-recrutement", 0, 1), ("extras", 0, N),
    ],
    "periode": [("debut", 1, 1), ("fin", 1, 1)],
    "adresse-inscription": [("adresse", 1, 1)],
    "organisme-formation-responsable": [
        ("numero-activite", 1, 1), ("SIRET-organisme-formation", 1, 1), ("nom-organisme", 1, 1),
        ("raison-sociale", 1, 1), ("coordonnees-organisme", 1, 1), ("contact-organisme", 1, N),
    ],
    "SIRET-organisme-formation": [("SIRET", 1, 1)],
    "coordonnees-organisme": [("coordonnees", 1, 1)],
    "contact-organisme": [("coordonnees", 1, 1)],
    "coordonnees": [
        ("civilite", 0, 1), ("nom", 0, 1), ("prenom", 0, 1), ("ligne", 0, 3), ("adresse", 0, 1),
        ("telfixe", 0, 1), ("portable", 0, 1), ("fax", 0, 1), ("courriel", 0, 1), ("web", 0, 1),
    ],
    "telfixe": [("numtel", 1, 3)],
    "web": [("urlweb", 1, 3)],
    "adresse": [
        ("denomination", 0, 1), ("ligne", 1, 4), ("codepostal", 1, 1), ("ville", 1, 1),
        ("departement", 0, 1), ("code-INSEE-commune", 0, 1), ("region", 0, 1), ("pays", 0, 1),
        ("geolocalisation", 0, 1),
    ],
    "geolocalisation": [("latitude", 1, 1), ("longitude", 1, 1)],
}  # fmt: skip
# Texts: a length, or a pattern for the codes.
TEXTS = {
    "intitule-formation": 255, "objectif-formation": 3000, "resultats-attendus": 3000,
    "contenu-formation": 3000, "rythme-formation": 3000, "conditions-specifiques": 3000,
    "modalites-alternance": 3000, "modalites-recrutement": 3000, "modalites-pedagogiques": 200,
    "restauration": 250, "hebergement": 250, "transport": 250, "acces-handicapes": 250,
    "frais-restants": 200, "prix-total-TTC": 10, "nom": 50, "nom-organisme": 250,
    "raison-sociale": 250, "ligne": 50, "ville": 50, "courriel": 160, "numtel": 25, "urlweb": 400,
    "certifiante": BOOLEAN, "niveau-entree-obligatoire": BOOLEAN,
    "prise-en-charge-frais-possible": BOOLEAN, "modalites-enseignement": "[012]",
    "modalites-entrees-sorties": BOOLEAN, "etat-recrutement": "[123]",
    "parcours-de-formation": "[1-4]", "objectif-general-formation": "[2-9]",
    "code-niveau-entree": LEVEL, "code-niveau-sortie": LEVEL, "code-FORMACODE": r"\d{5}",
    "code-public-vise": r"\d{5}", "code-ROME": r"[A-Z]\d{4}", "debut": r"\d{8}", "fin": r"\d{8}",
    "langue-formation": "[A-Z]{2}", "SIRET": r"\d{14}", "numero-activite": r"\d{11}",
    "codepostal": r"\d{5}", "nombre-heures-centre": r"\d{1,5}", "departement": r"\d[\dAB]\d?",
    "nombre-heures-entreprise": r"\d{1,5}", "nombre-heures-total": r"\d{1,5}",
}  # fmt: skip


def faults(root) -> list[str]:
    """Return what a file has against the rules."""
    found = []
    for element in root.iter():
        name = element.tag.removeprefix(NAMESPACE)
        if name in ("extras", "extra"):
            continue  # free
        if name in TREE:
            found += _children(element, name)
        elif name not in TEXTS and name not in {
            "code-NSF",
            "code-RNCP",
            "code-RS",
            "code-CPF",
            "code-INSEE-commune",
            "latitude",
            "longitude",
        }:
            found.append(f"{name} is unknown")
        found += _text(element, name)
    return found  # fmt: skip


def _children(element, name) -> list[str]:
    names = [child.tag.removeprefix(NAMESPACE) for child in element]
    order = [child for child, _least, _most in TREE[name]]
    found = [f"{name} may not hold {child}" for child in names if child not in order]
    ranks = [order.index(child) for child in names if child in order]
    if ranks != sorted(ranks):
        found.append(f"the children of {name} are in another order")
    for child, least, most in TREE[name]:
        if not least <= names.count(child) <= most:
            found.append(f"{name} has {names.count(child)} {child}")
    return found


def _text(element, name) -> list[str]:
    rule, text = TEXTS.get(name), element.text or ""
    if isinstance(rule, int) and not 0 < len(text) <= rule:
        return [f"{name} has {len(text)} characters"]
    if isinstance(rule, str) and not re.fullmatch(rule, text):
        return [f"{name} is {text[:20]}"]
    return []
