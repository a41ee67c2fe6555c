"""The page of components without a back office around it."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from doorstep.web.ui import views

urlpatterns = [
    path("components", login_not_required(views.components), name="components"),
    path("", include("doorstep.web.ui.urls")),
]
