"""The functions of a TrafficSplit at CloudFront's edge, run in a JavaScript engine with a fake of their module."""

import json
import random
import string
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from apprunner_facts.cloudfront import FUNCTION_BYTES
from javascript import javascript
from pulumi_apprunner.split.functions import request_function, response_function, weight_value

CANDIDATE_HOST = "abcdefghij.eu-west-1.awsapprunner.com"
IMPORT = "import cf from 'cloudfront';\n"
RUN = """
(async () => {
  const results = [];
  for (const {code, events, store} of CASES) {
    let selected = null;
    const cf = {
      kvs: () => ({get: async key => {
        if (!(key in store)) throw new Error('KeyNotFound');
        return store[key];
      }}),
      selectRequestOriginById: (...args) => { selected = args; },
    };
    const handler = new Function('cf', 'console', code + '; return handler;')(cf, {log: () => null});
    const ofCase = [];
    for (const event of events) {
      selected = null;
      const result = await handler(event);
      ofCase.push({selected, result});
    }
    results.push(ofCase);
  }
  return results;
})()
"""

Results = list[dict[str, Any]]
RunAll = Callable[[Mapping[Any, "Case"]], dict[Any, Results]]
Run = Callable[..., Results]


class Case(NamedTuple):
    """Requests or responses for which a function runs, and the share in its store; None without one."""

    code: str
    events: Sequence[Any]
    share: str | None = "0"

    def as_json(self) -> dict[str, Any]:
        store = {} if self.share is None else {"weight": self.share}
        return {"code": self.code.removeprefix(IMPORT), "events": list(self.events), "store": store}


@pytest.fixture(scope="module")
def run_all(tmp_path_factory: pytest.TempPathFactory) -> RunAll:
    """Return a function that runs several cases in one process of the engine."""
    engine = javascript(tmp_path_factory.mktemp("edge"))

    def results(cases: Mapping[Any, Case]) -> dict[Any, Results]:
        listed = engine(RUN.replace("CASES", json.dumps([each.as_json() for each in cases.values()])))
        return dict(zip(cases, listed, strict=True))

    return results


@pytest.fixture(scope="module")
def run(run_all: RunAll) -> Run:
    """Return a function that runs one case."""
    return lambda *case: run_all({"": Case(*case)})[""]


def share(weight: int) -> str:
    """Return the value of the key for a weight of the candidate."""
    return weight_value(weight, CANDIDATE_HOST)


def event(request_id: str, cookie: str | None = None) -> dict[str, Any]:
    """Return an event, in the form of source.FUNCTION_EVENTS."""
    cookies = {} if cookie is None else {"apprunner-split": {"value": cookie}}
    headers = {"host": {"value": "shop.example.com"}}
    request = {"method": "GET", "uri": "/", "querystring": {}, "headers": headers, "cookies": cookies}
    return {"version": "1.0", "context": {"requestId": request_id}, "viewer": {"ip": "192.0.2.1"}, "request": request}


def response_event(request_id: str, cookie: str | None = None) -> dict[str, Any]:
    return {**event(request_id, cookie), "response": {"statusCode": 200, "headers": {}, "cookies": {}}}


def request_ids(count: int) -> list[str]:
    """Return ids in the form of CloudFront's, the same in every run."""
    random_ids = random.Random(20261127)
    letters = string.ascii_letters + string.digits + "-_"
    return ["".join(random_ids.choices(letters, k=54)) + "==" for _ in range(count)]


def candidates(results: Sequence[dict[str, Any]]) -> list[bool]:
    """Return for each result whether the candidate has the request."""
    return [each["selected"] is not None for each in results]


def test_the_candidate_has_its_percentage_of_the_requests(run_all: RunAll) -> None:
    events = [event(each) for each in request_ids(4_000)]
    cases = {
        (weight, sticky): Case(request_function(CANDIDATE_HOST, sticky=sticky), events, share(weight))
        for weight in (1, 10, 50, 99)
        for sticky in (False, True)
    }
    for (weight, _), results in run_all(cases).items():
        assert abs(100 * sum(candidates(results)) / len(results) - weight) < 2


def test_the_candidate_has_no_request_at_0_and_each_at_100(run: Run) -> None:
    code = request_function(CANDIDATE_HOST, sticky=True)
    events = [event(each) for each in request_ids(1_000)]
    assert not any(candidates(run(code, events, share(0))))
    assert all(candidates(run(code, events, share(100))))


def test_another_candidate_has_no_request_until_the_share_is_its_own(run_all: RunAll) -> None:
    events, code = [event(each) for each in request_ids(100)], request_function(CANDIDATE_HOST, sticky=True)
    shares = {"before": weight_value(100, f"x{CANDIDATE_HOST}"), "without a host": "100", "own": share(100)}
    results = run_all({name: Case(code, events, each) for name, each in shares.items()})
    assert {name: set(candidates(each)) for name, each in results.items()} == {
        "before": {False},
        "without a host": {False},
        "own": {True},
    }


def test_the_candidate_is_selected_with_its_own_host(run: Run) -> None:
    (result,) = run(request_function(CANDIDATE_HOST, sticky=False), [event("id")], share(100))
    assert result["selected"] == ["candidate", {"hostHeader": CANDIDATE_HOST}]


def test_both_services_get_the_clients_host_in_another_header(run_all: RunAll) -> None:
    code = request_function(CANDIDATE_HOST, sticky=True)
    expected = {"host": {"value": "shop.example.com"}, "x-forwarded-host": {"value": "shop.example.com"}}
    for (result,) in run_all({weight: Case(code, [event("id")], share(weight)) for weight in (0, 100)}).values():
        assert result["result"]["headers"] == expected


def test_a_header_of_the_client_does_not_replace_its_host(run: Run) -> None:
    forged = event("id")
    forged["request"]["headers"]["x-forwarded-host"] = {"value": "evil.example.com"}
    (result,) = run(request_function(CANDIDATE_HOST, sticky=True), [forged])
    assert result["result"]["headers"]["x-forwarded-host"] == {"value": "shop.example.com"}


def test_the_stable_service_has_each_request_while_the_weight_cannot_be_read(run_all: RunAll) -> None:
    events, code = [event(each) for each in request_ids(100)], request_function(CANDIDATE_HOST, sticky=True)
    for results in run_all(
        {weight: Case(code, events, weight) for weight in (None, "", "ten", "NaN", f"ten {CANDIDATE_HOST}")}
    ).values():
        assert candidates(results) == [False] * 100


def test_the_stable_service_has_a_request_for_which_the_selection_fails(run: Run) -> None:
    code = request_function(CANDIDATE_HOST, sticky=False).replace("cf.selectRequestOriginById", "cf.noSuchMethod")
    (result,) = run(code, [event("id")], share(100))
    assert (result["selected"], result["result"]["uri"]) == (None, "/")


def test_the_cookie_has_the_bucket_of_the_request_that_it_answers(run: Run) -> None:
    ids = request_ids(300)
    answers = run(response_function(), [response_event(each) for each in ids])
    cookies = [each["result"]["cookies"]["apprunner-split"] for each in answers]
    assert {each["attributes"] for each in cookies} == {"Path=/; Secure; HttpOnly; SameSite=Lax"}
    code = request_function(CANDIDATE_HOST, sticky=True)
    first = candidates(run(code, [event(each) for each in ids], share(30)))
    others = reversed(ids)
    later = candidates(
        run(code, [event(other, cookie["value"]) for other, cookie in zip(others, cookies, strict=True)], share(30))
    )
    assert first == later
    assert Counter(first)[True] > 0


def test_a_client_moves_to_the_candidate_once_while_the_weight_rises_and_back_when_it_falls(run_all: RunAll) -> None:
    events, code = [event(each, "42") for each in request_ids(20)], request_function(CANDIDATE_HOST, sticky=True)
    results = run_all({weight: Case(code, events, share(weight)) for weight in (0, 41, 42, 43, 100)})
    moved = {weight: set(candidates(of_weight)) for weight, of_weight in results.items()}
    assert moved == {0: {False}, 41: {False}, 42: {False}, 43: {True}, 100: {True}}


def test_weight_0_applies_to_clients_with_a_cookie_too(run: Run) -> None:
    code = request_function(CANDIDATE_HOST, sticky=True)
    assert not any(candidates(run(code, [event("id", str(bucket)) for bucket in range(100)], share(0))))


def test_a_client_keeps_its_cookie(run: Run) -> None:
    (result,) = run(response_function(), [response_event("id", "7")])
    assert result["result"]["cookies"] == {}


def test_an_invalid_cookie_is_replaced(run_all: RunAll) -> None:
    code, invalid = request_function(CANDIDATE_HOST, sticky=True), ("", "100", "-1", "1e1", "0x1", "candidate")
    results = run_all(
        {
            "answers": Case(response_function(), [response_event("id", each) for each in invalid]),
            "requests": Case(code, [event("id", each) for each in invalid], share(50)),
            "without a cookie": Case(code, [event("id")], share(50)),
        }
    )
    values = [each["result"]["cookies"]["apprunner-split"]["value"] for each in results["answers"]]
    assert len(set(values)) == 1
    assert 0 <= int(values[0]) <= 99
    assert set(candidates(results["requests"])) == set(candidates(results["without a cookie"]))


def test_a_cookie_has_no_effect_without_stickiness(run: Run) -> None:
    code = request_function(CANDIDATE_HOST, sticky=False)
    ids = request_ids(300)
    with_cookie = candidates(run(code, [event(each, "0") for each in ids], share(30)))
    assert with_cookie == candidates(run(code, [event(each) for each in ids], share(30)))


def test_other_cookies_of_a_response_stay(run: Run) -> None:
    answer = response_event("id")
    answer["response"]["cookies"]["session"] = {"value": "s", "attributes": "Secure"}
    (result,) = run(response_function(), [answer])
    assert set(result["result"]["cookies"]) == {"session", "apprunner-split"}


def test_the_code_has_a_size_that_cloudfront_accepts() -> None:
    longest = f"{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 61}"
    for code in (request_function(longest, sticky=True), response_function()):
        assert len(code.encode()) <= FUNCTION_BYTES


def test_the_code_imports_only_the_module_of_its_runtime() -> None:
    assert request_function(CANDIDATE_HOST, sticky=True).startswith(IMPORT)
    assert request_function(CANDIDATE_HOST, sticky=True).count("import ") == 1
    assert "import" not in response_function()
