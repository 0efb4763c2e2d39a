"""New terms, to accept before anything else."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from accounts import services
from accounts.forms import AcceptTermsForm
from accounts.sessions import TERMS_DUE
from accounts.views.access import UnprocessableMixin
from cpf_portal.ui.redirects import safe_next


@method_decorator(never_cache, name="dispatch")
class AcceptTermsView(UnprocessableMixin, FormView):
    form_class = AcceptTermsForm
    template_name = "accounts/accept_terms.html"

    def get(self, request, *args, **kwargs):
        if not request.session.get(TERMS_DUE):
            return redirect("home")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(next=safe_next(self.request, ""), **kwargs)

    def form_valid(self, form):
        services.accept_terms(user=self.request.user, now=timezone.now())
        self.request.session.pop(TERMS_DUE, None)
        messages.success(self.request, "Votre accord est enregistré.")
        return redirect(safe_next(self.request, "") or "home")
