"""A fake of App Runner's control plane for boto3, which rejects the requests that AWS rejects.

It builds, pulls and runs nothing: it only keeps the state that App Runner's API returns. Its rules come from AWS's
documentation where there is any. A rule is a comment that begins with one of these tags; docs/local-aws-rules.md lists
all rules:

[M]       AWS's own model of the API, which botocore contains
[D: ...]  a page of the current developer guide
[A22]     the developer guide of 2022
[AW: ...] other code or documentation by AWS (Copilot, CDK)
[P: ...]  the source of the Terraform provider or of pulumi-aws
[R: ...]  responses of the live API that were recorded or quoted in public
[assumed] no source: the likeliest behaviour, to be corrected if the live API differs

    plane = AppRunner(World(durations=Durations(update_service=300)))
    with serve(plane) as url:
        client = botocore.session.get_session().create_client("apprunner", endpoint_url=url, ...)
        client.create_service(...)
        plane.clock.move(60)
        plane.faults.inject(Fault.roll_back(reason="the health check failed"))

Time does not pass until the clock is moved, unless the clock is ticking. `Control(url)` controls the fake from another
process as a test does with `plane`.
"""

from apprunner_local.apprunner.clock import Clock
from apprunner_local.apprunner.control import Control
from apprunner_local.apprunner.errors import RejectedError
from apprunner_local.apprunner.faults import Fault
from apprunner_local.apprunner.plane import AppRunner
from apprunner_local.apprunner.server import serve
from apprunner_local.apprunner.world import Durations, World

__all__ = ["AppRunner", "Clock", "Control", "Durations", "Fault", "RejectedError", "World", "serve"]
