"""The words of the pages, German and English, and which of the two a browser gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.languages import accepted_language, language_of_tags
from mock_sma.sandbox.exchange import parameter_pairs

if TYPE_CHECKING:
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.world.browsers import BrowserSession

ENGLISH = {
    "fake": "Test system. These pages and all accounts in them are fake, and independent of SMA.",
    "skip": "To the content",
    "languages": "Language",
    "footer": "mock-sma is an emulator for tests. It is not made, endorsed or supported by SMA Solar Technology AG.",
    "login": "Log in",
    "login_why": "{app} would like to read data of your PV plants. Log in to decide about it.",
    "login_portal": "Log in to see which applications may read your plants.",
    "username": "E-mail address",
    "password": "Password",
    "bad_login": "Invalid username or password.",
    "accounts": "Accounts of this scenario",
    "no_accounts": "This scenario has nobody who could log in.",
    "consent": "Permit access?",
    "consent_why": "{app} asks for access to your plants.",
    "signed_in": "Logged in as {email}",
    "log_out": "Log out",
    "who": "Who asks",
    "client_id": "Client",
    "plants": "For which plants",
    "more_plants": "{count} more plants",
    "new_plant": "new",
    "no_plants": "You carry the owner flag of no plant, so you have nothing to permit (R06).",
    "once": "All plants that you own at the moment. Plants you add later need a new request.",
    "data": "Which data",
    "links": "What the application says",
    "terms": "Terms of service",
    "privacy": "Privacy policy",
    "no_links": "The application gives no terms and no privacy policy.",
    "holds": "The permission holds until you revoke it on the page “Third-party applications”.",
    "accept": "Permit",
    "decline": "Decline",
    "apps": "Third-party applications",
    "apps_why": "Applications that may read data of your plants.",
    "apps_none": "You have permitted no application.",
    "requests": "Open requests",
    "decide": "Look at the request of {app}",
    "until": "Waits for your answer until {time}.",
    "since": "Permitted on {time}",
    "lost": "not yours at the moment, so closed to the application",
    "revoke": "Revoke access",
    "revoked": "{app} has no access any more.",
    "mailbox": "Mailbox",
    "mailbox_why": "Mails that would have been sent. mock-sma keeps them here and sends nothing.",
    "mailbox_none": "There is no mail.",
    "to": "To",
    "sent": "Sent",
    "open_link": "Open the request",
    "accepted_now": "Thank you. {app} may read the data of your plants from now on.",
    "declined_now": "{app} gets no access.",
    "answered": "This request has been answered before. It is: {state}.",
    "gone": "This request has expired. The application has to ask again.",
    "others": "This request was sent to somebody else. Log out, and log in with the address it was sent to.",
    "error": "We are sorry",
    "why": "What mock-sma says about it",
    "error_client": "Client not found.",
    "error_no_client": "Missing parameter: client_id",
    "error_redirect": "Invalid parameter: redirect_uri",
    "error_form": "This form is out of date, or was sent from another page. Go back, load the page anew and try again.",
    "error_nothing": "There is no such request.",
    "Pending": "waiting",
    "Accepted": "permitted",
    "Rejected": "declined",
    "Expired": "expired",
    "Revoked": "revoked",
    "scope:monitoringApi:read": "Energy data, devices, status and events of your plants (reading)",
    "scope:offline_access": "Access also while you are not logged in",
    "scope:profile": "Your name",
    "scope:email": "Your e-mail address",
    "scope:openid": "Your account's identifier",
}

GERMAN = {
    "fake": "Testsystem. Diese Seiten und alle Konten darin sind erfunden und haben mit SMA nichts zu tun.",
    "skip": "Zum Inhalt",
    "languages": "Sprache",
    "footer": "mock-sma ist ein Emulator für Tests. Die SMA Solar Technology AG hat damit nichts zu tun.",
    "login": "Anmelden",
    "login_why": "{app} möchte Daten Ihrer PV-Anlagen lesen. Melden Sie sich an, um darüber zu entscheiden.",
    "login_portal": "Melden Sie sich an, um zu sehen, welche Anwendungen Ihre Anlagen lesen dürfen.",
    "username": "E-Mail-Adresse",
    "password": "Passwort",
    "bad_login": "Ungültiger Benutzername oder ungültiges Passwort.",
    "accounts": "Konten dieses Szenarios",
    "no_accounts": "In diesem Szenario gibt es niemanden, der sich anmelden könnte.",
    "consent": "Zugriff erlauben?",
    "consent_why": "{app} bittet um Zugriff auf Ihre Anlagen.",
    "signed_in": "Angemeldet als {email}",
    "log_out": "Abmelden",
    "who": "Wer fragt",
    "client_id": "Client",
    "plants": "Für welche Anlagen",
    "more_plants": "{count} weitere Anlagen",
    "new_plant": "neu",
    "no_plants": "Sie sind bei keiner Anlage als Eigentümer eingetragen und können daher nichts erlauben (R06).",
    "once": "Alle Anlagen, die Ihnen jetzt gehören. Für später hinzugefügte Anlagen ist eine neue Anfrage nötig.",
    "data": "Welche Daten",
    "links": "Was die Anwendung dazu sagt",
    "terms": "Nutzungsbedingungen",
    "privacy": "Datenschutzerklärung",
    "no_links": "Die Anwendung nennt weder Nutzungsbedingungen noch eine Datenschutzerklärung.",
    "holds": "Die Erlaubnis gilt, bis Sie sie auf der Seite „Anwendungen von Drittanbietern“ widerrufen.",
    "accept": "Erlauben",
    "decline": "Ablehnen",
    "apps": "Anwendungen von Drittanbietern",
    "apps_why": "Anwendungen, die Daten Ihrer Anlagen lesen dürfen.",
    "apps_none": "Sie haben keiner Anwendung Zugriff erlaubt.",
    "requests": "Offene Anfragen",
    "decide": "Anfrage von {app} ansehen",
    "until": "Wartet auf Ihre Antwort bis {time}.",
    "since": "Erlaubt am {time}",
    "lost": "gehört Ihnen zurzeit nicht und ist der Anwendung daher verschlossen",
    "revoke": "Zugriff widerrufen",
    "revoked": "{app} hat keinen Zugriff mehr.",
    "mailbox": "Postfach",
    "mailbox_why": "E-Mails, die verschickt worden wären. mock-sma bewahrt sie hier auf und verschickt nichts.",
    "mailbox_none": "Es gibt keine E-Mails.",
    "to": "An",
    "sent": "Gesendet",
    "open_link": "Anfrage öffnen",
    "accepted_now": "Vielen Dank. {app} darf die Daten Ihrer Anlagen ab jetzt lesen.",
    "declined_now": "{app} erhält keinen Zugriff.",
    "answered": "Diese Anfrage wurde bereits beantwortet. Sie ist: {state}.",
    "gone": "Diese Anfrage ist abgelaufen. Die Anwendung muss erneut fragen.",
    "others": "Diese Anfrage ging an jemand anderen. Melden Sie sich ab und mit der angeschriebenen Adresse wieder an.",
    "error": "Es tut uns leid",
    "why": "Was mock-sma dazu sagt",
    "error_client": "Client nicht gefunden.",
    "error_no_client": "Parameter fehlt: client_id",
    "error_redirect": "Ungültiger Parameter: redirect_uri",
    "error_form": (
        "Dieses Formular ist veraltet oder kam von einer anderen Seite. "
        "Laden Sie die Seite neu und versuchen Sie es noch einmal."
    ),
    "error_nothing": "Diese Anfrage gibt es nicht.",
    "Pending": "offen",
    "Accepted": "erlaubt",
    "Rejected": "abgelehnt",
    "Expired": "abgelaufen",
    "Revoked": "widerrufen",
    "scope:monitoringApi:read": "Energiedaten, Geräte, Zustand und Ereignisse Ihrer Anlagen (lesend)",
    "scope:offline_access": "Zugriff auch, während Sie nicht angemeldet sind",
    "scope:profile": "Ihr Name",
    "scope:email": "Ihre E-Mail-Adresse",
    "scope:openid": "Die Kennung Ihres Kontos",
}

WORDS = {"de": GERMAN, "en": ENGLISH}


def page_language(call: Call, session: BrowserSession) -> str:
    """Return ``de`` or ``en``.

    What was asked for by ``ui_locales`` wins, now or earlier in this browser; then the browser's own wish; then the
    country of who is logged in (R05); then English (chosen).
    """
    pairs = parameter_pairs(call.request.query)
    asked = language_of_tags([tag for name, value in pairs if name == "ui_locales" for tag in value.split()])
    if asked is not None:
        session.language = asked
    wish = accepted_language(call.request.header(b"accept-language"))
    user = call.world.estate.users.get(session.user or "")
    return session.language or wish or (user.mail_language if user is not None else "en")
