"""The pages of what a signed-in person keeps: LoginRequiredMiddleware sends the others to sign in first."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView, View

from catalogue import services
from catalogue.forms import SearchForm
from catalogue.models import Favourite, Offer, SavedSearch
from catalogue.models.saved import MAX_QUERY
from catalogue.saved import queries
from catalogue.saved.forms import SavedSearchForm
from cpf_portal.ui.redirects import safe_next


class CitizenMixin:
    """The staff keep nothing here."""

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if request.user.is_staff:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class OwnSearchMixin(CitizenMixin):
    """A search of the person herself: whatever is asked of another one, it does not exist."""

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        self.search = get_object_or_404(SavedSearch.objects.of(request.user), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


@dataclass(frozen=True, slots=True)
class Kept:
    """A favourite, with its offer while it is proposed."""

    favourite: Favourite
    offer: Offer | None


class KeptView(CitizenMixin, TemplateView):
    template_name = "catalogue/kept.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        favourites = list(Favourite.objects.of(user))
        published = Offer.objects.published().select_related("provider", "commune")
        offers = {
            offer.public_id: offer
            for offer in published.filter(public_id__in=[kept.public_id for kept in favourites])
        }
        return super().get_context_data(
            searches=SavedSearch.objects.of(user),
            favourites=[Kept(kept, offers.get(kept.public_id)) for kept in favourites],
            **kwargs,
        )


class SearchFormView(CitizenMixin, FormView):
    """The name of a search and its weekly mail."""

    form_class = SavedSearchForm

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SaveSearchView(SearchFormView):
    """Save the search that the address of this page holds: it lasts through a sign-in."""

    template_name = "catalogue/save_search.html"

    def dispatch(self, request, *args, **kwargs):
        # the rights do not matter here: only whether the filter on them is asked
        self.asked = SearchForm(request.GET, budget_cents=0)
        self.query = queries.normalised(self.asked)
        self.back = f"{reverse('search')}?{request.GET.urlencode()}"
        if not 0 < len(self.query) <= MAX_QUERY:
            return self.refuse()
        return super().dispatch(request, *args, **kwargs)

    def refuse(self) -> HttpResponse:
        messages.error(
            self.request,
            "Cette recherche a trop de filtres pour être enregistrée\u00a0: retirez-en quelques-uns."
            if self.query
            else "Choisissez d’abord un mot, un lieu ou un filtre, puis enregistrez la recherche.",
        )
        return redirect(self.back)

    def get_initial(self):
        return {"name": queries.proposed_name(self.asked)}

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if "data" in kwargs and "name" not in kwargs["data"]:  # by the button of the results
            kwargs["data"] = kwargs["data"].copy()
            kwargs["data"]["name"] = queries.proposed_name(self.asked)
        return kwargs

    def get_context_data(self, **kwargs):
        return super().get_context_data(back=self.back, **kwargs)

    def form_valid(self, form):
        try:
            _search, is_new = services.save_search(
                user=self.request.user,
                query=self.query,
                today=timezone.localdate(),
                **form.cleaned_data,
            )
        except services.TooMany as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        if is_new:
            messages.success(self.request, "Votre recherche est enregistrée.")
        else:
            messages.info(self.request, "Cette recherche était déjà enregistrée.")
        return redirect(self.back)


class ChangeSearchView(OwnSearchMixin, SearchFormView):
    template_name = "catalogue/change_search.html"

    def get_initial(self):
        return {"name": self.search.name, "wants_news": self.search.wants_news}

    def form_valid(self, form):
        services.change_search(search=self.search, today=timezone.localdate(), **form.cleaned_data)
        messages.success(self.request, "Votre recherche est modifiée.")
        return redirect("saved:kept")


class DeleteSearchView(OwnSearchMixin, View):
    http_method_names = ("post",)

    def post(self, request, pk):
        self.search.delete()
        messages.success(request, "Votre recherche est supprimée.")
        return redirect("saved:kept")


class AddFavouriteView(CitizenMixin, View):
    """By POST; a GET, which a sign-in in between makes of it, leads back to the offer and its button."""

    http_method_names = ("get", "post")

    def get(self, request, public_id):
        return redirect(reverse("catalogue:offer", args=[public_id]))

    def post(self, request, public_id):
        offer = get_object_or_404(Offer.objects.published(), public_id=public_id)
        try:
            services.add_favourite(user=request.user, offer=offer)
        except services.TooMany as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Cette formation est dans vos favoris.")
        return redirect(safe_next(request, offer.get_absolute_url()))


class RemoveFavouriteView(CitizenMixin, View):
    http_method_names = ("get", "post")

    def get(self, request, public_id):
        return redirect("saved:kept")

    def post(self, request, public_id):
        services.remove_favourite(user=request.user, public_id=public_id)
        messages.success(request, "Cette formation n’est plus dans vos favoris.")
        return redirect(safe_next(request, reverse("saved:kept")))
