"""Error messages on the terminal."""

from collections.abc import Callable

from shop import Shop

Program = Callable[[str], Shop]


def test_a_run_error_is_printed_without_a_traceback(program: Program) -> None:
    assert program("raise pulumi.RunError('storefront: not found\\n  a: b')").plan().err == (
        "error: storefront: not found\n  a: b\n"
    )


def test_an_unexpected_exception_is_printed_with_the_frames_of_the_program_only(program: Program) -> None:
    shop = program("from helper import half\npulumi.Output.from_input('x').apply(lambda text: half(text))\n")
    shop.write("helper.py", "def half(text):\n    return text / 2\n")
    err = shop.plan().err
    assert err.startswith("error: the program raised an exception\nTraceback (most recent call last):\n")
    files = [line.strip().split('"')[1].rpartition("/")[2] for line in err.splitlines() if line.startswith("  File ")]
    assert files == ["__main__.py", "helper.py"]
    assert err.endswith("TypeError: unsupported operand type(s) for /: 'str' and 'int'\n")


def test_the_cause_of_an_exception_is_printed(program: Program) -> None:
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


def test_a_syntax_error_is_printed_with_its_file(program: Program) -> None:
    err = program("x = (1,\n").plan().err
    assert "SyntaxError" in err
    assert "__main__.py" in err
    assert "importlib" not in err


def test_the_error_for_a_missing_package_has_the_interpreter(program: Program) -> None:
    err = program("import acme_nowhere").plan().err
    assert "ModuleNotFoundError: No module named 'acme_nowhere'" in err
    assert "Install the module there" in err


def test_several_errors_are_printed(program: Program) -> None:
    text = """\
    def fail(error):
        raise error
    pulumi.Output.from_input(1).apply(lambda _: fail(pulumi.RunError("first")))
    pulumi.Output.from_input(1).apply(lambda _: fail(pulumi.RunError("second")))
    """
    assert program(text).plan().err == "error: first\nerror: second\n"


def test_invalid_inputs_are_printed_with_their_properties(program: Program) -> None:
    text = "raise pulumi.InputPropertiesError('bad', errors=[{'property_path': 'port', 'reason': 'is not one'}])"
    assert program(text).plan().err == "error: bad\n  port: is not one\n"


def test_markup_in_a_message_is_printed_unchanged(program: Program) -> None:
    assert program("raise pulumi.RunError('[red]no[/red] [/]')").plan().err == "error: [red]no[/red] [/]\n"
