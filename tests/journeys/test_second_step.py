"""The second step with a real authenticator program and a real browser, a real passkey among them."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.installation import Installation
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def code_of(key: str) -> str:
    """What Debian's oathtool says for this key."""
    assert shutil.which("oathtool"), "bin/test installs oathtool"
    done = subprocess.run(
        ["oathtool", "--totp", "--base32", key.replace(" ", "")],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def next_code_of(key: str, used: str) -> str:
    """A code works once: wait for another."""
    for _n in range(70):
        if (code := code_of(key)) != used:
            return code
        time.sleep(0.5)
    raise AssertionError("The codes do not change.")


def switch_on(olivia: Visitor) -> None:
    olivia.be("Olivia")
    olivia.open("/office/acme/settings/customer-portal/")
    olivia.page.get_by_role("switch", name="Enable multi-factor authentication (MFA)").check()
    # The preview of the unsaved page loads beside; leaving in its middle is an error in the console.
    olivia.page.wait_for_load_state("networkidle")
    olivia.press("Save", exact=True)
    olivia.page.get_by_role("button", name="Undo: Enable multi-factor").wait_for()
    olivia.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)], ids=["desk", "phone"])
def test_mfa_is_forced_and_wanda_sets_up_her_app(
    visitor: Callable[..., Visitor], installation: Installation, width: int, dark: bool
) -> None:
    wanda, olivia = visitor(width=width, dark=dark), visitor()
    wanda.be("Wanda")
    switch_on(olivia)
    wanda.open("/portal/acme/invoices/")
    wanda.sees("Secure your account", "Scan this with your authenticator app")
    wanda.look("mfa-setup")

    key = wanda.page.locator("#key").inner_text()
    used = code_of(key)
    wanda.page.get_by_label("Then enter the 6 digits it shows").fill(used)
    wanda.press("Connect the app")
    wanda.sees("Keep your recovery codes")
    wanda.look("mfa-codes")
    recovery = wanda.page.locator(".recovery-codes li").first.inner_text().strip()
    wanda.press("I have kept them")
    wanda.page.wait_for_url("**/portal/acme/invoices/")
    wanda.open("/portal/acme/security/")
    wanda.sees("Where you are signed in", "This browser", "10 codes left")
    wanda.look("security")

    later = visitor(width=width, dark=dark)
    later.open("/portal/acme/")
    later.look("sign-in-again")
    later.page.get_by_label("E-mail address").fill("wanda@coyote.example")
    later.page.get_by_label("Password", exact=True).fill(installation.password_of("Wanda"))
    later.press("Sign in", exact=True)
    later.sees("One more step")
    later.look("mfa-code")
    later.page.get_by_label("Code from your authenticator app").fill(used)
    later.press("Sign in", exact=True)
    later.sees("a code works once")
    later.page.get_by_label("Code from your authenticator app").fill(next_code_of(key, used))
    later.page.get_by_label("Remember this browser").check()
    later.press("Sign in", exact=True)
    later.page.wait_for_url("**/portal/acme/")

    lost = visitor(width=width, dark=dark)
    lost.open("/portal/acme/sign-in/")
    lost.page.get_by_label("E-mail address").fill("wanda@coyote.example")
    lost.page.get_by_label("Password", exact=True).fill(installation.password_of("Wanda"))
    lost.press("Sign in", exact=True)
    lost.page.get_by_text("Use a recovery code").click()
    lost.page.get_by_label("Recovery code").fill(recovery)
    lost.page.locator("details.drawer button").click()
    lost.page.wait_for_url("**/portal/acme/")

    olivia.open("/office/acme/access/")
    olivia.page.get_by_role("link", name="Wanda Reyes").first.click()
    olivia.page.wait_for_load_state()
    olivia.look("office-person")
    olivia.press("Reset the second step")
    olivia.sees("The second step of Wanda Reyes is reset.")
    lost.open("/portal/acme/")
    lost.sees("Sign in to your account")


def with_authenticator(one: Visitor, *, verified: bool = True) -> tuple[Any, str]:
    """Chromium's own virtual device: it keeps passkeys and answers for a present person."""
    # Passkeys belong to names, not to numbers.
    one.base = one.base.replace("127.0.0.1", "localhost")
    session = one.context.new_cdp_session(one.page)
    session.send("WebAuthn.enable", {"enableUI": False})
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": verified,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session, made["authenticatorId"]


def test_wanda_signs_in_with_a_passkey_on_her_phone_and_that_is_both_steps(
    visitor: Callable[..., Visitor], installation: Installation
) -> None:
    wanda, olivia = visitor(width=360, dark=True), visitor()
    session, device = with_authenticator(wanda)
    switch_on(olivia)
    wanda.be("Wanda")
    wanda.sees("Secure your account")
    wanda.press("Set up")
    wanda.page.get_by_label("Name of this passkey").fill("Wanda's phone")
    wanda.look("passkey-add")
    wanda.page.get_by_role("button", name="Add a passkey").click()
    wanda.sees("Keep your recovery codes")
    wanda.press("I have kept them")
    wanda.page.wait_for_url("**/portal/acme/")
    assert (
        len(session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"])
        == 1
    )

    wanda.open("/portal/acme/security/")
    wanda.sees("Wanda's phone")
    wanda.open("/portal/acme/sign-out/")
    wanda.page.locator("main").get_by_role("button", name="Sign out").click()
    # The browser offers the passkey in the address field, and this device says yes at once.
    wanda.page.wait_for_url("**/portal/acme/")
    wanda.open("/portal/acme/invoices/")
    wanda.sees("Invoices")

    # T11: a deleted key opens nothing.
    wanda.open("/portal/acme/security/")
    wanda.page.get_by_role("link", name="Connect").click()
    key = wanda.page.locator("#key").inner_text()
    wanda.page.get_by_label("Then enter the 6 digits it shows").fill(code_of(key))
    wanda.press("Connect the app")
    wanda.open("/portal/acme/security/")
    wanda.page.get_by_role("link", name="Remove Wanda's phone").click()
    wanda.page.get_by_role("button", name="Remove this passkey").click()
    wanda.page.wait_for_url("**/security/")
    wanda.does_not_see("Wanda's phone")
    wanda.open("/portal/acme/sign-out/")
    wanda.page.locator("main").get_by_role("button", name="Sign out").click()
    wanda.sees("This passkey opens nothing here")
