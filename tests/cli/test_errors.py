"""What a person is told when something is wrong."""

from collections.abc import Callable

from shop import Shop

Program = Callable[[str], Shop]


def test_a_run_error_is_its_message_alone(program: Program) -> None:
    assert program("raise pulumi.RunError('storefront: no such thing\\n  a: b')").plan().err == (
        "error: storefront: no such thing\n  a: b\n"
    )


def test_a_bug_is_told_with_the_frames_of_the_users_code_alone(program: Program) -> None:
    shop = program("from helper import half\npulumi.Output.from_input('x').apply(lambda text: half(text))\n")
    shop.write("helper.py", "def half(text):\n    return text / 2\n")
    err = shop.plan().err
    assert err.startswith("error: the program failed\nTraceback (most recent call last):\n")
    files = [line.strip().split('"')[1].rpartition("/")[2] for line in err.splitlines() if line.startswith("  File ")]
    assert files == ["__main__.py", "helper.py"]
    assert err.endswith("TypeError: unsupported operand type(s) for /: 'str' and 'int'\n")


def test_a_cause_of_the_users_own_is_told_too(program: Program) -> None:
    text = """\
    def load():
        try:
            return {}["key"]
        except KeyError as error:
            raise ValueError("no key") from error
    load()
    """
    err = program(text).plan().err
    assert "KeyError: 'key'" in err
    assert "direct cause" in err


def test_a_wrong_line_is_shown_where_it_stands(program: Program) -> None:
    err = program("x = (1,\n").plan().err
    assert "SyntaxError" in err
    assert "__main__.py" in err
    assert "importlib" not in err


def test_a_missing_package_is_told_with_the_interpreter_that_needs_it(program: Program) -> None:
    err = program("import acme_nowhere").plan().err
    assert "ModuleNotFoundError: No module named 'acme_nowhere'" in err
    assert "install what it imports there" in err


def test_several_errors_are_each_told(program: Program) -> None:
    text = """\
    def fail(error):
        raise error
    pulumi.Output.from_input(1).apply(lambda _: fail(pulumi.RunError("first")))
    pulumi.Output.from_input(1).apply(lambda _: fail(pulumi.RunError("second")))
    """
    assert program(text).plan().err == "error: first\nerror: second\n"


def test_wrong_inputs_are_told_with_their_properties(program: Program) -> None:
    text = "raise pulumi.InputPropertiesError('bad', errors=[{'property_path': 'port', 'reason': 'is not one'}])"
    assert program(text).plan().err == "error: bad\n  port: is not one\n"


def test_markup_in_a_message_is_left_alone(program: Program) -> None:
    assert program("raise pulumi.RunError('[red]no[/red] [/]')").plan().err == "error: [red]no[/red] [/]\n"
