"""The files of the State and of the providers, as they are: imported, searched, shown."""

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Certification, ImportState, Modality, Offer, Session
from catalogue.places import resolve
from catalogue.search import SearchCriteria, search

pytestmark = pytest.mark.django_db

EDOF = "edof-catalogue-exemple.xml"
OPEN_DATA = "mcf-catalogue-exemple.csv"
REGISTER = "rncp-standard-extrait.csv"


def found(words="", **criteria):
    results = search(SearchCriteria(words=words, **criteria), today=timezone.localdate())
    return [hit.offer.public_id for hit in results.hits]


def test_edof_sample_is_read_in_full(towns, take, reasons):
    report = take(EDOF)

    assert (report.state, report.format, report.source) == (ImportState.DONE, "EDOF", "edof")
    assert (report.read_count, report.added_count, reasons(report)) == (3, 3, [])
    offer = Offer.objects.get(public_id="00000000000018_DEV01_A1")
    assert offer.title == "Développeur web (fictif)"
    assert offer.objectives == "- Objectif 1 (fictif)\n- Objectif 2 : été, accents Latin-1 : é à ç"
    assert offer.content == "Module 1\n\nContenu fictif & protégé"
    assert offer.certification.code == "RNCP99001"
    assert (offer.price_cents, offer.hours, offer.company_hours) == (450000, 420, 70)
    assert (offer.commune_id, offer.department) == ("31555", "31")
    assert (offer.latitude, offer.longitude) == (43.60426, 1.44367)
    assert offer.address == "CENTRE FICTIF, 1 RUE de l'Exemple"
    assert (offer.highlights, offer.accessibility) == (
        "Résumé fictif de la formation",
        "Locaux accessibles",
    )
    assert (offer.rhythm, offer.languages, offer.is_accessible) == ("À temps plein", "FR", True)
    assert offer.admission == "Sans disposition particulière"
    assert (offer.contact_name, offer.contact_phone) == ("Contact EXEMPLE", "+33100000000")
    assert offer.is_exam_included is True


def test_edof_sample_has_its_sessions_and_formats(towns, take):
    take(EDOF)

    sessions = Session.objects.filter(offer__number="DEV01_A1").order_by("starts_on")
    assert [f"{s.starts_on} {s.ends_on} {s.number}" for s in sessions] == [
        "2022-09-05 2022-12-16 DEV01_S1",
        "2023-01-09 2023-04-21 DEV01_S2",
    ]
    assert Session.objects.get(offer__number="ANG20_A1").is_permanent
    assert dict(Offer.objects.values_list("number", "modality")) == {
        "DEV01_A1": Modality.ON_SITE,
        "ANG20_A1": Modality.REMOTE,
        "BDC01_A1": Modality.MIXED,
    }
    assert Certification.objects.get(code="CPF202").title == "Bilan de compétences"


def test_edof_sample_is_searched_and_shown(towns, take, index, client):
    take(EDOF)
    index()

    assert found("développeur web") == ["00000000000018_DEV01_A1"]
    assert found("bilan", place=resolve("Ajaccio").place) == ["00000000000018_BDC01_A1"]
    page = client.get(reverse("catalogue:offer", args=["00000000000018_DEV01_A1"]))
    assert page.status_code == 200
    text = page.content.decode()
    for said in (
        "4500,00",
        "Contenu fictif &amp; protégé",
        "Locaux accessibles",
        "Contact EXEMPLE",
    ):
        assert said in text
    assert "alert(1)" not in text


def test_open_data_sample_is_read_in_full(take, reasons):
    report = take(OPEN_DATA)

    assert (report.state, report.added_count, reasons(report)) == (ImportState.DONE, 2, [])
    offer = Offer.objects.get(number="DEV01_31")
    assert offer.public_id == "00000000000018_DEV01_31"
    assert (offer.provider.name, offer.modality) == ("ORGANISME FICTIF A", Modality.MIXED)
    assert (offer.price_cents, offer.price_max_cents) == (420000, 480000)
    assert (offer.hours, offer.hours_max, offer.exit_level) == (350, 400, 5)
    assert (offer.commune, offer.department, offer.formacodes) == (None, "31", "31088")
    assert offer.certification.title == "Titre fictif de développeur"
    other = Offer.objects.get(number="ANG20_75")
    assert (other.modality, other.highlights) == (Modality.REMOTE, 'À distance; "7j/7"')
    assert (other.certification.code, other.price_max_cents) == ("RS9901", None)


def test_open_data_sample_is_searched_by_departement_and_shown(take, index, client):
    take(OPEN_DATA)
    index()

    assert found("développeur", place=resolve("31").place) == ["00000000000018_DEV01_31"]
    page = client.get(reverse("catalogue:offer", args=["00000000000018_DEV01_31"]))
    text = page.content.decode()
    for said in ("Haute-Garonne (31)", "De 4200,00", "à 4800,00", "De 350 à 400 heures"):
        assert said in text


def test_register_sample_names_the_certifications(take, reasons):
    report = take(REGISTER)

    assert (report.state, report.added_count, reasons(report)) == (ImportState.DONE, 6, [])
    by_code = Certification.objects.in_bulk(field_name="code")
    assert by_code["RNCP5811"].title == (
        'Domaine Sciences, technologies, santé Mention "Métiers du décisionnel et de la statistique"'
    )
    assert by_code["RNCP5916"].title.startswith("Hôtellerie et tourisme Spécialité Tourisme")
    assert (by_code["RNCP181"].level, by_code["RNCP9905"].level) == (4, None)
    assert not by_code["RNCP181"].is_active
    assert str(by_code["RNCP317"].expires_on) == "2022-08-18"


def test_register_brings_a_title_to_the_offers_and_the_search(towns, take, index):
    take(EDOF)
    Certification.objects.filter(code="RNCP99001").update(title="")
    header = (
        "Id_Fiche;Numero_Fiche;Intitule;Nomenclature_Europe_Niveau;Date_Fin_Enregistrement;Actif\n"
    )
    take((header + "1;RNCP99001;Concepteur numérique;NIV5;31/12/2030;ACTIVE\n").encode())
    rome = "Numero_Fiche;Codes_Rome_Code;Codes_Rome_Libelle\n"
    report = take(
        (rome + "RNCP99001;M1805;Études et développement\nRNCP99001;E1104;Webmestre\n").encode()
    )

    certification = Certification.objects.get(code="RNCP99001")
    assert report.changed_count == 1
    assert (certification.title, certification.level) == ("Concepteur numérique", 5)
    assert certification.jobs == "Études et développement, Webmestre"
    assert certification.rome_codes == "M1805 E1104"
    index()
    assert found("webmestre") == ["00000000000018_DEV01_A1"]


@pytest.mark.parametrize("sample", [EDOF, OPEN_DATA, REGISTER])
def test_sample_imported_twice_changes_nothing(sample, towns, take):
    take(sample)
    before = list(Offer.objects.order_by("pk").values()) + list(Session.objects.values())

    report = take(sample)

    assert (report.added_count, report.changed_count, report.removed_count) == (0, 0, 0)
    assert report.unchanged_count == report.read_count
    assert list(Offer.objects.order_by("pk").values()) + list(Session.objects.values()) == before
