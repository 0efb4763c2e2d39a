"""Behaviour common to all the forms of the portal."""

from crispy_forms.helper import FormHelper
from django import forms

from cpf_portal.ui.masking import mask_nir


class ForgetfulTextInput(forms.TextInput):
    """A field whose content is never written back into the page: a NIR."""

    def format_value(self, value):
        return None


class MaskedTextInput(forms.TextInput):
    """A sentence: what looks like a NIR in it is not written back into the page."""

    def format_value(self, value):
        return mask_nir(super().format_value(value) or "")


class MaskedTextarea(forms.Textarea):
    """A free text: what looks like a NIR in it is not written back into the page."""

    def format_value(self, value):
        return mask_nir(super().format_value(value) or "")


class FreeTextField(forms.CharField):
    """A text that a person writes to somebody; a NIR typed in it is masked, so that nobody keeps it."""

    widget = MaskedTextarea

    def to_python(self, value):
        return mask_nir(super().to_python(value) or "")


class PortalForm:
    """Mixin: one error voice, ours, and a helper that leaves the <form> tag to the template."""

    use_required_attribute = False

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper
