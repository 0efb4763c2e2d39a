"""Behaviour common to all the forms of the portal."""

from crispy_forms.helper import FormHelper


class PortalForm:
    """Mixin: one error voice, ours, and a helper that leaves the <form> tag to the template."""

    use_required_attribute = False

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper
