"""Sign-in and password pages, mounted in each face under its own brand; names are the library's.

Signing out must work for people who are strangers here, so it asks for no hat.
"""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

sign_out = login_not_required(views.logout)

urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-out/", sign_out, name="account_logout"),
    path("sign-out/", sign_out, name="sign_out"),
    path("closed/", views.account_inactive, name="account_inactive"),
    path("sign-up/", views.signup, name="account_signup"),
    path("confirm-it-is-you/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/forgotten/", views.password_reset, name="account_reset_password"),
    path(
        "password/forgotten/sent/", views.password_reset_done, name="account_reset_password_done"
    ),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
