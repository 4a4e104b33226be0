"""The functions that CloudFront runs for each request and response, in JavaScript for cloudfront-js-2.0."""

import json

CANDIDATE, STABLE = "candidate", "stable"
"""The ids of the distribution's origins."""
WEIGHT_KEY = "weight"
"""The key in the store whose value is the candidate's share in percent, and its host."""
COOKIE = "apprunner-split"
"""The cookie with a client's bucket, 0 to 99. It names no service, so that every change of the weight applies to it."""
HOST_HEADER = "x-forwarded-host"
"""The header in which the services get the host that the client requested. Host itself is the service's own."""

# A bucket of the request's id needs no state, and both functions compute the same one: the viewer's request is the only
# other thing that both can read (apprunner_facts.source.FUNCTION_EVENTS).
_BUCKET = """
function bucketOf(event) {
  const id = event.context.requestId;
  let hash = 0;
  for (let i = 0; i < id.length; i++) {
    hash = (hash * 31 + id.charCodeAt(i)) % 1000003;
  }
  return hash % 100;
}
"""

_COOKIE = """
function cookieOf(event) {
  const cookie = event.request.cookies[COOKIE];
  return cookie && /^[0-9]{1,2}$/.test(cookie.value) ? Number(cookie.value) : null;
}
"""

_REQUEST = """
async function handler(event) {
  const request = event.request;
  request.headers[HOST_HEADER] = { value: request.headers.host.value };
  try {
    const [weight, host] = (await cf.kvs().get(WEIGHT_KEY)).split(' ');
    if (host === CANDIDATE_HOST && BUCKET < Number(weight)) {
      cf.selectRequestOriginById(CANDIDATE, { hostHeader: CANDIDATE_HOST });
    }
  } catch (error) {
    console.log('The stable service has this request: ' + error);
  }
  return request;
}
"""

_RESPONSE = """
async function handler(event) {
  const response = event.response;
  if (cookieOf(event) === null) {
    response.cookies[COOKIE] = {
      value: String(bucketOf(event)),
      attributes: 'Path=/; Secure; HttpOnly; SameSite=Lax',
    };
  }
  return response;
}
"""


def weight_value(weight: int, candidate_host: str) -> str:
    """Return the value of the key: the weight, and the candidate's host, which has no share at weight 0.

    A share is one candidate's. Another candidate has no requests until the value names it, which the gate precedes.
    """
    return f"{weight} {candidate_host}" if weight else "0"


def request_function(candidate_host: str, *, sticky: bool) -> str:
    """Return the code for viewer requests: it selects the candidate for the share that the key value store has.

    If anything fails, or the share is another candidate's, the request goes to the distribution's default origin, the
    stable service.

    Args:
        candidate_host: The candidate's own host. App Runner routes by the header Host, and CloudFront's documentation
            leaves open whether Host follows the selected origin, so the function sets it.
        sticky: Whether a client's cookie determines its bucket.
    """
    bucket = "bucketOf(event)"
    if sticky:
        bucket = f"(cookieOf(event) === null ? {bucket} : cookieOf(event))"
    names = {"HOST_HEADER": HOST_HEADER, "WEIGHT_KEY": WEIGHT_KEY, "CANDIDATE": CANDIDATE}
    constants = {**names, "CANDIDATE_HOST": candidate_host, **({"COOKIE": COOKIE} if sticky else {})}
    parts = [_BUCKET, _COOKIE if sticky else "", _REQUEST.replace("BUCKET", bucket)]
    return "import cf from 'cloudfront';\n\n" + _constants(constants) + "".join(parts)


def response_function() -> str:
    """Return the code for viewer responses: it sets the cookie of a client that has none."""
    return _constants({"COOKIE": COOKIE}) + _BUCKET + _COOKIE + _RESPONSE


def _constants(values: dict[str, str]) -> str:
    return "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items())
