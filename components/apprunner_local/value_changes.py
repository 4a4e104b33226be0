# pyright: standard
"""The events of Secrets Manager, Parameter Store and ECR, which moto does not send."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any

from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from apprunner_facts import events
from apprunner_facts.arns import EXAMPLE_ACCOUNT
from apprunner_local.query_definitions import Application, region_of

Changed = Callable[[str, str, str, str, dict[str, str]], None]
"""Takes an event: source, region, detail-type, the ARN of the resource, and the details."""

_TARGET = re.compile(
    r"(?P<secret>secretsmanager)\.(PutSecretValue|UpdateSecret|UpdateSecretVersionStage|RotateSecret)"
    r"|AmazonSSM\.(?P<parameter>PutParameter)"
    r"|AmazonEC2ContainerRegistry_V20150921\.(?P<image>PutImage)"
)


class ValueChanges:
    """A WSGI application that passes all calls on, and sends an event if the call changed a secret or a parameter, or
    pushed an image.

    Args:
        application: The application that handles the calls.
        changed: Takes the events.
    """

    def __init__(self, application: Application, changed: Changed) -> None:
        self._application = application
        self._changed = changed

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        match = _TARGET.fullmatch(environ.get("HTTP_X_AMZ_TARGET", ""))
        if match is None:
            return self._application(environ, start_response)
        region, parameters = region_of(environ), _parameters(environ)
        if match["image"]:
            return self._push(environ, start_response, region, parameters)
        name = str(parameters.get("SecretId" if match["secret"] else "Name", ""))
        before = _labels(region, name) if match["secret"] else {"version": _version(region, name)}
        # The events follow the response's creation and precede its first byte.
        response = [*self._application(environ, start_response)]
        if match["secret"]:
            self._send_labels(region, name, before)
        elif _version(region, name) != before["version"]:
            self._send_parameter(region, name)
        return response

    def _push(
        self, environ: dict[str, Any], start_response: Callable[..., Any], region: str, parameters: Mapping[str, Any]
    ) -> Iterable[bytes]:
        """Handle a PutImage, and send its event if it succeeded."""
        # [AW: ECR guide, ecr-eventbridge] Each completed push of an image is an event, with its tag and digest.
        statuses: list[str] = []

        def note_status(status: str, *more: Any) -> Any:
            statuses.append(status)
            return start_response(status, *more)

        response = [*self._application(environ, note_status)]
        if statuses[0].startswith("200"):
            image = json.loads(b"".join(response))["image"]
            detail = {
                "result": "SUCCESS",
                "action-type": "PUSH",
                "repository-name": image["repositoryName"],
                "image-digest": image["imageId"]["imageDigest"],
                "image-tag": image["imageId"].get("imageTag", ""),
            }
            arn = f"arn:aws:ecr:{region}:{EXAMPLE_ACCOUNT}:repository/{image['repositoryName']}"
            self._changed(events.ECR_SOURCE, region, events.ECR_IMAGE_ACTION, arn, detail)
        return response

    def _send_labels(self, region: str, name: str, before: Mapping[str, str]) -> None:
        """Send an event for each label of a secret that moved to another version."""
        # [AW: Secrets Manager guide, secret-event-notifications] Each label of a secret that moves is an event, except
        # AWSPENDING and AWSPREVIOUS.
        # [assumed] The labels of a new secret are no event.
        for label, version in _labels(region, name).items():
            if label not in events.SILENT_LABELS and version != before.get(label):
                secret = secretsmanager_backends[EXAMPLE_ACCOUNT][region].secrets[name]
                detail = {"name": secret.name, "labelUpdated": label, "versionId": version}
                source, kind = events.SECRETS_MANAGER_SOURCE, events.SECRET_LABEL_UPDATED
                self._changed(source, region, kind, secret.arn, detail)

    def _send_parameter(self, region: str, name: str) -> None:
        # [AW: Systems Manager guide, sysman-paramstore-cwe] A parameter that is created or updated is an event.
        parameter = ssm_backends[EXAMPLE_ACCOUNT][region]._parameters[name][-1]
        operation = "Create" if parameter.version == 1 else "Update"
        detail = {"operation": operation, "name": parameter.name, "type": parameter.parameter_type}
        arn = f"arn:aws:ssm:{region}:{EXAMPLE_ACCOUNT}:parameter/{parameter.name.removeprefix('/')}"
        self._changed(events.PARAMETER_STORE_SOURCE, region, events.PARAMETER_STORE_CHANGE, arn, detail)


def _labels(region: str, name: str) -> Mapping[str, str]:
    """Return the version of each label of a secret; nothing if the secret does not exist."""
    secret = secretsmanager_backends[EXAMPLE_ACCOUNT][region].secrets.get(name)
    versions = secret.versions if secret else {}
    return {label: version for version, content in versions.items() for label in content["version_stages"]}


def _version(region: str, name: str) -> str:
    versions = ssm_backends[EXAMPLE_ACCOUNT][region]._parameters.get(name) or []
    return str(versions[-1].version) if versions else ""


def _parameters(environ: dict[str, Any]) -> Mapping[str, Any]:
    """Return a call's parameters, and leave the body readable."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    return json.loads(body or b"{}")
