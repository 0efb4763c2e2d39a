"""« Pourquoi ce montant ? »: the rule, the figures of its year and the article, whatever the kind."""

from datetime import date

import pytest

from rights.explanations import EXPLAINERS, FiguresBook, explain
from rights.models import Financer, Movement, MovementKind, Parameter, ParameterName
from rights.rules.consumption import ORDER_IN_WORDS
from rights.services import expire_abondements, grant_abondement, release, reserve
from tests.factories import TitulaireFactory
from tests.rights.dif import declare
from tests.rights.ledger import give, spend_dif

pytestmark = pytest.mark.django_db


def explained(movement: Movement):
    return explain(movement, FiguresBook())


def test_yearly_credit_shows_the_figures_of_its_year():
    explanation = explained(give(TitulaireFactory(), 250_00))

    assert "mi-temps" in explanation.rule
    assert explanation.figures == [
        ("Montant d’une année entière", "500,00\u00a0€"),
        ("Plafond des droits", "5000,00\u00a0€"),
    ]
    assert explanation.article == "Code du travail, art. R6323-1, I"


def test_yearly_credit_shows_its_own_calculation():
    movement = give(TitulaireFactory(), 100_00)
    movement.details = {"rule": "boeth", "work_share": 2550, "amount_cents": 427_50,
        "held_cents": 7_900_00}  # fmt: skip

    figures = dict(explained(movement).figures)

    assert figures["Temps de travail sur l’année"] == "25,5\u00a0%"
    assert figures["Montant d’une année entière"] == "800,00\u00a0€"
    assert figures["Plafond des droits"] == "8000,00\u00a0€"
    assert figures["Calculé avant le plafond"] == "427,50\u00a0€"
    assert figures["Déjà sur le compte, DIF et réservations compris"] == "7900,00\u00a0€"
    assert figures["Inscrit, dans la limite du plafond"] == "100,00\u00a0€"


def test_later_law_does_not_explain_an_earlier_year():
    Parameter.objects.create(
        name=ParameterName.CREDIT, value=600_00, valid_from=date(2021, 1, 1), legal_basis="Loi"
    )

    figures = dict(explained(give(TitulaireFactory(), year=2020)).figures)

    assert figures["Montant d’une année entière"] == "500,00\u00a0€"


def test_dif_shows_its_hours_and_their_value():
    declare(TitulaireFactory(), hours=24)

    explanation = explained(Movement.objects.get())

    assert explanation.figures == [("Heures", "24\u00a0h"), ("Valeur d’une heure", "15,00\u00a0€")]
    assert "2018-1153" in explanation.article


def test_reservation_says_the_whole_order_of_consumption_and_what_it_is_for():
    account = give(TitulaireFactory()).account
    reserve(account=account, amount_cents=5, reference="dossier K9", today=date(2021, 6, 1))

    explanation = explained(Movement.objects.get(kind="reservation"))

    assert ORDER_IN_WORDS in explanation.rule
    assert explanation.figures == [("Pour", "dossier K9")]


def test_every_kind_of_movement_is_explained():
    titulaire = TitulaireFactory()
    declare(titulaire)
    account = give(titulaire).account
    spend_dif(account, 10_00)
    release(
        reservation=reserve(account=account, amount_cents=5, reference="D", today=date(2021, 6, 1)),
        today=date(2021, 6, 2),
    )
    grant_abondement(
        titulaire=titulaire, financer=Financer.REGION, financer_name="Région", amount_cents=5,
        today=date(2021, 1, 1), idempotency_key="a", expires_on=date(2021, 2, 1),
    )  # fmt: skip
    expire_abondements(today=date(2022, 1, 1))
    book = FiguresBook()

    explanations = [explain(movement, book) for movement in Movement.objects.all()]

    assert len(explanations) > 8
    assert all(explanation.rule and explanation.article for explanation in explanations)
    assert set(EXPLAINERS) == set(MovementKind)


def test_page_of_explanations_reads_the_figures_once(django_assert_num_queries):
    movements = [give(TitulaireFactory(), year=2019 + n) for n in range(4)]

    with django_assert_num_queries(1):
        book = FiguresBook()
        for movement in movements:
            explain(movement, book)
