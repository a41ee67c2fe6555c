"""Sign-in and password pages, mounted in each face under its own brand; names are the library's.

Signing out must work for people who are strangers here, so it asks for no hat.
"""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from doorstep.identity.guards import limits_mail, limits_peer
from doorstep.identity.views import factor_reset, federation, mailed_code, passkeys, second_step
from doorstep.identity.views import security as pages
from doorstep.identity.views.sign_in import sign_in, sign_out

urlpatterns = [
    path("sign-in/", sign_in, name="account_login"),
    path(
        "sign-in/code/",
        login_not_required(limits_mail(views.request_login_code)),
        name="account_request_login_code",
    ),
    path("sign-in/code/enter/", mailed_code.enter_code, name="account_confirm_login_code"),
    path("sign-in/second-step/", second_step.sign_in_step, name="mfa_authenticate"),
    path("sign-in/second-step/reset/", factor_reset.factor_reset, name="factor_reset"),
    path(
        "sign-in/passkey/",
        login_not_required(limits_peer(passkeys.sign_in_by_passkey)),
        name="mfa_login_webauthn",
    ),
    # Only in a portal; the library's names.
    path(
        "sign-in/with/<slug:provider_id>/",
        federation.provider_sign_in,
        name="openid_connect_login",
    ),
    path(
        "sign-in/with/<slug:provider_id>/back/",
        federation.provider_return,
        name="openid_connect_callback",
    ),
    path("sign-out/", sign_out, name="account_logout"),
    path("sign-out/", sign_out, name="sign_out"),
    path("closed/", views.account_inactive, name="account_inactive"),
    path("sign-up/", views.signup, name="account_signup"),
    path("confirm-it-is-you/", views.reauthenticate, name="account_reauthenticate"),
    path("confirm-it-is-you/code/", second_step.confirm_by_code, name="mfa_reauthenticate"),
    path(
        "confirm-it-is-you/passkey/",
        passkeys.confirm_by_passkey,
        name="mfa_reauthenticate_webauthn",
    ),
    path("security/sessions/", pages.sessions, name="sessions"),
    path("security/app/", second_step.connect_app, name="mfa_activate_totp"),
    path("security/app/removal/", second_step.disconnect_app, name="mfa_deactivate_totp"),
    path("security/passkeys/", passkeys.no_list, name="mfa_list_webauthn"),
    path("security/passkeys/new/", passkeys.add_passkey, name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/", passkeys.rename_passkey, name="mfa_edit_webauthn"),
    path(
        "security/passkeys/<int:pk>/removal/", passkeys.remove_passkey, name="mfa_remove_webauthn"
    ),
    path("security/recovery-codes/", pages.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "security/recovery-codes/new/",
        second_step.renew_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "security/recovery-codes/file/",
        pages.recovery_codes_file,
        name="mfa_download_recovery_codes",
    ),
    path("password/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path(
        "password/forgotten/",
        login_not_required(limits_mail(views.password_reset)),
        name="account_reset_password",
    ),
    path("password/forgotten/sent/", views.password_reset_done, name="account_reset_password_done"),
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
