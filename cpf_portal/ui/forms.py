"""Behaviour common to all the forms of the portal."""

from crispy_forms.helper import FormHelper
from django import forms


class ForgetfulTextInput(forms.TextInput):
    """A field whose content is never written back into the page: a NIR."""

    def format_value(self, value):
        return None


class PortalForm:
    """Mixin: one error voice, ours, and a helper that leaves the <form> tag to the template."""

    use_required_attribute = False

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper
