"""After a take-over nothing of the former account is the holder's: table by table."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import emails, services
from accounts.audit import AuditKind
from accounts.exceptions import DecisionImpossible
from accounts.franceconnect.identity import Identity
from accounts.models import (
    AccountEvent,
    AuditEvent,
    EventKind,
    IdentityLevel,
    NirRelease,
    OutgoingMail,
    SupportRequest,
    TakeOver,
    Titulaire,
    User,
)
from accounts.models.support import SupportDecision, SupportKind
from accounts.services import Contact
from accounts.services.franceconnect import take_over
from cpf_portal.demo import people
from cpf_portal.personal_data.export import NOT_FOLLOWED, everything_on
from cpf_portal.ui.proofs import read_proof
from rights import services as rights
from rights.dossiers.actors import Actor
from rights.dossiers.exceptions import StepRefused
from rights.dossiers.states import Action, State
from rights.models import (
    Declaration,
    DeclarationKind,
    DifDeclaration,
    DifState,
    Dossier,
    Movement,
    MovementKind,
    RightsAccount,
)
from tests.accounts.account import photo
from tests.accounts.pages import text_of
from tests.cpf_portal.test_personal_data import full_life, give_rights, person_models
from tests.desk import open_file
from tests.factories import StaffFactory, UserFactory, make_nir
from tests.rights.dossiers.steps import (
    NOW,
    PRICE,
    PROVIDER,
    STARTS_ON,
    at_noon,
    bring_to,
    do,
    draft,
    make_session,
    send,
)
from tests.test_canary import columns_holding

pytestmark = pytest.mark.django_db

GONE, HERS, KEPT = "nothing is left", "new rows only", "of the register or of the ledger"
# A new table with a path to a person must say here what a take-over does to it.
DECISIONS = {
    "accounts.Titulaire": KEPT,  # verified now; the level of diploma is asked again
    "accounts.User": HERS,
    "accounts.AccountEvent": HERS,
    "accounts.AccountSession": GONE,
    "accounts.EmailChange": GONE,
    "accounts.FranceConnectLink": HERS,
    "accounts.NirRelease": GONE,
    "accounts.OutgoingMail": HERS,
    "accounts.RecoveryCode": GONE,
    "accounts.SupportNote": GONE,
    "accounts.SupportRequest": HERS,  # the support is asked to look, where rights were used
    "accounts.TakeOver": KEPT,
    "catalogue.Favourite": GONE,
    "catalogue.SavedSearch": GONE,
    "rights.Abondement": KEPT,
    "rights.Activity": KEPT,
    "rights.Attestation": KEPT,
    "rights.CorrectionProposal": KEPT,
    "rights.Declaration": GONE,
    "rights.DifDeclaration": KEPT,  # refused, with the reason, without its proof
    "rights.Dossier": KEPT,  # those that were sent: closed, or left to the support
    "rights.DossierEvent": KEPT,  # without the words of the former account
    "rights.HoursMovement": KEPT,
    "rights.Movement": KEPT,
    "rights.Payment": KEPT,
    "rights.Rating": KEPT,
    "rights.Reservation": KEPT,
    "rights.RightsAccount": KEPT,
}
STAFF_ONLY = {
    "auth.Group", "auth.Permission", "auth.Group_permissions", "accounts.User_groups",
    "accounts.User_user_permissions", "rights.Abondement_certifications",
    "rights.CorrectionProposal_certifications",
}  # fmt: skip
SQUATTER = {
    "email": "zzsquatteur@example.org",
    "phone_landline": "+33199000001",
    "address_street": "7 impasse Zzsquat",
    "postcode": "99123",
    "city": "Zzsquatville",
}


def identity_of(titulaire) -> Identity:
    return Identity(
        issuer="https://fc.invalid", sub="sub-nouveau", acr="eidas1", birth_name=titulaire.birth_name,
        given_names="Camille", usage_name="", sex="F", birthdate="1985-05-12", birthplace="",
        birthcountry="99998", email="camille@example.org",
    )  # fmt: skip


def taken_over(squatter) -> User:
    return take_over(
        identity=identity_of(squatter.titulaire),
        nir=squatter.titulaire.nir,
        contact=Contact(email="camille@example.org", phone_mobile="+33639980001"),
    )


def keys_by_table(user) -> dict[str, set]:
    return {table.name: {row[0][1] for row in table.rows} for table in everything_on(user)}


def test_every_table_with_a_path_to_a_person_has_its_decision():
    assert set(DECISIONS) == person_models() - set(NOT_FOLLOWED) - STAFF_ONLY


def test_nothing_of_the_former_account_is_hers(var_dir, django_capture_on_commit_callbacks):
    squatter, jar = full_life(**SQUATTER)
    nir = squatter.titulaire.nir
    before, ledger = keys_by_table(squatter), list(Movement.objects.order_by("pk").values())
    assert columns_holding(SQUATTER.values())

    with django_capture_on_commit_callbacks(execute=True):
        holder = taken_over(squatter)

    after = keys_by_table(holder)
    wrong = {
        table
        for table, decision in DECISIONS.items()
        for left in [before.get(table, set()) & after.get(table, set())]
        if (decision == GONE and after.get(table))
        or (decision == HERS and left)
        or (decision == KEPT and left != before.get(table, set()))
    }
    assert wrong == set()
    # of the sealed trail she reads her own lines alone, though the number is the same
    trail = AuditEvent.objects.filter(position__in=after["accounts.AuditEvent"]).values_list("kind")
    assert set(trail) == {(AuditKind.TAKEN_OVER,), (AuditKind.FROZEN,)}
    assert before["accounts.AuditEvent"]
    assert jar.get("/mon-compte/").status_code == 302
    for pk in OutgoingMail.objects.pending().values_list("pk", flat=True):
        emails.deliver(pk)  # the notice to the former address is the last to know it
    assert columns_holding([*SQUATTER.values(), nir.value, "zzcanari", "zzsquat"]) == set()
    for folder in ("identites", "pieces"):
        assert list((var_dir / folder).iterdir()) == []
    told = str(everything_on(holder)).lower()
    assert [
        word for word in ("firefox", "zzsquat", "zzcanari", "connexion d’un") if word in told
    ] == []
    assert list(Movement.objects.order_by("pk").values())[: len(ledger)] == ledger


def test_holder_reads_her_own_history_and_what_was_taken_back():
    squatter = UserFactory(titulaire__diploma_level=2)
    services.record(user=squatter, kind=EventKind.SIGNED_IN, detail="Firefox")
    give_rights(squatter.titulaire)
    people.leave_dif_open()
    today = timezone.localdate()
    titulaire = squatter.titulaire
    rights.declare(titulaire=titulaire, kind=DeclarationKind.BOETH, today=today)
    rights.declare_dif(titulaire=titulaire, hours=8, proof=read_proof(photo()), today=today)

    holder = taken_over(squatter)

    (line,) = AccountEvent.objects.of(holder)
    assert line.kind == EventKind.TAKEN_OVER
    assert line.detail == "déclarations retirées\u00a0: 1, DIF repris\u00a0: 120,00\u00a0€"
    account = RightsAccount.objects.get()
    assert (account.cpf_cents, account.dif_cents) == (110500, 0)
    withdrawal = Movement.objects.get(kind=MovementKind.DIF_WITHDRAWAL)
    assert "déclarez-les de nouveau" in withdrawal.reason
    assert DifDeclaration.objects.get().state == DifState.REFUSED
    assert not Declaration.objects.exists()
    assert (holder.titulaire.identity_level, holder.titulaire.diploma_level) == (
        IdentityLevel.VERIFIED,
        None,
    )
    assert not holder.spending_frozen_at  # nothing was used: she waits 72 hours, no more
    assert not holder.has_settled_email(timezone.now())
    assert holder.has_settled_email(timezone.now() + timedelta(hours=73))
    rights.declare_dif(titulaire=titulaire, hours=8, proof=read_proof(photo()), today=today)


def test_accepted_hours_stay_and_are_examined_again():
    squatter = UserFactory()
    people.leave_dif_open()
    declaration = rights.declare_dif(
        titulaire=squatter.titulaire, hours=8, proof=read_proof(photo()), today=timezone.localdate()
    )
    rights.accept_dif(declaration=declaration, author=StaffFactory())

    taken_over(squatter)

    declaration.refresh_from_db()
    assert (declaration.state, declaration.decided_by) == (DifState.TO_EXAMINE, None)
    assert RightsAccount.objects.get().dif_cents == 12000


def test_request_is_cancelled_and_its_rights_come_back(time_machine):
    time_machine.move_to(NOW, tick=False)
    dossier = send(draft())
    reserved = RightsAccount.objects.get().cpf_cents
    draft(dossier.user, make_session())

    holder = taken_over(dossier.user)

    (left,) = Dossier.objects.all()
    assert left.state == State.REQUEST_CANCELLED
    assert RightsAccount.objects.get().cpf_cents == reserved + left.rights_cents
    assert TakeOver.objects.get().requests_cancelled == 1
    assert not holder.spending_frozen_at


def test_agreed_training_waits_for_the_support_and_nobody_is_paid():
    dossier = bring_to(State.VALIDATED)

    holder = taken_over(dossier.user)

    dossier.refresh_from_db()
    assert dossier.state == State.VALIDATED
    assert TakeOver.objects.get().enrolments_left == 1
    assert holder.spending_frozen_at
    asked = SupportRequest.objects.get()
    assert (asked.kind, asked.contact_email) == (SupportKind.NOT_ME, "camille@example.org")


def test_rights_that_were_spent_are_told_and_no_more_are():
    dossier = bring_to(State.SETTLED)

    holder = taken_over(dossier.user)

    trace = TakeOver.objects.get()
    assert (trace.rights_spent_cents, trace.enrolments_left) == (PRICE, 0)
    assert holder.spending_frozen_at
    assert "droits dépensés avant" in AccountEvent.objects.get(kind=EventKind.TAKEN_OVER).detail


def test_freeze_of_the_former_account_outlives_it():
    squatter = UserFactory()
    services.freeze_spending(user=squatter, now=timezone.now())

    assert taken_over(squatter).spending_frozen_at


def test_request_of_before_does_nothing_to_the_account_of_after():
    squatter = UserFactory()
    asked = services.ask_support(
        kind=SupportKind.LOST_EMAIL, nir=squatter.titulaire.nir, contact_email="z@example.org"
    )
    holder = taken_over(squatter)
    asked.refresh_from_db()

    with pytest.raises(DecisionImpossible):
        services.decide(
            request=asked,
            decision=SupportDecision.NEW_EMAIL,
            answer="Oui.",
            author=StaffFactory(),
            now=timezone.now(),
        )
    assert not hasattr(holder, "email_change")


def transfer(squatter, author) -> SupportRequest:
    asked = SupportRequest.objects.create(
        kind=SupportKind.NIR_TAKEN, titulaire=squatter.titulaire, contact_email="vrai@example.org"
    )
    NirRelease.objects.create(
        titulaire=squatter.titulaire, proposed_by=StaffFactory(), reason="pièce d’une autre"
    )
    services.decide(
        request=asked,
        decision=SupportDecision.TRANSFER,
        answer="C’est fait.",
        author=author,
        now=timezone.now(),
    )
    return asked


def test_transfer_by_the_support_leaves_its_trace_and_nothing_declared():
    squatter, agent = UserFactory(), StaffFactory()
    give_rights(squatter.titulaire)
    rights.declare(
        titulaire=squatter.titulaire, kind=DeclarationKind.BOETH, today=timezone.localdate()
    )

    asked = transfer(squatter, agent)

    line = AuditEvent.objects.get(kind=AuditKind.REQUEST_ANSWERED)
    assert (line.person_pk, line.facts["decision"]) == (squatter.pk, "transfer")
    trace = TakeOver.objects.get()
    assert (trace.account, trace.author, trace.request) == (squatter.pk, agent, asked)
    assert (trace.titulaire, trace.declarations) == (squatter.titulaire, 1)
    assert not Declaration.objects.exists()


def test_training_whose_account_has_gone_pays_nobody_and_the_support_ends_it():
    dossier, late = bring_to(State.FINISHED), at_noon(STARTS_ON)
    dossier.user.delete()
    first, second = (Actor.staff(StaffFactory()) for _ in range(2))

    with pytest.raises(StepRefused, match="attend sa décision"):
        do(dossier, Action.DECLARE_SERVICE, late, PROVIDER)
    do(dossier, Action.REPORT_FRAUD, late, first, reason="Inscrite à son insu.")
    do(dossier, Action.CANCEL_FOR_FRAUD, late, second, reason="Usurpation établie.")

    account = RightsAccount.objects.get()
    assert (account.available_cents, account.reserved_cents) == (2_000_00, 0)


def test_trace_outlives_an_identity_that_nothing_protects():
    squatter = UserFactory()

    asked = transfer(squatter, StaffFactory())

    assert not Titulaire.objects.exists()
    assert TakeOver.objects.get().request == asked
    assert TakeOver.objects.get().titulaire is None


def test_number_is_not_taken_from_an_account_whose_training_is_agreed():
    dossier = bring_to(State.VALIDATED)

    with pytest.raises(DecisionImpossible, match="dossier de formation de ce compte est en cours"):
        transfer(dossier.user, StaffFactory())

    assert User.objects.filter(pk=dossier.user_id).exists()
    assert not TakeOver.objects.exists()


def test_support_has_a_queue_of_what_nobody_has_seen(client, sasha, open_files):
    older, newer = taken_over(UserFactory()), None
    newer = UserFactory(titulaire__nir=make_nir())
    TakeOver.objects.update(happened_at=timezone.now() - timedelta(days=2))
    transfer(newer, sasha)
    assert [row.titulaire for row in services.pending_takeovers()] == [older.titulaire, None]
    client.force_login(sasha)
    queue = "/admin/accounts/takeover/?vue=non"

    page = text_of(client.get(queue))
    assert "2\u00a0jours" in page
    assert reverse("admin:desk_file", args=[older.titulaire.pk]) in page
    oldest = services.pending_takeovers().first()
    open_file(client, older)
    assert client.get(f"/admin/accounts/takeover/{oldest.pk}/change/").status_code == 200
    client.post(queue, {"action": "see", "_selected_action": [oldest.pk]})

    oldest.refresh_from_db()
    assert oldest.seen_by == sasha
    assert services.pending_takeovers().count() == 1
    assert not services.see_takeover(takeover=oldest, author=sasha, now=timezone.now())


def test_queue_is_for_staff_who_may(client):
    taken_over(UserFactory())
    client.force_login(StaffFactory())

    assert client.get("/admin/accounts/takeover/").status_code == 403
