"""A person's own account, the same in portal and office: mounted in each, beside the pages of sign-in."""

from django.urls import path

from doorstep.web.account.views import address, security

urlpatterns = [
    path("security/", security.security, name="security"),
    path("security/", security.security, name="mfa_index"),
    path("security/address/", address.address, name="address"),
    path("security/address/code/", address.address_code, name="address_code"),
    path("not-me/", address.not_me, name="not_me_open"),
    path("not-me/<str:token>/", address.arrive, name="not_me"),
]
