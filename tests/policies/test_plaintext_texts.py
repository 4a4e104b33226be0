"""The detector of secrets, on texts of many kinds."""

import pytest

from apprunner_policies.plaintext import reason
from policies.innocent_texts import INNOCENT_TEXTS
from policies.more_innocent_texts import MORE_INNOCENT_TEXTS
from policies.more_secret_texts import MORE_SECRET_TEXTS
from policies.secret_texts import SECRET_TEXTS
from policies.tricky_texts import TRICKY_INNOCENT, TRICKY_SECRETS


@pytest.mark.parametrize(("name", "value"), [*SECRET_TEXTS, *MORE_SECRET_TEXTS, *TRICKY_SECRETS])
def test_a_text_with_a_secret_is_detected_and_the_reason_does_not_show_it(name, value):
    why = reason(name, value)

    assert why
    assert value not in why


@pytest.mark.parametrize(("name", "value"), [*INNOCENT_TEXTS, *MORE_INNOCENT_TEXTS, *TRICKY_INNOCENT])
def test_a_text_that_only_resembles_a_secret_passes(name, value):
    assert reason(name, value) is None
