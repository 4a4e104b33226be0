"""The forms of secrets: what a message names, and patterns that take linear time."""

import re
import runpy
import textwrap
from pathlib import Path

import pytest

from apprunner_policies.plaintext import by_form
from apprunner_policies.plaintext.commands import COMMANDS
from apprunner_policies.plaintext.formats import ADDRESSES, FORMS, OFTEN_PUBLIC
from apprunner_policies.plaintext.gitleaks import RULES
from policies.secret_corpus import mixed

ALL = [*FORMS, *OFTEN_PUBLIC, *ADDRESSES, *COMMANDS, *RULES]
TOOL = Path(__file__).parents[2] / "tools" / "gitleaks.py"


@pytest.mark.parametrize(("what", "words", "pattern"), ALL)
def test_every_repetition_in_a_pattern_is_bounded(what, words, pattern):
    # A search then tries a bounded number of steps at each character, however long the text is.
    without_literals = re.sub(r"\\.|\[(?:\\.|[^\]\\])+\]", "", pattern)

    assert not re.search(r"[*+]|\{[0-9]+,\}", without_literals), what
    assert words == words.lower()
    assert re.compile(pattern)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("serve --db-password " + "tiger99", "it sets the option --db-password (at character 7)"),
        ("DB_PASSWORD=" + "tiger99 serve", "it sets DB_PASSWORD"),
        ("sh -c 'export API_TOKEN=" + "tiger99x; serve'", "it sets API_TOKEN (at character 15)"),
        ("mysql -uapp -p" + "tiger99 -hdb", "it sets -p of mysql"),
        ("curl -u ':" + "tiger99' https://example.com", "it sets the option for user:password (at character 6)"),
        ("curl -u app:" + "tiger99 https://example.com", "it sets the option for user:password (at character 6)"),
        ("java -Dstore.password=" + "tiger99", "it sets the option -Dstore.password (at character 6)"),
        ("redis-server --requirepass " + "tiger99", "it sets the option --requirepass (at character 14)"),
        ("git clone https://bot:" + "tiger99@example.com/x", "it is a URL with a password (at character 11)"),
        ("run gh" + "p_" + mixed(36), "it looks like a GitHub token (at character 5)"),
        ("CREATE USER a IDENTIFIED BY '" + "tiger99'", "it sets PASSWORD (at character 15)"),
    ],
)
def test_the_reason_names_the_part_that_is_a_secret_but_not_its_value(command, expected):
    assert by_form(command) == expected


@pytest.mark.parametrize(
    "command",
    [
        "SECRET_KEY=dummy python manage.py collectstatic --noinput",
        "SECRET_KEY=collectstatic-only python manage.py collectstatic --noinput",
        "DATABASE_URL=postgres://user:pass@localhost/db SECRET_KEY=build python manage.py collectstatic",
        "SECRET_KEY_BASE=1 rails assets:precompile",
        "serve --secret prod-orders-db",
        "export PASSWORD=`aws ssm get-parameter --name /shop/db --with-decryption` && serve",
        "docker login -u bot --password-stdin registry.example.com",
        "docker run --user 1000:1000 shop",
        "curl -u orders https://example.com",
        "mysql -p -h db orders",
        "openssl rsa -passin env:KEY_PASSWORD -in tls.key",
    ],
)
def test_dummy_values_of_build_steps_and_references_pass(command):
    assert by_form(command) is None


@pytest.mark.parametrize("token", ["AKIA" + "IOSFODNN7" + "EXAMPLE", "gh" + "p_" + "x" * 36, "glpat" + "-" + "X" * 20])
def test_a_token_of_documentation_passes_and_does_not_hide_a_real_one(token):
    assert by_form(token) is None
    assert by_form(f"{token} gh" + "p_" + mixed(36)) == f"it looks like a GitHub token (at character {len(token) + 2})"


def test_a_password_in_a_build_step_that_is_no_word_is_a_secret():
    assert by_form("SECRET_KEY=" + "tiger99x python manage.py collectstatic")


def test_the_tool_converts_gitleaks_rules(tmp_path):
    rules = r"""
        [[rules]]
        id = "acme-token"
        regex = '''\b(acme_(?i)[a-z0-9]{8}\.[[:alnum:]+]+)(?:[\x60'"\s;]|\\[nr]|$)'''
        keywords = ["acme_"]

        [[rules]]
        id = "beta-api-key"
        regex = '''(?i)[\w.-]{0,50}?(?:beta)(?:[ \t\w.-]{0,20})([a-f0-9]{32})'''
        keywords = ["beta"]

        [[rules]]
        id = "jwt"
        regex = '''ey[a-zA-Z0-9]{17,}'''
        keywords = ["ey"]
    """
    (tmp_path / "gitleaks.toml").write_text(textwrap.dedent(rules))
    runpy.run_path(str(TOOL))["main"](str(tmp_path / "gitleaks.toml"), "0a1b2c", str(tmp_path / "written.py"))

    written = runpy.run_path(str(tmp_path / "written.py"))
    assert written["RULES"] == (
        ("a secret (acme token)", "acme_", r"\b(?:acme_(?i:[a-z0-9]{8}\.[A-Za-z0-9+]{1,400}))"),
    )
    assert "commit 0a1b2c" in written["__doc__"]
    assert "MIT License" in written["__doc__"]
