import pytest

from apprunner_facts.commands import shell_operator


@pytest.mark.parametrize(
    ("command", "operator"),
    [
        ("node server.js", None),
        ("npm run migrate && npm start", "&&"),
        ("node server.js 2>&1 | tee app.log", ">&"),
        ("node server.js&", "&"),
        ("npm run migrate;npm start", ";"),
        ("sh -c 'npm run migrate && npm start'", None),
        ('"/bin/bash" -c "a | b"', None),
        ("/usr/bin/env sh -c 'a && b'", None),
        (r"find . -exec ls {} \;", None),
        ("node -e 'a && b'", None),
        ('node -e "say(\\"a\\") | b" > log', ">"),
        ("echo '&&'", None),
        ("node 'server.js && npm", None),
        ("", None),
    ],
)
def test_the_first_shell_operator_outside_quotes(command, operator):
    assert shell_operator(command) == operator


@pytest.mark.parametrize("text", ["A", "\\", "'", '"', "'a' ", '"\\"', "a/"])
def test_a_long_command_takes_linear_time(text):
    assert shell_operator("node " + text * 200_000) is None
