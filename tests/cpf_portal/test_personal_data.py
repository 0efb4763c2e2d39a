"""Everything held on a person can be downloaded, and is gone when she closes her account."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import emails, limits, services
from accounts.models import (
    AccountEvent,
    FranceConnectLink,
    OutgoingMail,
    StoredSession,
    SupportRequest,
    TakeOver,
    TakeOverWay,
    Titulaire,
    User,
)
from accounts.models.support import SupportKind
from catalogue import services as catalogue
from catalogue.models import Favourite, SavedSearch
from cpf_portal.demo import people
from cpf_portal.personal_data import closing
from cpf_portal.personal_data.export import HIDDEN, NOT_FOLLOWED, OF_THE_STAFF, everything_on
from cpf_portal.ui.proofs import read_proof
from rights import services as rights
from rights.models import (
    Activity,
    Declaration,
    DeclarationKind,
    Financer,
    Movement,
    MovementKind,
    Pocket,
    RightsAccount,
    YearlyRun,
)
from rights.services import credit
from tests.accounts.account import photo, signed_in
from tests.accounts.pages import sign_up, text_of
from tests.desk import sign_in
from tests.factories import OfferFactory, StaffFactory, UserFactory, make_nir
from tests.rights.dossiers.steps import settled_and_rated
from tests.test_canary import columns_holding

pytestmark = pytest.mark.django_db

MINE, CLOSE = "/mon-compte/donnees/", "/mon-compte/fermeture/"


def give_rights(titulaire) -> None:
    credit(
        titulaire=titulaire,
        kind=MovementKind.YEARLY_CREDIT,
        pocket=Pocket.CPF,
        amount_cents=110500,
        effective_on=timezone.localdate(),
        source="Déclarations sociales",
        idempotency_key=f"essai-{titulaire.pk}",
    )


def give_every_right(titulaire) -> None:
    """Put something of the person into every table of the rights."""
    staff, today, now = StaffFactory(), timezone.localdate(), timezone.now()
    people.leave_dif_open()
    give_rights(titulaire)
    account = RightsAccount.objects.get(titulaire=titulaire)
    rights.credit_hours(
        titulaire=titulaire,
        hours=10,
        year=2020,
        effective_on=today,
        source="Employeur public",
        legal_basis="essai",
        idempotency_key=f"heures-{titulaire.pk}",
    )
    rights.declare(titulaire=titulaire, kind=DeclarationKind.BOETH, today=today)
    rights.declare_dif(titulaire=titulaire, hours=8, proof=read_proof(photo()), today=today)
    rights.grant_abondement(
        titulaire=titulaire,
        financer=Financer.REGION,
        financer_name="Région Exemple",
        amount_cents=1000,
        today=today,
        idempotency_key=f"abondement-{titulaire.pk}",
        author=staff,
    )
    rights.issue_attestation(account=account, now=now)
    rights.propose_correction(
        account=account,
        pocket=Pocket.CPF,
        amount_cents=200_000,
        reason="Erreur de l’employeur",
        author=staff,
        idempotency_key=f"correction-{titulaire.pk}",
    )
    account.refresh_from_db()
    rights.reserve(account=account, amount_cents=500, reference=f"D{titulaire.pk}", today=today)
    run = YearlyRun.objects.create(year=2021, feed_digest=f"{titulaire.pk}", effective_on=today)
    Activity.objects.create(
        run=run, titulaire=titulaire, status="salarie", started_on=today, ended_on=today, work=1
    )


def full_life(**fields) -> tuple[User, Client]:
    """Return a person of whom every table knows something."""
    user, client = signed_in(UserFactory(**fields))
    give_every_right(user.titulaire)
    services.make_recovery_codes(user=user)
    services.ask_email_change(user=user, new_email="neuve@example.org", now=timezone.now())
    client.post("/mon-compte/etat-civil/", {"birth_name": "Autre", "proof": photo()})
    FranceConnectLink.objects.create(
        user=user,
        issuer="https://fc.invalid",
        sub=f"sub-{user.pk}",
        acr="eidas1",
        last_used_at=timezone.now(),
    )
    limits.hit("reset", ip="192.0.2.1", person=user.titulaire.nir.value)
    keep_something(user)
    TakeOver.objects.create(
        titulaire=user.titulaire,
        way=TakeOverWay.FRANCECONNECT,
        happened_at=timezone.now(),
        account=0,
        signed_up_at=timezone.now(),
    )
    settled_and_rated(user)
    return user, client


def keep_something(user) -> None:
    author = StaffFactory()
    services.write_note(titulaire=user.titulaire, author=author, text="A rappelé : zzcanarinote.")
    services.propose_release(titulaire=user.titulaire, author=author, reason="zzcanarimotif")
    kept = {"name": "Zzcanarirecherche", "query": "quoi=zzcanari", "wants_news": True}
    catalogue.save_search(user=user, today=timezone.localdate(), **kept)
    catalogue.add_favourite(user=user, offer=OfferFactory.build(title="Formation zzcanari"))


def person_models() -> set[str]:
    """Walk the models anew, by their reverse relations: all that a path leads to from a person."""
    found, waiting = {Titulaire, User}, [Titulaire, User]
    while waiting:
        model = waiting.pop()
        for other in apps.get_models(include_auto_created=True):
            for field in other._meta.get_fields():
                leads_here = field.concrete and field.is_relation and field.related_model is model
                if leads_here and field.name not in OF_THE_STAFF and other not in found:
                    found.add(other)
                    waiting.append(other)
    return {model._meta.label for model in found}


def test_every_table_with_a_path_to_the_person_is_in_the_export():
    user, _ = full_life()

    exported = {table.name for table in everything_on(user)}

    staff_only = {"auth.Group", "auth.Permission", "accounts.User_groups"}
    staff_only |= {"accounts.User_user_permissions", "auth.Group_permissions"}
    # of the catalogue
    staff_only |= {"rights.Abondement_certifications", "rights.CorrectionProposal_certifications"}
    assert person_models() - set(NOT_FOLLOWED) - staff_only <= exported
    assert exported >= {"rights.RightsAccount", "rights.Movement", "accounts.RateLimit"}


def test_every_field_is_told_but_the_hidden_ones():
    user, _ = full_life()

    for table in everything_on(user):
        model = apps.get_model(table.name)
        hidden = [f for f in model._meta.fields if f"{table.name}.{f.name}" in HIDDEN]
        assert all(len(row) == len(model._meta.fields) - len(hidden) for row in table.rows)


def test_hidden_fields_exist():
    for label in HIDDEN:
        model, _, name = label.rpartition(".")
        assert apps.get_model(model)._meta.get_field(name)


def test_export_holds_no_row_of_another_person():
    stranger, _ = full_life(email="etrangere@example.org")
    user, _ = full_life()

    text = str(everything_on(user))

    assert "etrangere@example.org" not in text
    assert len(next(t for t in everything_on(user) if t.name == "rights.Attestation").rows) == 1
    assert "etrangere@example.org" in str(everything_on(stranger))


def test_json_is_downloaded_and_traced():
    user, client = full_life(email="moi@example.org")

    response = client.post(f"{MINE}json/")

    assert response.headers["Content-Type"] == "application/json"
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"
    tables = json.loads(response.content)["tables"]
    assert tables["accounts.User"][0]["courriel"] == "moi@example.org"
    assert tables["rights.Movement"][0]["montant"] == "1105,00\u00a0€"
    assert AccountEvent.objects.filter(user=user, kind="data_downloaded", detail="JSON").exists()
    nir = user.titulaire.nir
    assert nir.value not in response.content.decode()
    assert user.password not in response.content.decode()


def test_html_is_downloaded_and_reads_alone():
    _, client = full_life(email="moi@example.org")

    page = text_of(client.post(f"{MINE}html/"))

    assert "moi@example.org" in page
    assert "1105,00\u00a0€" in page
    assert "src=" not in page


def test_download_is_for_a_fresh_password_by_post(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    _, client = signed_in()
    assert client.get(f"{MINE}json/").status_code == 405
    assert client.post(f"{MINE}exe/").status_code == 404
    time_machine.shift(601)

    assert client.post(f"{MINE}json/").headers["Location"].startswith("/mon-compte/verification/")
    assert client.post(CLOSE, {"is_sure": "on"}).status_code == 302
    assert User.objects.exists()


def test_staff_have_nothing_to_download(sasha):
    client = Client()
    sign_in(client, sasha)

    assert client.get(MINE).status_code == 404
    assert client.get(CLOSE).status_code == 404


CANARY = {
    "titulaire__birth_name": "Zzcanarinom",
    "email": "zzcanari@example.org",
    "phone_landline": "+33199000001",
    "address_street": "7 impasse Zzcanari",
    "postcode": "99123",
    "city": "Zzcanariville",
}
SPELLINGS = [*CANARY.values(), "zzcanari"]


def test_closed_account_leaves_no_canary_but_the_ledger(
    var_dir, django_capture_on_commit_callbacks
):
    user, client = full_life(**CANARY)
    nir = user.titulaire.nir
    ledger = list(Movement.objects.order_by("pk").values())
    assert columns_holding(SPELLINGS)
    assert list((var_dir / "pieces").iterdir())

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(CLOSE, {"is_sure": "on"})

    assert response.headers["Location"] == "/"
    assert client.get("/mon-compte/").status_code == 302
    for pk in OutgoingMail.objects.pending().values_list("pk", flat=True):
        emails.deliver(pk)  # the mail that tells it is the last to know the address
    assert columns_holding([*SPELLINGS, nir.value]) == set()
    for folder in ("identites", "pieces"):
        assert list((var_dir / folder).iterdir()) == []
    for model in (
        AccountEvent,
        SupportRequest,
        StoredSession,
        FranceConnectLink,
        Declaration,
        SavedSearch,
        Favourite,
    ):
        assert not model.objects.exists()
    assert not User.objects.filter(is_staff=False).exists()
    assert RightsAccount.objects.exists()
    assert list(Movement.objects.order_by("pk").values()) == ledger != []


def test_closed_account_is_told_by_mail(mailoutbox):
    user, client = signed_in()

    client.post(CLOSE, {"is_sure": "on"})
    for pk in OutgoingMail.objects.pending().values_list("pk", flat=True):
        emails.deliver(pk)

    (message,) = [m for m in mailoutbox if m.to == [user.email]]
    assert message.subject == "Votre compte est fermé"


def test_identity_without_rights_goes_with_the_account():
    user, client = signed_in()

    client.post(CLOSE, {"is_sure": "on"})

    assert not Titulaire.objects.filter(pk=user.titulaire.pk).exists()


def test_person_who_comes_back_finds_her_rights():
    user = UserFactory(titulaire__birth_name="Lefèvre")
    nir = user.titulaire.nir
    give_rights(user.titulaire)
    closing.close(user=user, now=timezone.now())
    assert Titulaire.objects.get().masked_nir == "effacé"
    assert sign_up(Client(), nir, birth_name="Martin").status_code == 422

    assert sign_up(Client(), nir, birth_name="LEFEVRE").status_code == 302

    titulaire = Titulaire.objects.get()
    assert (titulaire.nir, titulaire.birth_name, titulaire.closed_at) == (nir, "LEFEVRE", None)
    assert RightsAccount.objects.get().titulaire == titulaire


def test_register_still_knows_a_closed_person(tmp_path):
    nir = make_nir()
    path = tmp_path / "droits.csv"
    path.write_text(
        "nir;nom_naissance;annee;nature;montant;origine\n"
        f"{nir.value};LEFEVRE;2021;alimentation;500,00;Société Essai\n"
    )
    user = UserFactory(titulaire__nir=nir, titulaire__birth_name="Lefèvre")
    give_rights(user.titulaire)
    closing.close(user=user, now=timezone.now())

    call_command("import_rights", str(path), stdout=StringIO())

    assert RightsAccount.objects.get().cpf_cents == 110500 + 50000
    assert Titulaire.objects.get().masked_nir == "effacé"


def test_closing_needs_the_box():
    _, client = signed_in()

    response = client.post(CLOSE, {})

    assert response.status_code == 422
    assert "Cochez la case pour fermer votre compte." in text_of(response)
    assert User.objects.exists()


def test_admin_shows_a_closed_person(client, sasha, open_files):
    user = UserFactory()
    give_rights(user.titulaire)
    closing.close(user=user, now=timezone.now())
    client.force_login(sasha)

    page = client.get(f"/admin/accounts/titulaire/{user.titulaire.pk}/change/")

    assert page.status_code == 200
    assert "effacé" in text_of(page)


def test_columns_are_read_after_the_writes():
    """The positive twin of the canary: what stands in a file of the table is found."""
    UserFactory(city="Zzcanariville")

    assert columns_holding(["Zzcanariville"]) == {"accounts_user.city"}


def test_request_of_somebody_who_typed_her_number_is_neither_told_nor_erased(var_dir):
    user = UserFactory()
    services.ask_support(
        kind=SupportKind.NIR_TAKEN,
        nir=user.titulaire.nir,
        birth_name="Zzcanariplainte",
        contact_email="zzcanari-plainte@example.org",
        proof=read_proof(photo()),
    )

    told = str(everything_on(user))
    closing.close(user=user, now=timezone.now())

    assert "zzcanari" not in told.lower()
    left = SupportRequest.objects.get()
    assert (var_dir / "identites" / left.proof_name).exists()
