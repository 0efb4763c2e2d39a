import re
from datetime import date, timedelta
from itertools import chain

import pytest
from django.urls import reverse

from cpf_portal.ui.formats import euros
from rights.models import ClosingReason, DeclarationKind, Financer, Pocket
from rights.services import (
    close_account,
    correct,
    credit_hours,
    declare,
    expire_abondements,
    grant_abondement,
    reserve,
)
from tests.factories import (
    CertificationFactory,
    StaffFactory,
    TitulaireFactory,
    UserFactory,
    make_nir,
)
from tests.rights.ledger import give, give_dif

pytestmark = pytest.mark.django_db
SUMMARY, DOSSIERS = "/mes-droits/", "/mes-dossiers/"


def text_of(response) -> str:
    """Return the words of <main> as they are read: no tag, single spaces."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.S)[0]
    bare = re.sub(r"<[^>]+>", " ", main).replace("&nbsp;", "\u00a0")
    return re.sub(r"[ \n]+", " ", bare)


def rows_of(response, heading: str = "historique") -> list[list[str]]:
    """Return the cells of the table under the heading with this id, without what opens on demand."""
    after = response.content.decode().split(f'id="{heading}"', 1)[1]
    body = re.search(r"<tbody>(.*?)</tbody>", after, re.S)[1]
    body = re.sub(r"<details.*?</details>", "", body, flags=re.S)
    rows = [
        re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
    ]
    return [[re.sub(r"(<[^>]+>|[ \n])+", " ", cell).strip() for cell in row] for row in rows]


def person_with(movements: int) -> UserFactory:
    user = UserFactory()
    for n in range(movements):
        give(user.titulaire, (n + 1) * 1_00, effective_on=date(2020, 1, 1) + timedelta(days=n))
    return user


@pytest.mark.parametrize("name", ["rights:summary", "rights:dossiers"])
def test_pages_ask_a_visitor_to_sign_in(client, name):
    response = client.get(reverse(name))

    assert response.status_code == 302
    assert response["Location"] == f"/connexion/?next={reverse(name)}"


@pytest.mark.parametrize("path", [SUMMARY, DOSSIERS])
def test_pages_are_only_read(client, dominique, path):
    client.force_login(dominique)

    assert client.post(path).status_code == 405
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [SUMMARY, DOSSIERS])
def test_pages_are_kept_by_no_cache(client, dominique, path):
    client.force_login(dominique)

    assert client.get(path)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [SUMMARY, DOSSIERS])
def test_staff_read_that_the_page_is_for_titulaires(client, sasha, path):
    client.force_login(sasha)

    response = client.get(path)

    assert response.status_code == 200
    assert "Votre compte est celui d’un membre de l’assistance" in text_of(response)
    assert reverse("admin:index") in response.content.decode()


def test_summary_shows_the_rights_of_camille(client, camille):
    client.force_login(camille)

    response = client.get(SUMMARY)

    page = text_of(response)
    assert "Mes droits de formation s’élèvent à 1105,00\u00a0€ Dont 0,00\u00a0€ de DIF" in page
    assert "Vos droits vous permettent de financer uniquement une formation." in page
    assert reverse("pages:understand") in response.content.decode()
    assert [row[0::3] + row[4:] for row in rows_of(response)] == [
        ["15 avril 2022", "105,00\u00a0€", "1105,00\u00a0€"],
        ["15 avril 2021", "500,00\u00a0€", "1000,00\u00a0€"],
        ["15 avril 2020", "500,00\u00a0€", "500,00\u00a0€"],
    ]


def test_summary_shows_each_pocket(client, alix):
    client.force_login(alix)

    page = text_of(client.get(SUMMARY))

    assert "s’élèvent à 3300,00\u00a0€ Dont 360,00\u00a0€ de DIF" in page
    assert rows_of(client.get(SUMMARY), "composition") == [
        ["Compte personnel de formation (CPF)", "2940,00\u00a0€", "0,00\u00a0€"],
        ["Droit individuel à la formation (DIF)", "360,00\u00a0€", "0,00\u00a0€"],
        ["Abondements", "0,00\u00a0€", "0,00\u00a0€"],
    ]
    assert "Vos heures de DIF sont utilisées d’abord" in page


def test_movement_tells_what_and_why(client):
    user = UserFactory()
    account = give(user.titulaire, 500_00, effective_on=date(2021, 4, 1)).account
    correct(
        account=account,
        pocket=Pocket.CPF,
        amount_cents=-20_50,
        reason="Année <2020> comptée deux fois",
        author=StaffFactory(),
        today=date(2021, 5, 2),
    )
    client.force_login(user)

    assert rows_of(client.get(SUMMARY)) == [
        [
            "2 mai 2021",
            "Correction",
            "Année &lt;2020&gt; comptée deux fois Assistance du portail",
            "−20,50\u00a0€",
            "479,50\u00a0€",
        ],
        [
            "1er avril 2021",
            "Alimentation annuelle",
            "Au titre de l’année 2020 DSN",
            "500,00\u00a0€",
            "500,00\u00a0€",
        ],
    ]


def test_cells_carry_the_name_of_their_column_for_narrow_screens(client, camille):
    client.force_login(camille)

    page = client.get(SUMMARY).content.decode()

    history = page.split('id="historique"', 1)[1]
    columns = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', history)
    assert columns == ["Date", "Nature", "Détail", "Montant", "Solde après"]
    assert re.findall(r'data-label="([^"]+)"', history) == columns * 3
    assert page.count("<caption") == page.count('<table class="table table--stack"') == 3


def test_person_without_movement_reads_why(client, dominique):
    client.force_login(dominique)

    response = client.get(SUMMARY)

    page = text_of(response)
    assert "s’élèvent à 0,00\u00a0€ Dont 0,00\u00a0€ de DIF" in page
    assert "au printemps de l’année suivante" in page
    assert "Les heures de DIF que vous aviez à la fin de 2014" in page
    assert "provisoire" not in page
    assert reverse("pages:help") in response.content.decode()
    assert "<table" not in response.content.decode()
    assert reverse("rights:dif") in response.content.decode()


def test_person_with_a_provisional_number_reads_that_it_is_why(client):
    user = UserFactory(titulaire__nir=make_nir(start="7850599998"))
    client.force_login(user)

    assert "Votre numéro de sécurité sociale est provisoire." in text_of(client.get(SUMMARY))


def test_each_person_sees_only_her_movements(client):
    camille, alix = UserFactory(), UserFactory()
    give(camille.titulaire, 123_45)
    give_dif(alix.titulaire, 67_00)

    client.force_login(camille)
    hers = text_of(client.get(SUMMARY))
    client.force_login(alix)
    others = text_of(client.get(SUMMARY))

    assert "123,45" in hers
    assert "67,00" not in hers
    assert "67,00" in others
    assert "123,45" not in others


@pytest.mark.parametrize("movements", [1, 60])
def test_summary_costs_the_same_statements_for_any_number_of_movements(
    client, movements, django_assert_num_queries
):
    user = person_with(movements)
    client.force_login(user)
    client.get(SUMMARY)

    # session, user, account, years, figures, count, page, sums by year, declarations, abondements,
    # declaration of DIF
    with django_assert_num_queries(12):
        response = client.get(SUMMARY)

    assert response.context["page_obj"].paginator.count == movements


def test_running_balance_goes_on_from_page_to_page(client):
    client.force_login(person_with(60))
    balances = [sum(range(1, n + 1)) * 1_00 for n in range(1, 61)]

    found = [
        [row[4] for row in rows_of(client.get(SUMMARY, {"page": number}))] for number in (1, 2, 3)
    ]

    assert [len(page) for page in found] == [25, 25, 10]
    assert list(chain(*found)) == [euros(balance) for balance in reversed(balances)]


@pytest.mark.parametrize(
    ("asked", "shown"), [("2", 2), ("0", 3), ("99", 3), ("1e3", 1), ("", 1), ("9" * 400, 3)]
)
def test_page_that_does_not_exist_shows_the_nearest(client, asked, shown):
    client.force_login(person_with(60))

    response = client.get(SUMMARY, {"page": asked})

    assert response.status_code == 200
    assert response.context["page_obj"].number == shown


def test_later_pages_say_which_they_are(client):
    client.force_login(person_with(60))

    page = client.get(SUMMARY, {"page": 2}).content.decode()

    assert "<title>Mes droits formation, page 2 - Mon Compte Formation</title>" in page
    assert "(page 2 sur 3)" in page


def test_account_without_movement_reads_why_too(client):
    user = UserFactory()
    give(TitulaireFactory())
    client.force_login(user)

    assert "Pourquoi votre compte est encore vide" in text_of(client.get(SUMMARY))


def test_reserved_rights_are_shown_beside_the_total(client):
    user = UserFactory()
    account = give(user.titulaire, 500_00).account
    give_dif(user.titulaire, 100_00)
    reserve(account=account, amount_cents=150_00, reference="D-1", today=date(2022, 1, 3))
    client.force_login(user)

    response = client.get(SUMMARY)

    assert "s’élèvent à 450,00\u00a0€ Dont 0,00\u00a0€ de DIF" in text_of(response)
    assert [row[1:] for row in rows_of(response, "composition")] == [
        ["450,00\u00a0€", "50,00\u00a0€"],
        ["0,00\u00a0€", "100,00\u00a0€"],
        ["0,00\u00a0€", "0,00\u00a0€"],
    ]


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (500_00, "500,00\u00a0€ s’ajouteront au printemps"),
        (4_800_00, "200,00\u00a0€ s’ajouteront au printemps"),
        (5_000_00, "atteignent leur plafond de 5000,00\u00a0€"),
    ],
)
def test_summary_says_what_may_come(client, held, sentence):
    user = UserFactory()
    give(user.titulaire, held)
    client.force_login(user)

    assert sentence in text_of(client.get(SUMMARY))


def test_declared_person_expects_more(client):
    user = UserFactory()
    give(user.titulaire)
    declare(titulaire=user.titulaire, kind=DeclarationKind.LOW_QUALIFIED, today=date(2021, 1, 1))
    client.force_login(user)

    assert "800,00\u00a0€ s’ajouteront au printemps" in text_of(client.get(SUMMARY))


def test_closed_account_says_so_and_expects_nothing(client):
    user = UserFactory()
    account = give(user.titulaire).account
    close_account(account=account, reason=ClosingReason.RETIREMENT, closed_on=date(2024, 1, 1))
    client.force_login(user)

    page = text_of(client.get(SUMMARY))

    assert "fermé depuis le 1er janvier 2024" in page
    assert "printemps" not in page


def test_hours_of_a_public_agent_stand_apart(client):
    user = UserFactory()
    credit_hours(
        titulaire=user.titulaire, hours=75, year=2021, effective_on=date(2021, 12, 31),
        source="Ministère", legal_basis="Décret", idempotency_key="h",
    )  # fmt: skip
    client.force_login(user)

    page = text_of(client.get(SUMMARY))

    assert "75\u00a0heures" in page
    assert "s’élèvent à 0,00\u00a0€" in page


def test_abondements_are_shown_with_their_conditions(client):
    user, certification = UserFactory(), CertificationFactory(title="Titre <b>")
    grant_abondement(
        titulaire=user.titulaire, financer=Financer.EMPLOYER, financer_name="Imprimerie du Pont",
        amount_cents=600_00, today=date(2022, 1, 10), idempotency_key="a",
        expires_on=date(2099, 12, 31), certifications=[certification], conditions="Accord demandé",
    )  # fmt: skip
    client.force_login(user)

    row = rows_of(client.get(SUMMARY), "abondements")[0]

    assert row[0] == "Imprimerie du Pont Employeur"
    assert f"Titre &lt;b&gt; ({certification.code})" in row[1]
    assert "À utiliser jusqu’au 31 décembre 2099" in row[1]
    assert "Accord demandé" in row[1]
    assert row[2:] == ["600,00\u00a0€", "600,00\u00a0€"]


def test_ended_abondement_says_what_went_back(client):
    user = UserFactory()
    grant_abondement(
        titulaire=user.titulaire, financer=Financer.REGION, financer_name="Région",
        amount_cents=300_00, today=date(2022, 1, 10), idempotency_key="a",
        expires_on=date(2023, 12, 31),
    )  # fmt: skip
    expire_abondements(today=date(2024, 1, 1))
    client.force_login(user)

    page = text_of(client.get(SUMMARY))

    assert "Terminé le 31 décembre 2023\u00a0: 300,00\u00a0€ rendus au financeur" in page
