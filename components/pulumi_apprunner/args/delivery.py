"""The arguments of GitHubDelivery."""

from collections.abc import Sequence
from dataclasses import field
from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, ValidationInfo, field_validator

from apprunner_facts import deployer, github
from apprunner_facts.limits import Range
from apprunner_facts.source import GITHUB_CLAIMS
from pulumi_apprunner.args.annotations import Bounds, Described
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.values import (
    HostedZoneId,
    PolicyArn,
    PolicyDocument,
    RepositoryArn,
    ServiceArn,
    Tags,
    aws_assigned,
    distinct,
    one_of,
)

_ID = Range(1, None, 1, "id", GITHUB_CLAIMS)
_VARIABLE = "${"
_PROVIDER = f"the ARN of GitHub's identity provider (arn:aws:iam::ACCOUNT:oidc-provider/{github.ISSUER})"


def _repository(name: str) -> str:
    if not github.REPOSITORY.fullmatch(name):
        raise invalid("must be OWNER/NAME of a repository on GitHub, such as acme/orders, without a URL or wildcards")
    return name


def _branch(name: str) -> str:
    if name.startswith("refs/"):
        raise invalid("must be the name of a branch without refs/heads/")
    if "*" in name:
        raise invalid(
            "must be the name of one branch, without *", "Name each branch, or use environments with rules for branches"
        )
    if not name or github.NO_REFERENCE.search(name) or _VARIABLE in name:
        raise invalid("must be the name of a branch")
    return name


def _tag(name: str) -> str:
    if name.startswith("refs/"):
        raise invalid("must be the name of a tag without refs/tags/")
    if not name or github.NO_REFERENCE.search(name.replace("*", "x")) or _VARIABLE in name:
        raise invalid("must be the name of a tag, in which * matches any characters")
    return name


def _environment(name: str) -> str:
    if any(each in name for each in ("*", "?", _VARIABLE)) or not name.isprintable() or name != name.strip():
        raise invalid("must be the name of one environment, without * and ?", "Name each environment")
    return name


def _subject(subject: str) -> str:
    if any(each in subject for each in ("*", "?", _VARIABLE)) or not subject.isprintable():
        raise invalid("must be the whole subject of a token, without * and ?")
    if not github.NAMES_A_REPOSITORY.fullmatch(subject):
        raise invalid(
            "must name the repository with repo:OWNER/NAME, repository:OWNER/NAME, repository_id:ID or "
            "job_workflow_ref:OWNER/NAME/..."
        )
    return subject


def _enterprise(name: str) -> str:
    if not github.ENTERPRISE.fullmatch(name):
        raise invalid("must be the short name of an enterprise, as in github.com/enterprises/NAME")
    return name


_NonEmpty = StringConstraints(min_length=1, max_length=255)
_ProviderArn = Annotated[str, aws_assigned(github.PROVIDER_ARN, _PROVIDER)]


def _provider_arn(arn: str) -> str:
    if not github.PROVIDER_ARN.fullmatch(arn):
        raise invalid(f"must be {_PROVIDER}")
    return arn


@args_type
class GitHubProvider:
    """GitHub's identity provider in IAM, which the component creates. An account has one, for all of its repositories.

    Pulumi keeps it in AWS when the stack is destroyed, because other roles may trust it.
    """

    import_arn: Annotated[str, AfterValidator(_provider_arn)] | None = None
    """The ARN of an existing provider that Pulumi imports into this stack. Its audiences and tags stay as they are, as
    long as this argument is set: keep it after the import. Default: a new provider is created, which fails if the
    account has one."""

    enterprise: Annotated[str, AfterValidator(_enterprise)] | None = None
    """The short name of an enterprise whose tokens have an issuer of their own. Default: none."""

    @field_validator("enterprise")
    @classmethod
    def _fits_the_import(cls, enterprise: str | None, info: ValidationInfo) -> str | None:
        match = github.PROVIDER_ARN.fullmatch(info.data.get("import_arn") or "")
        if match and enterprise is not None and match["issuer"] != f"{github.ISSUER}/{enterprise}":
            raise invalid("must be the enterprise in import_arn", "Remove it")
        return enterprise


@args_type
class GitHubJobs:
    """The jobs of a repository that may assume a role. At least one of the lists must not be empty."""

    environments: Annotated[
        Sequence[Annotated[str, _NonEmpty, AfterValidator(_environment)]], distinct("environment")
    ] = ()
    """Environments: jobs with `environment: NAME`, on any branch or tag. Limit its branches and reviewers in GitHub's
    settings of the environment. Such a job has no other subject: `branches` and `tags` do not match it. Default: none.
    """

    branches: Annotated[Sequence[Annotated[str, AfterValidator(_branch)]], distinct("branch")] = ()
    """Branches: jobs without an environment on a branch, such as main. Names are exact: `*` is not supported. Default:
    none."""

    tags: Annotated[Sequence[Annotated[str, AfterValidator(_tag)]], distinct("tag")] = ()
    """Git tags: jobs without an environment on a tag. `*` matches any characters, as in `v*`. Whoever may push such a
    tag decides what is deployed: protect these tags with a ruleset in GitHub. Default: none."""

    subjects: Annotated[Sequence[Annotated[str, _NonEmpty, AfterValidator(_subject)]], distinct("subject")] = ()
    """Whole subjects, for a repository or organization that customized the claims in its subjects. They must name a
    repository, and contain no wildcards. Default: none."""

    @field_validator("subjects")
    @classmethod
    def _is_not_empty(cls, subjects: Sequence[str], info: ValidationInfo) -> Sequence[str]:
        lists = ("environments", "branches", "tags")
        if not subjects and all(name in info.data for name in lists) and not any(info.data[name] for name in lists):
            problem = (
                "must name at least one job, got none. Set environments (jobs with `environment: NAME`), branches, "
                "tags or subjects"
            )
            raise invalid_paths({(): problem}, missing=lists)
        return subjects


@args_type
class StackRole(GitHubJobs):
    """The jobs that run `pulumi up`, and what their role may manage with it."""

    name_prefix: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{2,39}$"),
        Described("3 to 40 letters, digits, hyphens and underscores, beginning with a letter or digit"),
    ]
    """The beginning of the names of all resources that the role may manage. By default names begin with the project of
    the program that the jobs run: use `PROJECT-`. A resource whose name begins differently needs policy_documents."""

    roles_boundary: In[PolicyArn]
    """The ARN of the permissions boundary of every role that this role may create or change. Set the components'
    argument `permissions_boundary` to the same ARN. Without a boundary the role could create a role with any
    permissions and let a service use it."""

    components: Annotated[
        Sequence[Annotated[str, one_of(tuple(deployer.GRANTS))]], Field(min_length=1), distinct("component")
    ] = ("AppRunnerService",)
    """The components in the program, such as AppRunnerService and PauseSchedule. The role gets the permissions for
    their resources. For a Fleet list the components that it creates. Default: AppRunnerService."""

    region: (
        Annotated[
            str, StringConstraints(pattern=r"^[a-z]{2}(?:-[a-z]+)+-[0-9]$"), Described("a region, such as eu-west-1")
        ]
        | None
    ) = None
    """The region of the resources. Default: that of the ECR repository."""

    hosted_zone_ids: Annotated[Sequence[In[HostedZoneId]], distinct("zone")] = ()
    """The hosted zones in which the role may change records, for CustomDomain. Default: none."""

    policy_documents: Sequence[In[PolicyDocument]] = ()
    """Policy documents (JSON) whose statements are added to the role: for the state's bucket and key, other resources
    in the program, and the KMS keys that they use. Default: none."""


@args_type
class DeliverySettings:
    """A repository on GitHub, and which of its jobs may push and deploy."""

    github_repository: Annotated[str, AfterValidator(_repository)]
    """OWNER/NAME of the repository on GitHub, such as acme/orders, in the spelling that GitHub shows: upper and lower
    case differ."""

    owner_id: Annotated[int, Bounds(_ID)] | None = None
    """The number of the repository's owner, for a repository that was created, renamed or transferred after 2026-07-15,
    or that uses immutable subjects: `gh api repos/OWNER/NAME --jq .owner.id`. Default: none; the subjects contain only
    names."""

    repository_id: Annotated[int, Bounds(_ID)] | None = None
    """The number of the repository: `gh api repos/OWNER/NAME --jq .id`. Required with owner_id. Default: none."""

    provider_arn: In[_ProviderArn] | None = None
    """The ARN of GitHub's identity provider in this account. Exactly one of `provider_arn` and `provider` is
    required."""

    provider: GitHubProvider | None = None
    """The provider, if this component creates or imports it. Set it in one stack of an account only, and `provider_arn`
    in the others. Default: none."""

    deploy: GitHubJobs
    """The jobs that may assume the deploy role: push images, start a deployment and wait for it."""

    stack: StackRole | None = None
    """A second role, for jobs that run `pulumi up`. Default: none."""

    read_log: StrictBool = True
    """Whether the deploy role may read the service's deployment logs, whose end a failed job prints. They are App
    Runner's own, not the application's. Default: true."""

    permissions_boundary: In[PolicyArn] | None = None
    """The permissions boundary of the delivery's own roles. Default: none."""

    @field_validator("repository_id")
    @classmethod
    def _has_both_ids(cls, repository_id: int | None, info: ValidationInfo) -> int | None:
        if "owner_id" in info.data and (repository_id is None) is not (info.data["owner_id"] is None):
            raise invalid("must be set together with owner_id", "Set both, or none", got="", missing=["owner_id"])
        return repository_id

    @field_validator("provider")
    @classmethod
    def _is_alternative(cls, provider: GitHubProvider | None, info: ValidationInfo) -> GitHubProvider | None:
        given = info.data.get("provider_arn") is not None
        if "provider_arn" in info.data and (provider is not None) is given:
            raise invalid(
                "must be set, or provider_arn" if provider is None else "must not be set with provider_arn",
                "Exactly one of both is required",
                got="",
                missing=["provider_arn"],
            )
        return provider


@args_type
class GitHubDeliveryArgs(DeliverySettings):
    """The arguments of a GitHubDelivery."""

    repository_arn: In[RepositoryArn]
    """The ARN of the ECR repository to push to: ImageRepository.arn."""

    service_arn: In[ServiceArn] | None = None
    """The ARN of the service to deploy. Without it the deploy role can only push, as is enough before the service
    exists, and if `pulumi up` deploys. Default: none."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of the roles, and of a new provider. Do not store secrets in tags: pulumi-aws keeps them in plain text in
    the state. Default: none."""


def subjects_of(settings: DeliverySettings, jobs: GitHubJobs) -> github.Subjects:
    """Return the subjects of jobs: exact ones, and the patterns of tags with *."""
    prefix = github.repository_prefix(settings.github_repository, settings.owner_id, settings.repository_id)
    exact = [
        *(github.environment_subject(prefix, each) for each in jobs.environments),
        *(github.branch_subject(prefix, each) for each in jobs.branches),
        *(github.tag_subject(prefix, each) for each in jobs.tags if "*" not in each),
        *jobs.subjects,
    ]
    return github.Subjects(exact, [github.tag_subject(prefix, each) for each in jobs.tags if "*" in each])
