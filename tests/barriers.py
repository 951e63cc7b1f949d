"""What a browser test looks for in what we draw: barriers, things too wide, complaints and requests that leave the machine."""

# What of ours runs out of its own house, by name.
TOO_WIDE = """() => [...document.querySelectorAll('.u-house')].filter(house => {
    const edge = house.getBoundingClientRect().right + 1;
    return [...house.querySelectorAll('button, textarea, input, p, h3, label')].some(
        node => node.offsetParent && !node.closest('.u-wide, .u-scroll') && node.getBoundingClientRect().right > edge);
}).map(house => house.getAttribute('aria-label') || house.innerText.slice(0, 60))"""
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page, within=".jp-OutputArea-output", *more):
    """What axe-core finds in the outputs of a notebook, or in what another selector names, as short lines."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": [*AXE_RULES, *more]}, "resultTypes": ["violations"]}  # all else takes long to tell
    found = Axe().run(page, context={"include": [[within]]}, options=options)
    return [f"{each['id']}: {node['html'][:160]}" for each in found.response["violations"] for node in each["nodes"]]


def show_all(page):
    """Scroll through the notebook, so that cells laid out late are there."""
    for cell in page.locator(".jp-Notebook .jp-CodeCell").all():
        cell.scroll_into_view_if_needed()
        page.wait_for_timeout(60)


def quiet(lab):
    assert lab.complaints == [], lab.complaints
    assert lab.strangers == [], f"a request left this machine: {lab.strangers}"
