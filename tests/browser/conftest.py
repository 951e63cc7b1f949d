"""Browser tests run wherever Chromium is found; each worker has a JupyterLab of its own."""

import pytest
from laboratory import CHROMIUM, chromium, laboratory
from plain_pages import PlainPages


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in str(item.fspath):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(
                    pytest.mark.skip(
                        reason="no Chromium on this machine: install the package chromium"
                    )
                )


@pytest.fixture(scope="session")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    with laboratory(tmp_path_factory.mktemp("lab"), browser) as running:
        yield running


@pytest.fixture(scope="session")
def plain(browser):
    """Widgets on plain pages, without JupyterLab."""
    return PlainPages(browser)
