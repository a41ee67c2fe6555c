"""The portal: customers and vendors. Mounted under /portal/<portal-name>/."""

from django.urls import include, path

from doorstep.web.portal.views import home

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("doorstep.identity.urls")),
    path("", include("doorstep.web.ui.urls")),
]
handler400 = "doorstep.web.ui.errors.bad_request"
handler403 = "doorstep.web.ui.errors.forbidden"
handler404 = "doorstep.web.ui.errors.not_found"
handler500 = "doorstep.web.ui.errors.server_error"
