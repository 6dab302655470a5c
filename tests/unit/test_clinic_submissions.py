"""Forms of other sites are known by what the browser says of them."""

from __future__ import annotations

import pytest

from equipoise.interfaces.clinic_web.submissions import comes_from_elsewhere


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"origin": "http://127.0.0.1:8010", "host": "127.0.0.1:8010"}, False),
        ({"origin": "http://127.0.0.1:9", "host": "127.0.0.1:8010"}, True),
        ({"host": "127.0.0.1:8010"}, False),
    ],
)
def test_where_a_request_comes_from(headers: dict[str, str], elsewhere: bool) -> None:
    assert comes_from_elsewhere(headers) is elsewhere
