"""The browser's login in the code flow: asked for, kept, ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mock_sma.domain.people import User
from mock_sma.sandbox.sandbox import Sandbox
from tests.facts import LOGIN, NOW, OWNER
from tests.page_helpers import Visitor, answered, authorize_path
from tests.pages.flow import LOGIN_FORM, SCREEN_FORM, logged_in, redeem
from tests.sandbox_helpers import APP, ask, content, make, shipped, token


def test_r04_unregistered_person_cannot_log_in() -> None:
    scenario = shipped("sandbox")
    invited = User(email="invited@example.org", registered=False)
    world = Sandbox(replace(scenario, users=(*scenario.users, invited)), now=NOW)
    visitor = Visitor(world)
    visitor.go(authorize_path())
    assert visitor.submit(username=invited.email, password=invited.password).status == 200
    assert LOGIN_FORM in visitor.page
    assert "R04" in world.requests[-1].why


@pytest.mark.parametrize(("name", "password"), [(OWNER, "wrong"), ("nobody@example.org", "MyPass123!"), ("", "")])
def test_wrong_login_shows_the_login_again(name: str, password: str) -> None:
    visitor = Visitor(make())
    visitor.go(authorize_path(ui_locales="en"))
    assert visitor.submit(username=name, password=password).status == 200
    assert 'role="alert"' in visitor.page
    assert "Invalid username or password." in visitor.page
    assert visitor.submit(username=f" {OWNER.upper()} ", password="MyPass123!").status == 200
    assert SCREEN_FORM in visitor.page


def test_prompt_login_asks_for_the_login_once_more_and_then_goes_on() -> None:
    visitor = logged_in(make())
    visitor.go(authorize_path(prompt="login consent"))
    assert LOGIN_FORM in visitor.page
    visitor.submit(**LOGIN)
    assert SCREEN_FORM in visitor.page
    assert answered(visitor.go(authorize_path(prompt="none")))["error"] == "interaction_required"


def log_out(world: Sandbox, refresh_token: str) -> None:
    assert ask(world, "POST", "/oauth2/logout", form={**APP, "refresh_token": refresh_token}).status == 204


@pytest.mark.slow
def test_logout_ends_the_login_of_the_browser_that_the_session_came_from() -> None:
    world = make()
    visitor, other = logged_in(world), logged_in(world)
    tokens = content(redeem(world, answered(visitor.post(decision="accept"))["code"]))
    second = content(token(world, grant_type="refresh_token", refresh_token=tokens["refresh_token"], **APP))
    log_out(world, second["refresh_token"])
    assert f"the login of {OWNER.lower()} in the browser has ended with the session" in world.requests[-1].why
    visitor.go(authorize_path())
    assert LOGIN_FORM in visitor.page
    assert "code" in answered(other.go(authorize_path()))  # another browser, another login


def test_logout_of_an_offline_session_leaves_the_browser_logged_in() -> None:
    world = make()
    visitor = logged_in(world, scope="offline_access")
    tokens = content(redeem(world, answered(visitor.post(decision="accept"))["code"]))
    log_out(world, tokens["refresh_token"])
    assert "code" in answered(visitor.go(authorize_path()))


def test_logout_of_a_browser_that_has_left_already_is_fine() -> None:
    world = make()
    visitor = logged_in(world)
    tokens = content(redeem(world, answered(visitor.post(decision="accept"))["code"]))
    visitor.go(authorize_path(prompt="consent"))
    visitor.submit(form=1)
    assert LOGIN_FORM in visitor.page
    log_out(world, tokens["refresh_token"])


def test_another_account_can_be_taken() -> None:
    visitor = logged_in(make())
    visitor.submit(form=1)
    assert LOGIN_FORM in visitor.page


@pytest.mark.slow
def test_decision_without_a_login_or_without_a_value_shows_the_right_page() -> None:
    world = make()
    visitor = logged_in(world)
    assert visitor.post(decision="perhaps").status == 400
    world.clock.advance(hours=11)
    assert visitor.submit(decision="accept").status == 403
    visitor = logged_in(world)
    session = world.browser_sessions.find(str(visitor.cookie, "ascii").partition("=")[2])
    assert session is not None
    session.user = None
    visitor.submit(decision="accept")
    assert LOGIN_FORM in visitor.page
