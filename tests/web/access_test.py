"""For everybody: by keyboard, with a screen reader, on a phone, in the dark."""
import unittest

from axe_playwright_python.sync_playwright import Axe

from browser import PageTest
from service import sweep_of

WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")


class AccessTest(PageTest):
    @classmethod
    def prepare(cls):
        cls.sweep = cls.service.submit(sweep_of("access"))
        cls.service.worker(slots=2)
        cls.service.finish(cls.sweep)
        cls.trial = cls.service.json("show", cls.sweep)["trials"][0]["id"]

    def views(self):
        tabs = [(f"/sweep/{self.sweep}/{tab}", wait) for tab, wait in (
            ("map", "table.map"), ("table", "table.results"), ("curves", ".chart canvas"), ("shift", "section p"),
            ("trials", "tr[data-trial]"), ("file", "pre"))]
        return [("/", "tr[data-worker]"), *tabs, (f"/trial/{self.trial}", ".events li")]

    def test_no_view_is_wider_than_a_phone_and_axe_finds_nothing_serious(self):
        for width, scheme in zip(WIDTHS, SCHEMES):
            page = self.open("/", width, scheme)
            for address, wait in self.views():
                with self.subTest(address=address, width=width, scheme=scheme):
                    page.goto(f"{self.service.web}/#{address}")
                    page.locator(wait).first.wait_for()
                    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                    self.assertLessEqual(wide, 0, "the page scrolls sideways")
                    self.check_with_axe(page)

    def test_a_question_is_accessible_and_closes_with_escape(self):
        page = self.open(f"/sweep/{self.sweep}/map")
        button = page.get_by_role("button", name="Priority")
        button.click()
        page.get_by_role("dialog").wait_for()
        self.check_with_axe(page)
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
        self.assertEqual(page.evaluate("document.activeElement.textContent"), "Priority", "the focus is back")

    def check_with_axe(self, page):
        found = Axe().run(page).response["violations"]
        serious = [f"{one['id']}: {one['nodes'][0]['html']}: {one['nodes'][0]['failureSummary']}" for one in found
                   if one["impact"] in ("serious", "critical")]
        self.assertEqual(serious, [])

    def test_light_and_dark_differ(self):
        backs = {scheme: self.open("/", scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
                 for scheme in SCHEMES}
        self.assertNotEqual(backs["light"], backs["dark"])

    def test_everything_is_reached_by_keyboard(self):
        page = self.open("/")
        page.locator("tr[data-sweep]").first.wait_for()
        page.keyboard.press("Tab")
        self.assertEqual(self.focused(page), "Skip to the content")
        self.go(page, f"{self.sweep} access")
        page.locator("table.map").wait_for()
        self.go(page, "Trials")
        page.locator("tr[data-trial]").first.wait_for()
        self.go(page, str(self.trial))
        page.locator(".events li").first.wait_for()
        self.go(page, ends_with=" keys")
        self.assertTrue(page.locator("dl").is_visible())
        self.go(page, "oodml")
        page.locator("tr[data-sweep]").first.wait_for()

    def test_the_focus_stays_where_it_is_when_a_choice_makes_the_view_anew(self):
        page = self.open(f"/sweep/{self.sweep}/map")
        metric = page.get_by_label("Metric")
        metric.focus()
        metric.select_option("nmi")
        page.locator("caption:has-text('nmi')").wait_for()
        self.assertEqual(page.evaluate("document.activeElement.dataset.key"), "metric")

    def focused(self, page):
        """The words of the link, button or summary that has the focus."""
        return page.evaluate("""() => document.activeElement.matches("a, button, summary")
                                      ? document.activeElement.innerText.trim() : ''""")

    def go(self, page, text=None, ends_with=None):
        """Tab until what is called so has the focus, then Enter."""
        for _ in range(150):
            name = self.focused(page)
            if name == text or (ends_with and name.endswith(ends_with)):
                page.keyboard.press("Enter")
                return
            page.keyboard.press("Tab")
        self.fail(f"the keyboard does not reach {text or ends_with}")


if __name__ == "__main__":
    unittest.main()
