import re
from collections import Counter

import pytest
from captcha.models import CaptchaStore
from django import forms
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.captcha import challenges
from accounts.captcha.fields import ImageCaptchaField, too_many_sentence
from accounts.captcha.objects import OBJECTS
from accounts.session_store import SessionStore
from cpf_portal.ui.errors import TooManyRequests
from tests.accounts.captcha.helpers import key_in, right_answer, solve, wrong_choice

REFUSED = {
    "required": "Cliquez sur l’image demandée ou saisissez les chiffres de la version sonore.",
    "wrong": "Ce n’était pas la bonne réponse. Répondez au nouveau contrôle de sécurité.",
    "digits": "Saisissez les 5 chiffres de la version sonore, de 0 à 9, par exemple 40719. "
    "Répondez au nouveau contrôle de sécurité.",
    "stale": "Le contrôle de sécurité a expiré ou a déjà servi. "
    "Répondez au nouveau contrôle de sécurité.",
}


class CaptchaForm(forms.Form):
    captcha = ImageCaptchaField()

    def __init__(self, *args, session, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["captcha"].bind(session, ip="192.0.2.1")


@pytest.fixture
def session(db):
    return SessionStore()


@pytest.fixture
def shown(session):
    """A form that shows a challenge of the session."""
    form = CaptchaForm(session=session)
    assert form.fields["captcha"].renew()
    return form


def answered(session, data) -> CaptchaForm:
    form = CaptchaForm(data, session=session)
    form.is_valid()
    return form


def errors_of(session, data) -> list[str]:
    return answered(session, data).errors.get("captcha", [])


def test_right_picture_is_accepted_and_cleans_to_the_key(session, shown):
    form = answered(session, solve(shown))

    assert form.cleaned_data == {"captcha": key_in(shown)}


def test_right_digits_are_accepted(session, shown):
    assert errors_of(session, solve(shown, by_ear=True)) == []


@pytest.mark.parametrize("separator", [" ", "  ", "\u00a0", "-", ".", ", "])
def test_right_digits_are_accepted_with_spaces_and_separators(session, shown, separator):
    data = solve(shown, by_ear=True)
    data["captcha_2"] = f" {separator.join(data['captcha_2'])} "

    assert errors_of(session, data) == []


def test_right_picture_is_accepted_with_wrong_digits(session, shown):
    assert errors_of(session, {**solve(shown), "captcha_2": "x"}) == []


def test_wrong_picture_is_refused_and_uses_the_challenge_up(session, shown):
    right = solve(shown)

    wrong = {**right, "captcha_1": wrong_choice(key_in(shown))}

    assert errors_of(session, wrong) == [REFUSED["wrong"]]
    assert errors_of(session, right) == [REFUSED["stale"]]


def test_right_answer_is_refused_the_second_time(session, shown):
    data = solve(shown)

    assert errors_of(session, data) == []
    assert errors_of(session, data) == [REFUSED["stale"]]


def test_wrong_digits_are_refused(session, shown):
    data = solve(shown, by_ear=True)
    data["captcha_2"] = str((int(data["captcha_2"]) + 1) % 100_000).zfill(5)

    assert errors_of(session, data) == [REFUSED["wrong"]]


@pytest.mark.parametrize("zero", ["０", "٠", "०"])
def test_digits_of_another_script_are_refused_politely(session, shown, zero):
    data = solve(shown, by_ear=True)
    data["captcha_2"] = "".join(chr(ord(zero) + int(digit)) for digit in data["captcha_2"])

    assert errors_of(session, data) == [REFUSED["digits"]]


@pytest.mark.parametrize("digits", ["1234", "123456", "quatre", "\0", "9" * 200_000])
def test_misspelt_digits_are_refused_politely(session, shown, digits):
    data = {**solve(shown, by_ear=True), "captcha_2": digits}

    assert errors_of(session, data) == [REFUSED["digits"]]


@pytest.mark.parametrize("choice", ["5", "-1", "²", "٣", "1 OR 1", "\0", "x" * 200_000, "PASSED"])
def test_invented_choice_is_refused(session, shown, choice):
    assert errors_of(session, {**solve(shown), "captcha_1": choice}) == [REFUSED["wrong"]]


def test_missing_answer_is_refused_and_uses_the_challenge_up(session, shown):
    data = {**solve(shown), "captcha_1": "", "captcha_2": " "}

    assert errors_of(session, data) == [REFUSED["required"]]
    assert not CaptchaStore.objects.exists()


def test_empty_post_is_refused(session, shown):
    assert errors_of(session, {}) == [REFUSED["required"]]


def test_foreign_session_is_refused_and_leaves_the_challenge(session, shown):
    data = solve(shown)

    assert errors_of(SessionStore(), data) == [REFUSED["stale"]]
    assert errors_of(session, data) == []


@pytest.mark.parametrize("key", ["", "0" * 40, "\0", "é", "x" * 200_000])
def test_invented_key_is_refused(session, shown, key):
    assert errors_of(session, {**solve(shown), "captcha_0": key}) == [REFUSED["stale"]]


def test_expired_challenge_is_refused(session, shown):
    data = solve(shown)
    CaptchaStore.objects.update(expiration=timezone.now())

    assert errors_of(session, data) == [REFUSED["stale"]]


def test_answer_of_the_package_test_mode_is_refused(session, shown):
    data = {"captcha_0": key_in(shown), "captcha_1": "PASSED", "captcha_2": "PASSED"}

    assert errors_of(session, data) == [REFUSED["wrong"]]


def test_two_tabs_can_both_be_answered(session, shown):
    other = CaptchaForm(session=session)
    other.fields["captcha"].renew()

    assert errors_of(session, solve(shown)) == []
    assert errors_of(session, solve(other)) == []


def test_renew_says_how_long_to_wait_when_limited(session, monkeypatch):
    def refuse(*args, **kwargs):
        raise TooManyRequests(130)

    monkeypatch.setattr(challenges.limits, "hit", refuse)
    form = CaptchaForm(session=session)

    assert form.fields["captcha"].renew() is False
    assert form.fields["captcha"].retry_after == 130
    page = rendered(form)
    assert "Patientez 3 minutes" in page
    assert 'name="captcha_renew"' in page
    assert "<img" not in page


@pytest.mark.parametrize(
    ("seconds", "wait"), [(1, "1 minute,"), (60, "1 minute,"), (61, "2 minutes,")]
)
def test_too_many_sentence_counts_in_minutes(seconds, wait):
    assert wait in too_many_sentence(seconds)


# The markup


def rendered(form) -> str:
    """The form as the page shows it, with its white space squeezed."""
    page = render_to_string("portal/uni_form.html", {"form": form, "form_show_errors": True})
    return " ".join(page.split())


def test_widget_asks_for_the_word_in_a_named_group(shown):
    page = rendered(shown)

    assert '<fieldset id="id_captcha_group"' in page
    assert re.search(r"<legend>Contrôle de sécurité ?</legend>", page)
    word = shown.fields["captcha"].widget.challenge.word
    assert f"Cliquez sur l’image <strong data-portal-captcha-word>{word}</strong>" in page


def test_widget_names_its_five_pictures_without_the_answer(shown):
    page = rendered(shown)
    challenge = shown.fields["captcha"].widget.challenge

    alts = re.findall(r'<img[^>]* alt="([^"]*)" width="80" height="80"', page)
    assert alts == [f"Image {n} sur 5" for n in range(1, 6)]
    values = re.findall(r'type="radio" name="captcha_1" value="(\d)"', page)
    assert values == list("01234")
    captions = dict(re.findall(r'<span id="([^"]+)">(Image \d)</span>', page))
    labelled = re.findall(r'aria-labelledby="(id_captcha_1_\d_caption)"', page)
    assert [captions[name] for name in labelled] == [f"Image {n}" for n in range(1, 6)]
    assert "checked" not in page
    assert challenge.digits not in page.replace(challenge.key, "")
    others = {name for _, name in OBJECTS} - {challenge.word}
    assert [name for name in others if f">{name}<" in page] == []
    assert not re.search("|".join(f"{slug}\\b" for slug, _ in OBJECTS if "-" in slug), page)


def test_widget_has_unique_ids_and_labels(shown):
    page = rendered(shown)

    ids = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert [name for name, n in ids.items() if n > 1] == []
    for reference in re.findall(r'(?:for|aria-labelledby|aria-describedby)="([^"]+)"', page):
        assert set(reference.split()) <= set(ids)
    assert '<label for="id_captcha_2">Chiffres entendus</label>' in page


def test_widget_hides_no_autocomplete_in_its_key(shown):
    hidden = re.search(r'<input type="hidden"[^>]*>', rendered(shown))[0]

    assert "autocomplete" not in hidden


def test_widget_renewal_needs_neither_script_nor_valid_fields(shown):
    button = re.search(r'<button[^>]*name="captcha_renew"[^>]*>', rendered(shown))[0]

    assert 'type="submit"' in button
    assert 'value="1"' in button
    assert "formnovalidate" in button


def test_enter_key_does_not_press_the_renewal(shown):
    """The first button of a form is the one that Enter presses."""
    first = re.search(r"<button[^>]*>", rendered(shown))[0]

    assert "captcha_renew" not in first
    assert 'type="submit"' in first


def test_widget_after_an_error_shows_another_challenge_and_points_to_the_error(session, shown):
    wrong = {**solve(shown), "captcha_1": wrong_choice(key_in(shown)), "captcha_2": "11111"}
    form = answered(session, wrong)
    form.fields["captcha"].renew()

    page = rendered(form)

    assert key_in(page) != key_in(shown)
    assert right_answer(key_in(page))
    assert 'href="#id_captcha_group"' in page
    assert '<div id="id_captcha_error">' in page
    assert page.count('aria-describedby="id_captcha_error"') == 2  # fieldset and pictures
    assert 'aria-describedby="id_captcha_2_helptext id_captcha_error" aria-invalid="true"' in page
    assert "11111" not in page
    assert "checked" not in page


def test_widget_without_a_challenge_offers_the_renewal(session):
    page = rendered(CaptchaForm(session=session))

    assert "Renouvelez le contrôle de sécurité pour afficher les images." in page
    assert 'name="captcha_renew"' in page
