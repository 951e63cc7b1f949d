"""What a browser test looks for in what we draw: barriers, things too wide, complaints and
requests that leave the machine.
"""

# What of ours runs out of its own house, by name.
TOO_WIDE = """() => [...document.querySelectorAll('.u-base')].filter(house => {
    const edge = house.getBoundingClientRect().right + 1;
    return [...house.querySelectorAll('button, textarea, input, p, h3, label')].some(
        node => node.offsetParent && !node.closest('.u-wide, .u-scroll') && node.getBoundingClientRect().right > edge);
}).map(house => house.getAttribute('aria-label') || house.innerText.slice(0, 60))"""
# What axe does not look at: one heading 1 and no level left out, focus in the order of the page,
# and nothing of ours that moves.
DISORDER = """() => {
    const seen = (selector) => [...document.querySelectorAll(selector)].filter(node => node.checkVisibility());
    const said = (node) => `${node.localName}: ${(node.getAttribute('aria-label') || node.innerText).slice(0, 60)}`;
    const headings = seen('.jp-Notebook :is(h1, h2, h3, h4, h5, h6)'), levels = headings.map(node => Number(node.localName[1]));
    const styled = seen('.u-base, .u-base *').map(node => [node, getComputedStyle(node)]);
    return [
        ...levels.filter(level => level === 1).length === 1 ? [] : ['not one heading 1'],
        ...headings.filter((_, at) => levels[at] > (levels[at - 1] || 0) + 1).map(node => `a level is left out before ${said(node)}`),
        ...seen('.u-base [tabindex]').filter(node => node.tabIndex > 0).map(node => `out of order: ${said(node)}`),
        ...styled.filter(([, style]) => style.order !== '0').map(([node]) => `seen in another order: ${said(node)}`),
        ...styled.filter(([, style]) => style.animationName !== 'none' || style.scrollBehavior === 'smooth'
            || style.transitionDuration.split(', ').some(time => parseFloat(time))).map(([node]) => `moves: ${said(node)}`),
    ];
}"""
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page, within=".jp-OutputArea-output", *more, rules=None):
    """What axe-core finds in the outputs of a notebook, or in what another selector names, as
    short lines.

    ``more`` are sets of rules beside those of WCAG; ``rules`` are single ones, in place of
    all sets.
    """
    from axe_playwright_python.sync_playwright import Axe

    options = {
        "runOnly": {
            "type": "rule" if rules else "tag",
            "values": rules or [*AXE_RULES, *more],
        },
        "resultTypes": ["violations"],
    }  # all else takes long to tell
    found = Axe().run(page, context={"include": [[within]]}, options=options)
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


def show_all(page):
    """Scroll through the notebook, so that cells laid out late are there."""
    for cell in page.locator(".jp-Notebook .jp-CodeCell").all():
        cell.scroll_into_view_if_needed()
        page.wait_for_timeout(60)


def complaint_keeper(lab, own, passing=lambda text: False):
    """Keep what the page complains of and every request that is not the lab's own."""

    def complain(text):
        if not passing(text):
            lab.complaints.append(text)

    lab.complaints, lab.strangers = [], []
    page = lab.page
    page.on("console", lambda each: complain(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda problem: complain(problem.stack or str(problem)))
    page.on("request", lambda each: None if own(each.url) else lab.strangers.append(each.url))


def quiet(lab):
    assert lab.complaints == [], lab.complaints
    assert lab.strangers == [], f"a request left this machine: {lab.strangers}"
