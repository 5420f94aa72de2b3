"""Keeps a run of Schemathesis signed in, and adds two checks to its own."""

import os
import time
import uuid

import requests
import schemathesis
from schemathesis.core.failures import Failure

URL = os.environ["PAIRWORK_URL"]
PASSWORD = "seven purple kettles wander"

# Access tokens live for an hour at most, and sensitive acts need a proof of the last ten minutes.
SIGN_IN_AGAIN_S = 300

# The methods that CloudFront passes on. It refuses all others with 403.
PASSED_ON = {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}

# Rules that JSON Schema has no word for, and values that a client can only get from the market.
RULES = {
    "blank",
    "duplicate",
    "guessable",
    "in_the_past",
    "invalid_bank_account",
    "invalid_language",
    "invalid_phone",
    "min_above_max",
    "reserved_name",
    "unknown_currency",
    "unknown_timezone",
}
VALUES_OF_THE_MARKET = {
    "idempotency_key_reused",
    "invalid_authorization",
    "invalid_code",
    "invalid_cursor",
    "passkey_refused",
    "precondition_failed",
    "provider_refused",
    "unknown_origin",
}


def changes_the_account(method, path):
    """Whether a request may end the session of its caller, or change how the account signs in. Each of these requests
    gets an account of its own."""
    return method != "GET" and (path.startswith("/accounts/me") or path == "/sessions/{id}")


def register():
    """Opens an account and returns its e-mail address."""
    email = f"{uuid.uuid4().hex}@example.com"
    account = {"email": email, "password": PASSWORD, "display_name": "Conformance"}
    answer = requests.post(f"{URL}/accounts", json=account, timeout=60)
    assert answer.status_code == 201, answer.text
    return email


def sign_in(email):
    """Returns an access token."""
    answer = requests.post(f"{URL}/sessions", json={"email": email, "password": PASSWORD}, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


@schemathesis.auth(refresh_interval=None)
class SignedIn:
    """Gives every request that may be signed in the token of an account."""

    email = None
    token = None
    signed_in_at = 0.0

    def get(self, case, _context):
        if changes_the_account(case.method, case.operation.path):
            return sign_in(register())
        if self.token is None or time.monotonic() - self.signed_in_at > SIGN_IN_AGAIN_S:
            self.email = self.email or register()
            self.token, self.signed_in_at = sign_in(self.email), time.monotonic()
        return self.token

    def set(self, case, token, _context):
        case.headers["Authorization"] = f"Bearer {token}"


def codes(response):
    """The codes of a problem: of each wrong field, or of the problem itself. The standard WebAuthn defines the shape of
    a passkey's `credential`, and the API's description does not repeat it."""
    problem = response.json()
    errors = problem.get("errors")
    if not errors:
        return {problem["code"]}
    return {error["code"] for error in errors if error["pointer"] != "/credential"}


@schemathesis.check
def refused_by_a_rule(_context, response, case):
    """Data that fits the schema is refused only for what a schema cannot say."""
    if not case.meta.generation.mode.is_positive or response.status_code not in (400, 412, 422):
        return
    wrong = codes(response) - RULES - VALUES_OF_THE_MARKET
    if wrong:
        message = f"The schema allows this request, and the market refuses it: {', '.join(sorted(wrong))}"
        raise Failure(operation=case.operation.label, title="Refused although the schema allows it", message=message)


@schemathesis.check
def refused_before_a_function(_context, response, case):
    """An undeclared method gets the answer of API Gateway or of CloudFront, not one of a function."""
    data = case.meta.phase.data
    scenario = getattr(getattr(data, "scenario", None), "name", "")
    if scenario != "UNSPECIFIED_HTTP_METHOD" or response.request.method == "OPTIONS":
        return
    passed_on = response.request.method in PASSED_ON
    expected = (404, '{"message":"Not Found"}') if passed_on else (403, "Forbidden")
    if (response.status_code, response.text.strip()) != expected:
        message = f"{response.request.method} got {response.status_code} {response.text[:200]}, not {expected}"
        raise Failure(operation=case.operation.label, title="Wrong answer to an undeclared method", message=message)
