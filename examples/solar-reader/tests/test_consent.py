"""A consent rehearsed: asked for, mailed, given, revoked."""

OWNER = "apiTestUser@apiSandbox.com"


def test_from_the_first_request_to_the_last_look(reader, sma_mock):
    sandbox = sma_mock.sandbox
    assert reader.ask_for_consent(OWNER) == "Pending"
    assert reader.plants() == []
    assert [mail.to for mail in sandbox.mailbox] == [OWNER]

    sandbox.consents.accept(OWNER)
    assert reader.consent(OWNER) == "Accepted"
    assert len(reader.plants()) == 9

    sandbox.consents.revoke(OWNER)
    assert reader.consent(OWNER) == "Revoked"
    assert reader.plants() == []


def test_nobody_answers_for_a_week(reader, sma_mock):
    reader.ask_for_consent(OWNER)
    sma_mock.sandbox.clock.advance(days=7, seconds=1)
    assert reader.consent(OWNER) == "Expired"


def test_the_owner_declines(reader, sma_mock):
    reader.ask_for_consent(OWNER)
    sma_mock.sandbox.consents.reject(OWNER)
    assert reader.consent(OWNER) == "Rejected"
    assert reader.ask_for_consent(OWNER) == "Pending"
