"""The methods that both clients have: one for each call."""

from __future__ import annotations

from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast, overload

from mock_sma.control import calls, server_calls, verdict_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from mock_sma.control.call import ControlCall

P = ParamSpec("P")
Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


class Waiting(Protocol):
    """A client that returns when the server has answered."""

    def send(self, call: ControlCall[Result]) -> Result:
        """Send a call and return its result."""


class Asynchronous(Protocol):
    """A client whose results are awaited."""

    def send(self, call: ControlCall[Result]) -> Coroutine[Any, Any, Result]:
        """Send a call and return a coroutine of its result."""


class Method(Protocol[P, Result_co]):
    """What a type checker sees of a method: one client returns the result, the other a coroutine of it."""

    @overload
    def __get__(self, client: Asynchronous, kind: type) -> Callable[P, Coroutine[Any, Any, Result_co]]: ...

    @overload
    def __get__(self, client: Waiting, kind: type) -> Callable[P, Result_co]: ...


def method(call: Callable[P, ControlCall[Result]]) -> Method[P, Result]:
    """Return the method that sends a call, with its parameters and its docstring."""

    @wraps(call)
    def sends(self: Any, *arguments: P.args, **options: P.kwargs) -> Any:
        return self.send(call(*arguments, **options))

    first = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
    vars(sends)["__signature__"] = Signature([first, *signature(call).parameters.values()])
    return cast("Method[P, Result]", sends)


class Methods:
    """Everything under ``/_mock``, for a client whose ``send`` sends a call."""

    health = method(server_calls.health)
    ready = method(server_calls.ready)
    metrics = method(server_calls.metrics)
    fidelity = method(server_calls.fidelity)

    reset = method(calls.reset)
    scenarios = method(calls.scenarios)
    scenario = method(calls.scenario)
    scenario_document = method(calls.scenario_document)
    scenario_yaml = method(calls.scenario_yaml)
    load_scenario = method(calls.load_scenario)
    savepoints = method(calls.savepoints)
    save = method(calls.save)
    restore = method(calls.restore)
    delete_savepoint = method(calls.delete_savepoint)
    capsule = method(calls.capsule)
    open_capsule = method(calls.open_capsule)
    timeline = method(calls.timeline)
    let_happen = method(calls.let_happen)

    clock = method(calls.clock)
    set_clock = method(calls.set_clock)
    advance = method(calls.advance)

    consents = method(calls.consents)
    accept = method(calls.accept)
    reject = method(calls.reject)
    revoke = method(calls.revoke)
    expire = method(calls.expire)

    mailbox = method(calls.mailbox)
    clear_mailbox = method(calls.clear_mailbox)

    faults = method(calls.faults)
    add_fault = method(calls.add_fault)
    fault = method(calls.fault)
    remove_fault = method(calls.remove_fault)
    clear_faults = method(calls.clear_faults)

    requests = method(calls.requests)
    requests_har = method(calls.requests_har)
    request = method(calls.request)
    clear_requests = method(calls.clear_requests)
    report = method(calls.report)
    findings = method(verdict_calls.findings)
    findings_as = method(verdict_calls.findings_as)
    coverage = method(verdict_calls.coverage)

    plants = method(calls.plants)
    plant = method(calls.plant)
    patch_plant = method(calls.patch_plant)
    add_event = method(calls.add_event)
    put_rows = method(calls.put_rows)
    truth = method(calls.truth)

    worlds = method(server_calls.worlds)
    create_world = method(server_calls.create_world)
    delete_world = method(server_calls.delete_world)
