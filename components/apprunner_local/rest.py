# pyright: standard
"""All of AWS but App Runner: moto's server, on loopback, without log output."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from apprunner_local.edge.cloudfront import CloudFront
from apprunner_local.query_definitions import QueryDefinitions
from apprunner_local.route53.record_sets import RecordSets
from apprunner_local.value_changes import Changed, ValueChanges
from apprunner_local.waf.web_acls import WebAcls

_AWS_POLICIES = re.compile(r".*AppRunner.*|.*XRay.*|(AmazonS3)?ReadOnlyAccess")
"""The AWS managed policies that exist: all of them would take a second at every reset."""


@contextmanager
def serve_rest(
    web_acls: WebAcls, cloudfront: CloudFront, port: int = 0, changed: Changed | None = None
) -> Iterator[str]:
    """Serve moto's services, and yield their address. Their state belongs to the process: there is one account.

    Args:
        web_acls: Handles or checks the calls about web ACLs.
        cloudfront: Handles the calls to CloudFront.
        port: The port, 0 for any that is free.
        changed: Is called for each change of a secret or parameter. Default: nothing is called.
    """
    application: Any = RecordSets(QueryDefinitions(DomainDispatcherApplication(create_backend_app)))
    application = cloudfront.around(web_acls.around(application))
    if changed is not None:
        application = ValueChanges(application, changed)
    # werkzeug would exit the process if it could not bind the port.
    with socket.create_server(("127.0.0.1", port)) as bound:
        server = make_server(
            "127.0.0.1",
            0,
            application,
            threaded=True,
            request_handler=_Quiet,
            fd=bound.fileno(),  # type: ignore[arg-type]
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="moto")
    with ExitStack() as settings:
        settings.enter_context(patch("moto.iam.models.load_iam_aws_managed_policies", lambda: True))
        settings.enter_context(patch("moto.iam.models.aws_managed_policies_data", _aws_policies()))
        settings.enter_context(patch("moto.settings.ec2_load_default_amis", lambda: False))  # slow, and unused
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class _Quiet(MotoRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Print nothing."""


@cache
def _aws_policies() -> str:
    every = json.loads(aws_managed_policies_data)
    return json.dumps({name: policy for name, policy in every.items() if _AWS_POLICIES.fullmatch(name)})
