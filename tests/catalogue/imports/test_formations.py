"""What is understood of EDOF and LHEO files, corrected or refused, with the sentence of the report."""

import pytest

from catalogue.models import ImportState, Modality, Offer, Session, SessionState
from tests.catalogue.imports.files import (
    ADDRESS,
    EDOF,
    LHEO_22,
    SESSION,
    action,
    catalogue,
    formation,
)

pytestmark = pytest.mark.django_db

PERSON = "<coordonnees><nom>M</nom><telfixe><numtel>0100000000</numtel></telfixe></coordonnees>"
CONTACT = f'<extra info="contact-information">{PERSON}</extra>'
SIGN_UP = CONTACT.replace("contact-information", "contact-inscription")


def edof_session(number="S1", start="20270111", end="20270115", extras=SIGN_UP):
    return (
        f'<session numero="{number}"><periode><debut>{start}</debut><fin>{end}</fin></periode>'
        f'<etat-recrutement>1</etat-recrutement><extras info="session">{extras}</extras></session>'
    )


def edof_action(number="A1", *, sessions=None, extras=CONTACT, **options):
    sessions = edof_session() if sessions is None else sessions
    more = f'<extras info="action">{extras}</extras>'
    return action(number, sessions=sessions, more=more, **options)


def edof(*formations):
    return catalogue(*formations, namespace=EDOF, encoding="ISO-8859-1")


def test_lheo_22_is_taken_with_its_own_name(towns, take):
    report = take(catalogue(namespace=LHEO_22))

    assert (report.format, report.added_count) == ("LHEO 2.2", 1)


def test_fillers_are_dropped(towns, take):
    take(catalogue())

    offer = Offer.objects.get()
    assert (offer.results, offer.rhythm, offer.access_conditions) == ("", "", "")


@pytest.mark.parametrize("code", ["35584", "RNCP35584", "rncp 35584", " RNCP035584 "])
def test_register_code_is_read_with_or_without_its_prefix(code, towns, take):
    take(
        catalogue(
            formation(certification=f"<certification><code-RNCP>{code}</code-RNCP></certification>")
        )
    )

    assert Offer.objects.get().certification.code == "RNCP35584"


def test_utf8_under_an_iso_prologue_is_read_and_said(towns, take, reasons):
    text = catalogue(formation(title="Été à l’étranger, œuvre"), declared="ISO-8859-1")

    report = take(text)

    assert Offer.objects.get().title == "Été à l’étranger, œuvre"
    assert reasons(report) == [
        (
            1,
            "",
            "corrected",
            "",
            "le prologue dit ISO-8859-1, le fichier est en UTF-8\u00a0: lu en UTF-8",
        )
    ]


def test_windows_characters_under_an_iso_prologue_are_read(towns, take):
    text = catalogue(
        formation(title="L’œuvre à 100 €"), encoding="windows-1252", declared="ISO-8859-1"
    )

    take(text)

    assert Offer.objects.get().title == "L’œuvre à 100 €"


def test_bom_is_read(towns, take):
    assert take(b"\xef\xbb\xbf" + catalogue()).added_count == 1


def test_prefixed_names_are_read(towns, take):
    text = catalogue().decode().replace("<lheo xmlns=", "<lheo xmlns:l=")
    text = text.replace("</", "</l:").replace("<", "<l:").replace("<l:/l:", "</l:")
    text = text.replace("<l:?xml", "<?xml").replace("<l:lheo", "<l:lheo")

    assert take(text.encode()).added_count == 1


@pytest.mark.parametrize(
    ("place", "commune"),
    [
        ("<adresse><codepostal>31100</codepostal><ville>toulouse</ville></adresse>", "31555"),
        (
            "<adresse><ville>TOULOUSE CEDEX 4</ville><codepostal>31004</codepostal></adresse>",
            "31555",
        ),
        ("<adresse><code-INSEE-commune>2A004</code-INSEE-commune></adresse>", "2A004"),
        (
            "<adresse><geolocalisation><latitude>43.61</latitude><longitude>1.45</longitude>"
            "</geolocalisation></adresse>",
            "31555",
        ),
        ("<adresse><codepostal>20090</codepostal><ville>-</ville></adresse>", "2A004"),
    ],
    ids=["postcode and name", "cedex, town first", "insee", "position", "postcode alone"],
)
def test_place_is_found_by_all_its_ways(place, commune, towns, take):
    take(catalogue(formation(action(place=place))))

    assert Offer.objects.get().commune_id == commune


def test_swapped_position_is_put_right_and_said(towns, take, reasons):
    place = ADDRESS.replace(
        "</adresse>",
        "<geolocalisation><latitude>1.44</latitude><longitude>43.6</longitude></geolocalisation></adresse>",
    )

    report = take(catalogue(formation(action(place=place))))

    offer = Offer.objects.get()
    assert (offer.latitude, offer.longitude) == (43.6, 1.44)
    assert reasons(report)[0][2] == "corrected"


def test_unknown_place_refuses_the_offer_but_not_a_remote_one(towns, take, reasons):
    nowhere = "<adresse><codepostal>99999</codepostal><ville>Nulle part</ville></adresse>"

    report = take(
        catalogue(formation(action("A1", place=nowhere), action("A2", place=nowhere, modality="2")))
    )

    assert list(Offer.objects.values_list("number", "modality")) == [("A2", Modality.REMOTE)]
    assert reasons(report) == [
        (
            3,
            "A1",
            "refused",
            "30013",
            "l’adresse de la formation est incomplète ou inconnue (99999 Nulle part)",
        )
    ]


@pytest.mark.parametrize(
    ("siret", "is_warned"),
    [
        ("00000000000018", False),
        ("00000000000019", True),
        ("35600000000048", False),
        ("35600000009075", False),
        ("35600000000049", True),
    ],
    ids=["good key", "wrong key", "La Poste, head office", "La Poste, five", "La Poste, wrong"],
)
def test_wrong_siret_key_is_a_warning(siret, is_warned, towns, take, reasons):
    report = take(catalogue(formation(siret=siret)))

    assert report.added_count == 1
    assert [reason[2] for reason in reasons(report)] == ["warning"] * is_warned


def test_siret_of_another_length_refuses_the_formation(towns, take, reasons):
    report = take(catalogue(formation(siret="123")))

    assert not Offer.objects.exists()
    assert reasons(report)[0][1:3] == ("F1", "refused")
    assert report.state == ImportState.DONE


@pytest.mark.parametrize(
    ("modality", "text", "said"),
    [
        ("1", "Formation 100 % à distance", "est-ce 2"),
        ("2", "En présentiel et distanciel", "est-ce 1"),
        ("1", "Le mardi", None),
        ("2", "En visioconférence", None),
    ],
)
def test_swapped_modality_is_warned_about(modality, text, said, towns, take, reasons):
    body = action(modality=modality).replace("<rythme-formation>-", f"<rythme-formation>{text}")

    report = take(catalogue(formation(body)))

    found = reasons(report)
    assert len(found) == bool(said)
    assert said is None or said in found[0][4]


@pytest.mark.parametrize("price", ["", "gratuit", "-5", "99999999999"])
def test_offer_without_a_price_is_refused(price, towns, take, reasons):
    assert reasons(take(catalogue(formation(action(price=price)))))[0][2] == "refused"
    assert not Offer.objects.exists()


def test_hourly_price_makes_a_total_and_is_said(towns, take, reasons):
    body = action(price="").replace(
        "</action>", "<prix-horaire-TTC>20,50</prix-horaire-TTC></action>"
    )

    report = take(catalogue(formation(body)))

    assert Offer.objects.get().price_cents == 2050 * 35
    assert reasons(report)[0][2] == "corrected"


def test_sessions_of_all_kinds(towns, take, reasons):
    def session(number, start, end, state="1"):
        text = SESSION.replace("S1", number).replace("20270111", start).replace("20270115", end)
        return text.replace("<etat-recrutement>1", f"<etat-recrutement>{state}")

    sessions = (
        session("S1", "20270111", "00000000", "3")
        + session("S2", "20270300", "20270400", "2")
        + session("S3", "00000000", "00000000")
        + session("S4", "20270111", "20260111")
        + session("", "20270201", "20270202", "9")
    )
    report = take(catalogue(formation(action(sessions=sessions))))

    rows = Session.objects.order_by("number").values_list("number", "starts_on", "ends_on", "state")
    assert [(number, str(start), str(end), state) for number, start, end, state in rows] == [
        ("S05", "2027-02-01", "2027-02-02", SessionState.OPEN),
        ("S1", "2027-01-11", "None", SessionState.SUSPENDED),
        ("S2", "2027-03-01", "2027-04-01", SessionState.CLOSED),
    ]
    said = [(number, level, code) for _line, number, level, code, _reason in reasons(report)]
    assert said == [
        ("S2", "corrected", ""),
        ("S2", "corrected", ""),
        ("S3", "refused", ""),
        ("S4", "refused", "30020"),
        ("S05", "corrected", ""),
    ]


def test_permanent_entries_need_no_date(towns, take):
    permanent = '<session numero="S1"><etat-recrutement>1</etat-recrutement></session>'

    take(catalogue(formation(action(entries="1", sessions=permanent))))

    assert Session.objects.get().is_permanent


def test_action_without_a_number_keeps_the_one_it_is_given(towns, take):
    take(catalogue(formation(action(""))))
    first = Offer.objects.get()

    report = take(catalogue(formation(action("", price="99"))))

    assert (report.changed_count, report.added_count) == (1, 0)
    assert Offer.objects.get().public_id == first.public_id


def test_long_title_is_cut_and_said(towns, take, reasons):
    report = take(catalogue(formation(title="a" * 300)))

    assert len(Offer.objects.get().title) == 255
    assert reasons(report)[0][2] == "corrected"


# --- EDOF's own controls -------------------------------------------------------------------------


def codes(reasons, report):
    return [(number, level, code) for _line, number, level, code, _reason in reasons(report)]


def test_edof_file_without_fault_has_an_empty_report(towns, take, reasons):
    assert codes(reasons, take(edof(formation(edof_action())))) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (formation(edof_action(extras="")), [("A1", "warning", "30017")]),
        (
            formation(edof_action(sessions=edof_session(extras=""))),
            [("S1", "warning", "30022")],
        ),
        (
            formation(edof_action(sessions=edof_session(end="20260101"))),
            [("S1", "refused", "30020")],
        ),
        (
            formation(edof_action(sessions=edof_session() + edof_session("S2"))),
            [("S2", "refused", "10133")],
        ),
        (formation(edof_action(), edof_action("A2")), [("A2", "refused", "30056")]),
        (
            formation(edof_action()) + formation(edof_action("A2"), number="F2"),
            [("A2", "refused", "30057")],
        ),
        (
            formation(edof_action(modality="2", place="<adresse><ville>Nulle</ville></adresse>")),
            [("A1", "warning", "30013")],
        ),
        (formation(edof_action(hours="")), [("A1", "refused", "")]),
        (formation(edof_action(price="")), [("A1", "refused", "")]),
    ],
    ids=["no contact", "no session contact", "ends first", "same dates", "same action",
         "same action elsewhere", "incomplete address", "no duration", "no price"],
)  # fmt: skip
def test_edof_control(body, expected, towns, take, reasons):
    assert codes(reasons, take(edof(body))) == expected


def test_edof_takes_one_vae_offer_a_category(towns, take, reasons):
    vae = "<certification><code-CPF>CPF200</code-CPF></certification>"
    category = '<extras info="formation"><extra info="categorisation-offre">1</extra></extras>'
    other = category.replace(">1<", ">2<")

    report = take(
        edof(
            formation(edof_action("A1"), certification=vae, more=category),
            formation(edof_action("A2", price="2"), number="F2", certification=vae, more=category),
            formation(edof_action("A3", price="3"), number="F3", certification=vae, more=other),
        )
    )

    assert codes(reasons, report) == [("A2", "refused", "30077")]


def test_lheo_is_not_judged_by_the_controls_of_edof(towns, take, reasons):
    assert reasons(take(catalogue(formation(action("A1"), action("A2"))))) == []


def test_report_keeps_a_thousand_lines_and_counts_all(towns, take):
    report = take(
        catalogue(*[formation(action(f"A{n}", price=""), number="F") for n in range(1100)])
    )

    assert (report.refused_count, report.lines.count()) == (1100, 1000)
