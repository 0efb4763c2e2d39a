"""Small catalogues, written as providers write them."""

LHEO = "http://lheo.gouv.fr/2.3"
LHEO_22 = "http://www.lheo.org/2.2"
EDOF = "https://www.of.moncompteformation.gouv.fr"
SIRET = "00000000000018"
ADDRESS = "<adresse><ligne>1 rue Neuve</ligne><codepostal>31000</codepostal><ville>TOULOUSE</ville></adresse>"
SESSION = (
    '<session numero="S1"><periode><debut>20270111</debut><fin>20270115</fin></periode>'
    f"<adresse-inscription>{ADDRESS}</adresse-inscription><etat-recrutement>1</etat-recrutement></session>"
)


def action(number="A1", *, modality="0", place=ADDRESS, sessions=SESSION, price="1490.00", entries="0",
           hours="35", more=""):  # fmt: skip
    numero = f' numero="{number}"' if number else ""
    return (
        f"<action{numero}><rythme-formation>-</rythme-formation>"
        f"<modalites-enseignement>{modality}</modalites-enseignement>"
        "<conditions-specifiques>-</conditions-specifiques>"
        f"<lieu-de-formation><coordonnees>{place}</coordonnees></lieu-de-formation>"
        f"<modalites-entrees-sorties>{entries}</modalites-entrees-sorties>{sessions}"
        f"<prix-total-TTC>{price}</prix-total-TTC>"
        f"<nombre-heures-total>{hours}</nombre-heures-total>{more}</action>"
    )


def formation(*actions, number="F1", title="Anglais professionnel", content="Grammaire", siret=SIRET,
              certification="<certification><code-RS>RS5550</code-RS></certification>", more=""):  # fmt: skip
    return (
        f'<formation numero="{number}"><intitule-formation>{title}</intitule-formation>'
        "<objectif-formation>Parler</objectif-formation><resultats-attendus>-</resultats-attendus>"
        f"<contenu-formation>{content}</contenu-formation>{certification}{''.join(actions or [action()])}"
        "<organisme-formation-responsable><SIRET-organisme-formation>"
        f"<SIRET>{siret}</SIRET></SIRET-organisme-formation><nom-organisme>Langues et Cie</nom-organisme>"
        f"</organisme-formation-responsable>{more}</formation>"
    )


def catalogue(*formations, namespace=LHEO, encoding="UTF-8", declared=None):
    """Return the bytes of a whole file, one formation a line."""
    body = "\n".join(formations or [formation()])
    text = (
        f'<?xml version="1.0" encoding="{declared or encoding}"?>\n'
        f'<lheo xmlns="{namespace}"><offres>\n{body}\n</offres></lheo>\n'
    )
    return text.encode(encoding)


def many(count, **options):
    """Return `count` formations of one action each."""
    return [formation(action(f"A{n}"), number=f"F{n}", **options) for n in range(count)]
