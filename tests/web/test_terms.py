"""The terms and the privacy notice, which the client shows."""

import re
from pathlib import Path
from typing import Any

_SHOWN = Path(__file__).resolve().parents[2] / "web" / "src" / "pages" / "terms" / "version.ts"


def test_the_terms_that_are_shown_are_those_that_people_accept(settings: Any) -> None:
    found = re.search(r"VERSION = '([^']+)'", _SHOWN.read_text("utf-8"))

    assert found is not None
    assert found[1] == settings.TERMS_VERSION
