from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path


@login_not_required
def empty(request):
    return HttpResponse()


urlpatterns = [path("vide/", empty), path("", include("cpf_portal.urls"))]
