"""The back office: the business itself. Mounted under /office/<portal-name>/."""

from django.urls import include, path

from doorstep.web.backoffice.views import home, preferences

urlpatterns = [
    path("", home.home, name="home"),
    path("settings/customer-portal/", preferences.preferences, name="preferences"),
    path("settings/customer-portal/preview/", preferences.preview, name="preferences_preview"),
    path("settings/customer-portal/name/", preferences.portal_name, name="portal_name"),
    path("settings/customer-portal/history/", preferences.history, name="preferences_history"),
    path("settings/customer-portal/history/<int:pk>/", preferences.undo, name="preferences_undo"),
    path("", include("doorstep.identity.urls")),
    path("", include("doorstep.web.ui.urls")),
]
handler400 = "doorstep.web.ui.errors.bad_request"
handler403 = "doorstep.web.ui.errors.forbidden"
handler404 = "doorstep.web.ui.errors.not_found"
handler500 = "doorstep.web.ui.errors.server_error"
