"""What the portal knows of the signed-in person."""

from django.views.generic import TemplateView

from accounts.forms import DIPLOMAS
from accounts.phones import readable


class ProfileView(TemplateView):
    template_name = "accounts/profile.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        level = user.titulaire.diploma_level if user.titulaire else None
        return super().get_context_data(
            phone_landline=readable(user.phone_landline),
            phone_mobile=readable(user.phone_mobile),
            diploma=dict(DIPLOMAS)[level] if level else "",
            **kwargs,
        )
