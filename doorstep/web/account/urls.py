"""A person's own account, the same in portal and office: mounted in each, beside the pages of sign-in."""

from django.urls import path

from doorstep.web.account.views import address, closing, my_data, security

urlpatterns = [
    path("security/", security.security, name="security"),
    path("security/", security.security, name="mfa_index"),
    path("security/address/", address.address, name="address"),
    path("security/address/code/", address.address_code, name="address_code"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/file/", my_data.my_data_file, name="my_data_file"),
    path("close-account/", closing.close_account, name="close_account"),
    path("not-me/", address.not_me, name="not_me_open"),
    path("not-me/<str:token>/", address.arrive, name="not_me"),
]
