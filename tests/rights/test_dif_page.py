"""« Saisir mon DIF »: what a person types and sends, right or wrong, and who may read her proof."""

import re

import pytest
from django.test import Client

from rights.models import DifDeclaration, Movement, RightsAccount
from rights.services import refuse_dif
from tests.factories import StaffFactory, UserFactory
from tests.rights import images
from tests.rights.dif import DIF_PAGE, TODAY, declare, leave_dif_open, upload
from tests.rights.ledger import give_dif, spend_dif
from tests.rights.test_views import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    leave_dif_open()
    return UserFactory()


@pytest.fixture
def desk(client, person):
    client.force_login(person)
    return client


def send(desk, hours="24", proof=None, **fields):
    return desk.post(DIF_PAGE, {"hours": hours, "proof": proof or upload(), **fields}, follow=False)


def test_declaration_is_credited_and_shown(desk, person):
    response = send(desk)

    assert response.status_code == 302
    page = text_of(desk.get(DIF_PAGE))
    assert "24\u00a0heures de DIF, soit 360,00\u00a0€, figurent maintenant dans vos droits." in page
    assert "À examiner" in page
    assert "Dont 360,00\u00a0€ de DIF" in text_of(desk.get("/mes-droits/"))


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("1", 1),
        ("120", 120),
        (" 24 ", 24),
        ("24 h", 24),
        ("24 heures", 24),
        ("24,00", 24),
        ("024", 24),
    ],
)
def test_hours_are_read_as_french_people_type_them(desk, typed, hours):
    send(desk, typed)

    assert DifDeclaration.objects.get().hours == hours


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Saisissez votre nombre d’heures de DIF."),
        ("121", "saisissez 120"),
        ("999999999", "saisissez 120"),
        ("9" * 300, "de 1 à 120"),
        ("0", "de 1 à 120"),
        ("0,0", "de 1 à 120"),
        ("-5", "de 1 à 120"),
        ("−5", "de 1 à 120"),
        ("1,5", "donc 2 au lieu de 1,5"),
        ("119.01", "donc 120 au lieu de 119.01"),
        ("1 e3", "de 1 à 120"),
        ("1e3", "de 1 à 120"),
        ("NaN", "de 1 à 120"),
        ("inf", "de 1 à 120"),
        ("0x18", "de 1 à 120"),
        ("२४", "de 1 à 120"),
        ("²", "de 1 à 120"),
        ("<b>24</b>", "de 1 à 120"),
        ("24\x00", "caractère"),
        ("beaucoup", "de 1 à 120"),
    ],
)
def test_wrong_hours_are_answered_by_a_sentence(desk, typed, sentence):
    response = send(desk, typed)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "<title>Erreur" in response.content.decode()
    assert not DifDeclaration.objects.exists()


def test_what_was_typed_stays_and_the_error_is_described(desk):
    page = send(desk, "121").content.decode()

    field = re.search(r'<input[^>]*name="hours"[^>]*>', page)[0]
    assert 'value="121"' in field
    assert 'aria-invalid="true"' in field
    assert "id_hours_error" in field
    assert page.count('role="alert"') == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (images.HTML, "PDF, JPEG ou PNG"),
        (b"", "Ce fichier est vide"),
        (images.PDF + bytes(6 * 1024 * 1024), "5\u00a0Mo au plus"),
        (images.bomb(100_000, 100_000), "trop grande"),
        (images.png()[:60], "abîmée"),
    ],
    ids=["html", "empty", "6 MiB", "bomb", "truncated"],
)
def test_wrong_proof_is_answered_by_a_sentence(desk, content, sentence, var_dir):
    response = send(desk, proof=upload(content, "preuve.png"))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "n’est pas arrivé" not in text_of(response)
    assert not Movement.objects.exists()
    assert not (var_dir / "pieces").exists()


@pytest.mark.parametrize("proof", [None, "texte"])
def test_missing_proof_is_asked_for(desk, proof):
    response = desk.post(DIF_PAGE, {"hours": "24"} | ({"proof": proof} if proof else {}))

    assert response.status_code == 422
    assert "Ajoutez votre justificatif" in text_of(response)


def test_html_in_a_png_comes_back_without_html(desk):
    send(desk, proof=upload(images.html_in_png(), "preuve.html"))

    response = desk.get(f"{DIF_PAGE}justificatif/")

    assert response["Content-Type"] == "image/png"
    assert b"script" not in response.content


def test_proof_comes_back_as_a_download_that_runs_nothing(desk):
    send(desk, proof=upload(images.PDF, "../../<script>.pdf"))

    response = desk.get(f"{DIF_PAGE}justificatif/")

    assert response.content == images.PDF
    assert re.fullmatch(
        r'attachment; filename="justificatif-dif-\d+\.pdf"', response["Content-Disposition"]
    )
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"


def test_proof_is_served_to_its_owner_alone(client, person):
    declare(person.titulaire)

    client.force_login(UserFactory())
    assert client.get(f"{DIF_PAGE}justificatif/").status_code == 404
    client.logout()
    assert client.get(f"{DIF_PAGE}justificatif/").status_code == 302
    client.force_login(person)
    assert client.get(f"{DIF_PAGE}justificatif/").status_code == 200


def test_lost_file_is_not_an_error_page(desk, person, var_dir):
    declaration = declare(person.titulaire)
    (var_dir / "pieces" / declaration.proof_name).unlink()

    assert desk.get(f"{DIF_PAGE}justificatif/").status_code == 404


def test_foreign_keys_of_a_post_change_nothing(desk, person):
    send(desk, amount_cents="999999", state="accepted", account="1", revision="9")

    declaration = DifDeclaration.objects.get()
    assert (declaration.amount_cents, declaration.state, declaration.revision) == (
        360_00,
        "to_examine",
        1,
    )


def test_correction_keeps_the_proof(desk, person):
    declaration = declare(person.titulaire)

    response = desk.post(DIF_PAGE, {"hours": "20"})

    corrected = DifDeclaration.objects.get()
    assert response.status_code == 302
    assert (corrected.hours, corrected.proof_name) == (20, declaration.proof_name)
    assert RightsAccount.objects.get().dif_cents == 300_00


def test_correction_asks_for_a_proof_when_the_former_is_gone(desk, person):
    declare(person.titulaire)
    DifDeclaration.objects.update(proof_name="")

    assert desk.post(DIF_PAGE, {"hours": "20"}).status_code == 422
    assert send(desk, "20").status_code == 302


def test_used_dif_offers_no_form_and_refuses_a_post(desk, person):
    declaration = declare(person.titulaire)
    spend_dif(declaration.account, 1_00)

    assert 'name="hours"' not in desk.get(DIF_PAGE).content.decode()
    response = desk.post(DIF_PAGE, {"hours": "20"})
    assert response.status_code == 422
    assert "Une partie de votre DIF est réservée ou utilisée" in text_of(response)


def test_refusal_is_told_with_its_reason_and_what_was_spent(desk, person):
    declaration = declare(person.titulaire)
    spend_dif(declaration.account, 100_00)
    refuse_dif(
        declaration=declaration,
        author=StaffFactory(),
        reason="Illisible <b>",
        today=declaration.declared_at.date(),
    )

    page = text_of(desk.get(DIF_PAGE))

    assert "Illisible &lt;b&gt;" in page
    assert "260,00\u00a0€ ont été repris" in page
    assert "100,00\u00a0€ étaient déjà réservés ou utilisés" in page


def test_dif_of_the_register_needs_no_declaration(desk, person):
    give_dif(person.titulaire)

    page = text_of(desk.get(DIF_PAGE))
    assert (
        "Votre compte porte déjà un DIF de 360,00\u00a0€, dont 360,00\u00a0€ disponibles." in page
    )
    assert send(desk).status_code == 302
    assert RightsAccount.objects.get().dif_cents == 360_00


def test_spent_dif_of_the_register_is_told_too(desk, person):
    spend_dif(give_dif(person.titulaire).account, 360_00)

    assert "un DIF de 360,00\u00a0€, dont 0,00\u00a0€ disponibles" in text_of(desk.get(DIF_PAGE))


def test_refused_and_spent_dif_goes_to_the_support(desk, person):
    declaration = declare(person.titulaire)
    spend_dif(declaration.account, 100_00)
    refuse_dif(declaration=declaration, author=StaffFactory(), reason="Illisible", today=TODAY)

    assert "une nouvelle déclaration passe par l’assistance" in text_of(desk.get(DIF_PAGE))


def test_after_the_deadline_the_page_says_so(client):
    client.force_login(UserFactory())

    assert "close depuis le 30 juin 2021" in text_of(client.get(DIF_PAGE))
    response = client.post(DIF_PAGE, {"hours": "24", "proof": upload()})
    assert response.status_code == 422
    assert "La saisie du DIF est close" in text_of(response)


def test_post_needs_its_token(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)

    response = client.post(DIF_PAGE, {"hours": "24", "proof": upload()})

    assert response.status_code == 403
    assert not DifDeclaration.objects.exists()
    client.get(DIF_PAGE)
    token = client.cookies["csrftoken"].value
    fields = {"csrfmiddlewaretoken": token, "hours": "24", "proof": upload()}
    assert client.post(DIF_PAGE, fields).status_code == 302


def test_truncated_body_is_no_server_error(desk):
    body = b'--x\r\nContent-Disposition: form-data; name="hours"\r\n\r\n24\r\n--x\r\nContent-Disp'

    response = desk.post(DIF_PAGE, body, content_type="multipart/form-data; boundary=x")

    assert response.status_code in {400, 422}


def test_page_is_for_titulaires(client, sasha):
    client.force_login(sasha)

    assert "Page réservée aux titulaires" in text_of(client.get(DIF_PAGE))
    assert client.put(DIF_PAGE).status_code == 405


def test_page_costs_few_statements(desk, person, django_assert_max_num_queries):
    declare(person.titulaire)
    desk.get(DIF_PAGE)

    with django_assert_max_num_queries(7):
        desk.get(DIF_PAGE)
