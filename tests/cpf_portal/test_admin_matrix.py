"""Every page and action of the administration, for each role: frozen in admin_pages.csv."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django.urls import URLPattern, reverse

from accounts.exceptions import OwnAccount
from accounts.models import StaffMember, User
from accounts.roles import PERMISSIONS, Role
from tests.desk import device_of, sign_in
from tests.factories import OfferFactory, StaffFactory, TitulaireFactory, UserFactory
from tests.frozen import check_frozen

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).parent / "admin_pages.csv"
NOBODY = "0"  # no row has this key: who may not look is refused before it is looked for
# for whoever is signed in, whatever her role; history says 302 of a missing row before it refuses
EVERYBODY = {
    "index", "login", "logout", "code", "recovery", "enrol", "second_factor", "own_number",
    "password_change",
    "password_change_done", "autocomplete", "jsi18n", "view_on_site", "app_list",
}  # fmt: skip


def walk(patterns, prefix: str = "") -> Iterator[URLPattern]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern.url_patterns)
        elif (
            pattern.name and pattern.name not in EVERYBODY and not pattern.name.endswith("_history")
        ):
            yield pattern


def requests_of(user: User, pattern: URLPattern):
    """A GET and a forged, empty POST of this page by `user`, as they pass the middleware."""
    names = pattern.pattern.converters
    arguments = dict.fromkeys(names, NOBODY)
    for method in ("get", "post"):
        request = getattr(RequestFactory(), method)("/admin/")
        request.user, request.session = user, SessionStore()
        request._messages = FallbackStorage(request)
        request._dont_enforce_csrf_checks = True
        yield method.upper(), request, arguments


def answer(pattern: URLPattern, request, arguments) -> str:
    """« oui », or nothing when it is refused; a failure fails the test."""
    try:
        status = pattern.callback(request, **arguments).status_code
    except PermissionDenied:
        return ""
    except (Http404, OwnAccount):
        return "oui"
    assert status < 500
    return "" if status == 403 else "oui"


def agents() -> list[User]:
    people = [StaffFactory(roles=[role]) for role in Role]
    for user in people:
        user.otp_device = device_of(user)
    return people


def page_lines() -> Iterator[str]:
    staff = agents()
    for pattern in walk(admin.site.get_urls()):
        answers: dict[str, list[str]] = {}
        for user in staff:
            for method, request, arguments in requests_of(user, pattern):
                answers.setdefault(method, []).append(answer(pattern, request, arguments))
        for method, said in answers.items():
            yield ",".join((f"{method} {pattern.name}", *said))


def action_lines() -> Iterator[str]:
    """The actions on the rows that are ticked in a list."""
    staff = agents()
    for model, owner in admin.site._registry.items():
        offered = []
        for user in staff:
            request = RequestFactory().get("/admin/")
            request.user = user
            offered.append(set(owner.get_actions(request)))
        for name in sorted(set().union(*offered)):
            said = ["oui" if name in names else "" for names in offered]
            yield ",".join((f"action {model._meta.label_lower} {name}", *said))


@pytest.mark.slow  # 1,400 answers, called without the middleware
def test_pages_and_actions_of_each_role_are_those_that_were_agreed():
    header = ",".join(("page", *Role))

    check_frozen(TABLE, [header, *page_lines(), *action_lines()])


@pytest.mark.parametrize("role", Role)
def test_home_shows_each_role_its_own_models(client, role):
    sign_in(client, StaffFactory(roles=[role]))

    page = client.get(reverse("admin:index"))

    shown = {
        (app["app_label"], model["object_name"].lower())
        for app in page.context["app_list"]
        for model in app["models"]
    }
    viewed = {tuple(label.split(".view_")) for label in PERMISSIONS[role] if ".view_" in label}
    assert page.status_code == 200
    assert shown - {("accounts", "staffmember")} <= viewed
    assert (("accounts", "staffmember") in shown) is (role == Role.SECURITY)


@pytest.mark.parametrize(
    ("role", "make", "is_seen"),
    [
        (Role.CATALOGUE, TitulaireFactory, False),
        (Role.SECURITY, OfferFactory, False),
        (Role.READING, OfferFactory, True),
        (Role.CATALOGUE, OfferFactory, True),
    ],
)
@pytest.mark.parametrize("page", ["history", "change"])
def test_rows_that_exist_are_refused_as_those_that_do_not(client, role, make, is_seen, page):
    sign_in(client, StaffFactory(roles=[role]))
    meta = make._meta.model._meta
    row = make()

    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[row.pk])

    assert client.get(url).status_code == (200 if is_seen else 403)


def test_file_of_a_person_is_refused_before_a_reason_is_asked(client):
    sign_in(client, StaffFactory(roles=[Role.CATALOGUE]))
    user = UserFactory()

    for name, pk in (("user", user.pk), ("titulaire", user.titulaire.pk)):
        url = reverse(f"admin:accounts_{name}_change", args=[pk])
        assert client.get(url).status_code == 403
        assert client.post(url, {"is_active": ""}).status_code == 403


def test_account_without_role_sees_nothing(client):
    sign_in(client, StaffFactory())

    assert client.get(reverse("admin:accounts_titulaire_changelist")).status_code == 403
    assert StaffMember.objects.count() == 1
