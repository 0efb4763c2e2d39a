"""The template pack `portal`: what a form made of it says to a browser and to a screen reader."""

import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Div, Field, Fieldset, Hidden, Layout, Submit
from django import forms
from django.template import Context, Template
from django.utils.safestring import mark_safe
from pytest_django.asserts import assertInHTML

from cpf_portal.ui.forms import PortalForm

ATTACK = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"


class ExampleForm(PortalForm, forms.Form):
    birth_name = forms.CharField(
        label="Nom de naissance",
        help_text="Sans votre prénom.",
        error_messages={"required": "Saisissez votre nom de naissance."},
    )
    format = forms.ChoiceField(
        label="Format",
        help_text="Un seul.",
        choices=[("centre", "En centre"), ("distance", "À distance")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un format."},
    )
    phone = forms.CharField(label="Téléphone fixe", required=False)
    terms = forms.BooleanField(
        label=mark_safe('J’accepte <a href="/cgu/">les conditions</a>'),
        error_messages={"required": "Cochez la case pour continuer."},
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)


VALID = {"birth_name": "Durand", "format": "centre", "terms": "on"}


def render(form):
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


def render_laid_out(form, *fields, **attrs):
    helper = FormHelper()
    helper.layout = Layout(*fields)
    for name, value in attrs.items():
        setattr(helper, name, value)
    template = Template("{% load crispy_forms_tags %}{% crispy form helper %}")
    return template.render(Context({"form": form, "helper": helper, "csrf_token": "jeton"}))


def form_of(**fields):
    return type("OneOffForm", (PortalForm, forms.Form), fields)


def positions(html, *parts):
    return [html.index(part) for part in parts]


def test_field_comes_as_label_hint_error_input():
    html = render(ExampleForm({**VALID, "birth_name": ""}))
    html = html[html.index("div_id_birth_name") :]

    order = positions(
        html,
        '<label for="id_birth_name">Nom de naissance',
        'id="id_birth_name_helptext"',
        'id="id_birth_name_error"',
        '<input type="text"',
    )
    assert order == sorted(order)


@pytest.mark.parametrize("data", [None, {}, VALID])
def test_every_description_points_to_an_id_that_exists(data):
    html = render(ExampleForm(data))

    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split()
    assert "id_birth_name_helptext" in described
    assert set(described) <= set(re.findall(r'\sid="([^"]+)"', html))


def test_a_field_in_error_is_marked_and_described_by_its_error():
    html = render(ExampleForm({**VALID, "birth_name": ""}))

    assert html.count("p-field--error") == 1
    assertInHTML(
        '<input type="text" name="birth_name" aria-invalid="true" id="id_birth_name"'
        ' aria-describedby="id_birth_name_helptext id_birth_name_error">',
        html,
    )


def test_only_optional_fields_carry_a_mark():
    html = render(ExampleForm())

    assert html.count("(facultatif)") == 1
    assert re.search(r"Téléphone fixe\s*<span class=\"opt\">\(facultatif\)", html)
    assert "required" not in html


def test_radios_lie_in_a_described_fieldset():
    html = render(ExampleForm({**VALID, "format": ""}))

    fieldset = html[html.index('<fieldset id="id_format_group"') : html.index("</fieldset>")]
    assert 'aria-describedby="id_format_helptext id_format_error"' in fieldset
    assert re.search(r"<legend>Format\s*</legend>", fieldset)
    assert re.findall(r'<label for="([^"]+)">', fieldset) == ["id_format_0", "id_format_1"]
    assert "Choisissez un format." in fieldset


def test_a_checkbox_comes_before_its_label():
    html = render(ExampleForm({**VALID, "terms": ""}))

    order = positions(html, 'id="id_terms_error"', 'type="checkbox"', '<label for="id_terms">')
    assert order == sorted(order)


def test_the_summary_leads_to_each_field_in_error():
    html = render(ExampleForm({}))

    summary = html[: html.index("</ul>")]
    assert "Il y a des erreurs dans le formulaire" in summary
    assert 'role="alert"' in summary
    assert 'tabindex="-1"' in summary
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["id_birth_name", "id_format_group", "id_terms"]
    assert set(targets) <= set(re.findall(r'\sid="([^"]+)"', html))


def test_the_summary_counts_one_error_as_one():
    html = render(ExampleForm({**VALID, "birth_name": ""}))

    assert "Il y a une erreur dans le formulaire" in html


def test_the_summary_tells_the_errors_of_the_whole_form():
    form = ExampleForm(VALID)
    form.add_error(None, "Ces informations ne permettent pas de créer un compte.")

    assertInHTML("<li>Ces informations ne permettent pas de créer un compte.</li>", render(form))


@pytest.mark.parametrize("data", [None, VALID])
def test_a_form_without_error_has_no_summary(data):
    html = render(ExampleForm(data))

    assert 'class="errors"' not in html
    assert "aria-invalid" not in html


def test_label_hint_error_and_value_are_escaped():
    form = form_of(
        name=forms.CharField(
            label=f"Nom {ATTACK}",
            help_text=f"Indice {ATTACK}",
            max_length=3,
            error_messages={"max_length": f"Trop long {ATTACK}"},
        ),
        choice=forms.ChoiceField(
            label=f"Choix {ATTACK}", choices=[("a", f"A {ATTACK}")], widget=forms.RadioSelect
        ),
        box=forms.BooleanField(label=f"Case {ATTACK}", required=False),
    )({"name": f'"{ATTACK}', "choice": ATTACK})

    html = render(form)

    assert "<script" not in html
    for part in ("Nom", "Indice", "Trop long", "Choix", "A", "Case"):
        assert f"{part} {ESCAPED}" in html


def test_a_hint_marked_safe_keeps_its_list():
    hint = mark_safe('Il faut&nbsp;:<ul class="rules"><li>8 caractères</li></ul>')
    html = render(form_of(password=forms.CharField(help_text=hint))())

    assert '<ul class="rules"><li>8 caractères</li></ul>' in html


def test_a_password_is_never_shown_again():
    password_form = form_of(
        password=forms.CharField(widget=forms.PasswordInput), other=forms.CharField()
    )

    html = render(password_form({"password": "Secret-1234", "other": "reste"}))

    assert "Secret-1234" not in html
    assert 'value="reste"' in html


def test_layout_objects_are_rendered():
    html = render_laid_out(
        ExampleForm(),
        Fieldset("Vous", "birth_name", css_id="vous"),
        Div(Field("phone", autocomplete="tel", wrapper_class="large"), "format", css_class="half"),
        HTML("<p>Une phrase.</p>"),
        "terms",
        "token",
        ButtonHolder(Submit("creer", "Créer mon compte"), Hidden("suite", "/mes-droits/")),
        form_action="/inscription/",
    )

    assert re.search(r'<form\s+action="/inscription/"\s+method="post"\s+novalidate>', html)
    assert 'value="jeton"' in html
    assert re.search(r'<fieldset id="vous">\s*<legend>Vous</legend>', html)
    assert '<div class="half">' in html
    assert 'class="field large"' in html
    assert 'autocomplete="tel"' in html
    assert "<p>Une phrase.</p>" in html
    assert re.search(r'<button type="submit"\s+name="creer"[^>]*>Créer mon compte</button>', html)
    assertInHTML('<input type="hidden" name="suite" value="/mes-droits/">', html)
    assertInHTML('<input type="hidden" name="token" id="id_token">', html)


def test_a_get_form_carries_no_csrf_token():
    html = render_laid_out(ExampleForm(), "birth_name", form_method="get")

    assert 'method="get"' in html
    assert "jeton" not in html


def test_a_misspelt_field_name_fails():
    with pytest.raises(Exception, match="Could not resolve form field 'birthname'"):
        render_laid_out(ExampleForm(), "birthname")


def test_the_crispy_filter_renders_the_same_fields():
    template = Template("{% load crispy_forms_tags %}{{ form|crispy }}")

    html = template.render(Context({"form": ExampleForm({})}))

    assert '<label for="id_birth_name">' in html
    assert "data-portal-errors" in html
