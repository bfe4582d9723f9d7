"""Operations of the owner's portal (R08, R14); their paths are ours."""

from __future__ import annotations

from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operations.pages import page_operation

APPS = "/portal/third-party-apps"
LOGIN = "/portal/login"
LOG_OUT = "/portal/logout"
MAILBOX = "/portal/mailbox"
CONSENTS = "/portal/consents/"
ONE_CONSENT = CONSENTS + "{consentId}"

PORTAL = tuple(
    page_operation(Api.PORTAL, *line)
    for line in (
        ("portal", "GET", "/portal", "portal.start", "Go to the portal"),
        ("portalLogin", "GET", LOGIN, "portal.login", "Show the portal's login"),
        ("portalLogIn", "POST", LOGIN, "portal.log_in", "Log in to the portal"),
        ("portalLogOut", "POST", LOG_OUT, "portal.log_out", "Log out"),
        ("thirdPartyApps", "GET", APPS, "portal.third_party_apps", "See permitted applications"),
        ("revokeApp", "POST", APPS, "portal.revoke", "Withdraw an application's access"),
        ("portalMailbox", "GET", MAILBOX, "portal.mailbox", "Read the mails"),
        ("portalConsent", "GET", ONE_CONSENT, "portal.consent", "See the request of a mail"),
        ("portalDecide", "POST", ONE_CONSENT, "portal.decide_consent", "Answer the request of a mail"),
    )
)
