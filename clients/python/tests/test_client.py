"""Problems, cursors, sign-in, ETags and paths."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlsplit

import pytest
from conftest import FakeMarket
from fake_market import Answer, problem, session

from pairwork import Pairwork, PairworkError, ProblemError, etag_of

EMAIL, PASSWORD = "mina@example.com", "열려라 참깨 2026"
UNAUTHORIZED = problem(401, "unauthorized")


def test_a_problem_document_becomes_an_error_with_all_its_members(fake_market: FakeMarket) -> None:
    errors = [{"pointer": "/skills/0", "code": "too_long", "detail": "must be at most 50 characters long"}]
    document = {"title": "Some fields are not acceptable", "status": 422, "code": "validation_failed"}
    body = document | {"detail": "1 field is not acceptable", "errors": errors, "request_id": "JKJaXmPLvHcESHA="}
    with pytest.raises(ProblemError) as caught:
        Pairwork(fake_market(Answer(422, body)).url).get_health()
    error = caught.value
    assert str(error) == "422 validation_failed: 1 field is not acceptable"
    assert (error.status, error.code, error.title) == (422, "validation_failed", "Some fields are not acceptable")
    assert (error.detail, error.errors) == ("1 field is not acceptable", errors)
    assert (error.request_id, error.retry_after) == ("JKJaXmPLvHcESHA=", None)


def test_an_answer_of_the_gateway_has_a_code_made_of_its_status(fake_market: FakeMarket) -> None:
    market = fake_market(Answer(403, {"message": "Forbidden"}, {"apigw-requestid": "abc="}))
    with pytest.raises(ProblemError) as caught:
        Pairwork(market.url).get_health()
    error = caught.value
    assert (error.code, error.detail, error.request_id, error.errors) == ("http_403", "Forbidden", "abc=", [])


@pytest.mark.parametrize("body", ["<h1>Oops</h1>", '{"mess', "[1]", "null", ""])
def test_any_body_of_an_error_is_a_problem(fake_market: FakeMarket, body: str) -> None:
    with pytest.raises(ProblemError) as caught:
        Pairwork(fake_market(Answer(500, body)).url).get_health()
    assert (caught.value.code, caught.value.title) == ("http_500", "Internal Server Error")


def test_a_success_that_is_not_json_is_an_error(fake_market: FakeMarket) -> None:
    with pytest.raises(PairworkError, match="is not JSON"):
        Pairwork(fake_market(Answer(200, "<h1>Hello</h1>")).url).get_health()


def test_a_redirect_is_not_followed(fake_market: FakeMarket) -> None:
    market = fake_market(Answer(307, {}, {"location": "/elsewhere"}))
    with pytest.raises(ProblemError, match="307"):
        Pairwork(market.url).sign_in({"email": EMAIL, "password": PASSWORD})
    assert len(market.requests) == 1


def test_an_iterator_follows_the_cursors_and_repeats_the_parameters(fake_market: FakeMarket) -> None:
    market = fake_market(
        Answer(200, {"items": [{"id": "a"}, {"id": "b"}], "next_cursor": "two/2"}),
        Answer(200, {"items": [], "next_cursor": "three"}),
        Answer(200, {"items": [{"id": "c"}], "next_cursor": None}),
    )
    projects = Pairwork(market.url).iter_projects(skill="C++ & 한글", limit=2)
    assert [project["id"] for project in projects] == ["a", "b", "c"]
    queries = [dict(parse_qsl(urlsplit(request.target).query)) for request in market.requests]
    parameters = {"skill": "C++ & 한글", "limit": "2"}
    assert queries == [parameters, parameters | {"cursor": "two/2"}, parameters | {"cursor": "three"}]


def test_an_iterator_reads_no_page_that_nobody_asks_for(fake_market: FakeMarket) -> None:
    market = fake_market(Answer(200, {"items": [{"id": "a"}], "next_cursor": "more"}))
    assert next(Pairwork(market.url).iter_projects())["id"] == "a"
    assert len(market.requests) == 1


def test_the_client_signs_in_before_the_first_call_that_needs_it_and_once_for_all_threads(
    fake_market: FakeMarket,
) -> None:
    market = fake_market(session("one"), *[Answer(200, {"id": "usr_1"})] * 4)
    pairwork = Pairwork(market.url, email=EMAIL, password=PASSWORD)
    with ThreadPoolExecutor(4) as threads:
        accounts = list(threads.map(lambda _: pairwork.get_my_account(), range(4)))
    assert [account["id"] for account in accounts] == ["usr_1"] * 4
    assert [request.target for request in market.requests] == ["/sessions"] + ["/accounts/me"] * 4
    assert {request.headers["authorization"] for request in market.requests[1:]} == {"Bearer one"}


def test_a_refused_token_is_renewed_once_and_the_idempotency_key_stays(fake_market: FakeMarket) -> None:
    market = fake_market(UNAUTHORIZED, session("two"), Answer(201, {"id": "prj_1"}))
    pairwork = Pairwork(market.url, email=EMAIL, password=PASSWORD, token="one")
    pairwork.post_project({"title": "Payment API", "category": "Software", "skills": ["Rust"]})
    first, signing_in, second = market.requests
    assert (first.headers["authorization"], second.headers["authorization"]) == ("Bearer one", "Bearer two")
    assert (signing_in.target, signing_in.headers.get("authorization")) == ("/sessions", None)
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


def test_a_token_that_is_refused_twice_is_an_error(fake_market: FakeMarket) -> None:
    market = fake_market(UNAUTHORIZED, session("two"), UNAUTHORIZED)
    with pytest.raises(ProblemError, match="401"):
        Pairwork(market.url, email=EMAIL, password=PASSWORD, token="one").get_my_account()
    assert len(market.requests) == 3


def test_a_refused_token_without_credentials_is_an_error(fake_market: FakeMarket) -> None:
    market = fake_market(UNAUTHORIZED)
    with pytest.raises(ProblemError, match="401"):
        Pairwork(market.url, token="one").get_my_account()
    assert len(market.requests) == 1


def test_wrong_credentials_are_an_error_and_the_next_call_signs_in_again(fake_market: FakeMarket) -> None:
    market = fake_market(problem(401, "invalid_credentials"), session("one"), Answer(200, {"id": "usr_1"}))
    pairwork = Pairwork(market.url, email=EMAIL, password=PASSWORD)
    with pytest.raises(ProblemError, match="invalid_credentials"):
        pairwork.get_my_account()
    assert pairwork.get_my_account()["id"] == "usr_1"


def test_a_public_operation_carries_no_token(fake_market: FakeMarket) -> None:
    market = fake_market(Answer())
    Pairwork(market.url, token="one").get_health()
    assert "authorization" not in market.requests[0].headers


def test_the_etag_of_an_answer_goes_back_as_if_match(fake_market: FakeMarket) -> None:
    answer = Answer(200, {"id": "prj_1", "title": "Old"}, {"etag": '"7"'})
    market = fake_market(answer, problem(412, "precondition_failed"))
    pairwork = Pairwork(market.url, token="one")
    project = pairwork.get_project("prj_1")
    with pytest.raises(ProblemError, match="412 precondition_failed"):
        pairwork.patch_project("prj_1", {"title": "New"}, if_match=etag_of(project))
    assert market.requests[1].headers["if-match"] == '"7"'
    with pytest.raises(PairworkError, match="no ETag"):
        etag_of(dict(project))


def test_an_answer_that_has_not_changed_is_a_problem_of_its_own(fake_market: FakeMarket) -> None:
    market = fake_market(Answer(304, ""))
    with pytest.raises(ProblemError) as caught:
        Pairwork(market.url).get_project("prj_1", if_none_match='"7"')
    assert (caught.value.status, caught.value.code) == (304, "not_modified")


def test_an_id_cannot_lead_to_another_path(fake_market: FakeMarket) -> None:
    market = fake_market(Answer())
    pairwork = Pairwork(market.url)
    for id_ in ("", ".", ".."):
        with pytest.raises(PairworkError, match="cannot be part of a path"):
            pairwork.get_project(id_)
    pairwork.get_project("../accounts/me?x=1#y")
    assert [request.target for request in market.requests] == ["/projects/..%2Faccounts%2Fme%3Fx%3D1%23y"]


def test_a_base_url_may_have_a_path(fake_market: FakeMarket) -> None:
    market = fake_market(Answer())
    Pairwork(market.url + "/stage/").get_health()
    assert market.requests[0].target == "/stage/health"


def test_the_base_url_comes_from_the_environment(fake_market: FakeMarket, monkeypatch: pytest.MonkeyPatch) -> None:
    market = fake_market(Answer())
    monkeypatch.setenv("PAIRWORK_URL", market.url)
    Pairwork().get_health()
    assert len(market.requests) == 1


@pytest.mark.parametrize("url", ["example.com", "ftp://example.com", "http://"])
def test_a_base_url_must_be_a_url(url: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        Pairwork(url)


def test_email_and_password_go_together() -> None:
    with pytest.raises(ValueError, match="go together"):
        Pairwork(email=EMAIL)
