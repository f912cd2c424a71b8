"""Asks axe about a page; of table rows of one form it is shown three, the others say no more."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

# Axe needs four seconds for the eighty rows of one loop. A row's form is its tags, with their
# classes and the names of their attributes.
MARK = """() => {
    const seen = new Map();
    for (const row of document.querySelectorAll('tbody > tr')) {
        const form = [row, ...row.querySelectorAll('*')]
            .map(one => [one.tagName, one.getAttribute('class'), one.getAttributeNames()])
            .join();
        seen.set(form, (seen.get(form) ?? 0) + 1);
        if (seen.get(form) > 3) row.dataset.same = '';
    }
}"""
UNMARK = "document.querySelectorAll('[data-same]').forEach(row => delete row.dataset.same)"


def assert_accessible(page: Any) -> None:
    """Fail with axe's report where it finds a page not accessible."""
    page.evaluate(MARK)
    found = Axe().run(page, context={"exclude": [["[data-same]"]]})
    page.evaluate(UNMARK)
    assert found.violations_count == 0, found.generate_report()
