"""A fake of App Runner's control plane: boto3 talks to it as to AWS, and it refuses what AWS refuses.

It is a fake: nothing is built, pulled or run. It holds what App Runner's API would hold, and its rules come from AWS's
texts where there are any. Each rule names its evidence by one of these tags:

[M]   AWS's own model of the API, which botocore brings
[D]   a page of the current developer guide
[A22] the developer guide of 2022
[AW]  other code or texts of AWS's (Copilot, CDK)
[P]   the Terraform provider's source
[R]   answers of the live API that somebody recorded or quoted in public
[C]   somebody's article
[assumed] no source: the likeliest behaviour, to be corrected when the live API shows another

    plane = AppRunner(World(durations=Durations(update_service=300)))
    with serve(plane) as url:
        client = botocore.session.get_session().create_client("apprunner", endpoint_url=url, ...)
        client.create_service(...)
        plane.clock.move(60)
        plane.faults.give(Fault.roll_back(reason="the health check failed"))

Time does not pass until it is moved, unless the clock flows. `Control(url)` does from another process what a test does
with `plane`.
"""

from apprunner_local.apprunner.clock import Clock
from apprunner_local.apprunner.control import Control
from apprunner_local.apprunner.faults import Fault
from apprunner_local.apprunner.plane import AppRunner
from apprunner_local.apprunner.refused import RefusedError
from apprunner_local.apprunner.server import serve
from apprunner_local.apprunner.world import Durations, World

__all__ = ["AppRunner", "Clock", "Control", "Durations", "Fault", "RefusedError", "World", "serve"]
