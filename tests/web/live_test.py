"""What happens is shown as it happens, and a page that was left open over an outage goes on."""
import time
import unittest

from browser import PageTest, print_figure
from service import sweep_of, until


class LiveTest(PageTest):
    # Steps of a second: what runs goes on running while a test looks at it.
    script = {"default": [{"do": "normal", "step_millis": 1000}]}

    @classmethod
    def prepare(cls):
        cls.service.worker(slots=2)

    def submit(self, name, first):
        """A sweep of trials that nobody has had yet."""
        sweep = self.service.submit(sweep_of(name, first=first))
        return sweep, [trial["id"] for trial in self.service.json("show", sweep)["trials"]]

    def state_on_page(self, page, trial):
        return page.locator(f"tr[data-trial='{trial}'] .state").inner_text()

    def test_a_cancelled_trial_shows_within_a_second(self):
        sweep, trials = self.submit("cancelled", first=100)
        page = self.open(f"/sweep/{sweep}/trials")
        page.locator(f"tr[data-trial='{trials[-1]}']").wait_for()
        seconds = []
        for trial in trials[-5:]:  # they wait: their state changes at once
            self.service.oodml("cancel", sweep, "--trial", trial, "--yes")
            start = time.monotonic()
            page.locator(f"tr[data-trial='{trial}'] .state:text('cancelled')").wait_for()
            seconds.append(time.monotonic() - start)
        print_figure("a cancelled trial shows after (the best of five)", min(seconds), "s")
        print_figure("a cancelled trial shows after (the worst of five)", max(seconds), "s")
        self.assertLess(sorted(seconds)[2], 1.0, "the median, as this machine may stall")
        page.locator(".counts:text('5 cancelled')").wait_for()

    def test_a_person_cancels_a_trial_on_the_page_after_being_told_what_that_does(self):
        sweep, trials = self.submit("by_hand", first=200)
        page = self.open(f"/trial/{trials[-1]}?sweep={sweep}")
        cancel = page.get_by_role("button", name="Cancel", exact=True)
        cancel.click()
        dialog = page.get_by_role("dialog")
        self.assertIn("It is stopped and keeps no result", dialog.inner_text())
        dialog.get_by_role("button", name="Leave it as it is").click()
        self.assertNotIn("cancelled", page.locator(".head .state").inner_text())
        cancel.click()
        dialog.get_by_role("button", name="Cancel the trial").click()
        page.locator(".head .state:text('cancelled')").wait_for()
        shown = self.service.json("show", sweep)["trials"]
        self.assertEqual([trial["state"] for trial in shown if trial["id"] == trials[-1]], ["cancelled"])

    def test_a_person_pauses_and_resumes_a_sweep(self):
        sweep, _ = self.submit("paused", first=300)
        page = self.open(f"/sweep/{sweep}")
        page.get_by_role("button", name="Pause", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Pause the sweep").click()
        until(lambda: self.service.json("show", sweep)["sweep"]["state"] == "paused", 15, "the sweep is paused")
        page.get_by_role("button", name="Resume", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Resume the sweep").click()
        until(lambda: self.service.json("show", sweep)["sweep"]["counts"]["paused"] == 0, 15, "the sweep goes on")

    def test_a_new_sweep_comes_to_the_top_of_the_list(self):
        self.submit("before", first=400)
        page = self.open("/")
        page.locator("tr[data-sweep]").first.wait_for()
        sweep, _ = self.submit("after", first=500)
        page.locator(f"table.sweeps tbody tr:first-child[data-sweep='{sweep}']").wait_for()
        self.service.oodml("cancel", sweep, "--yes")
        page.locator(f"tr[data-sweep='{sweep}'] .state:text('cancelled')").wait_for()

    def test_a_page_left_open_over_a_restart_goes_on(self):
        sweep, trials = self.submit("restart", first=600)
        page = self.open(f"/sweep/{sweep}/trials", may_fail=("net::ERR_", "Failed to load resource"))
        page.locator(f"tr[data-trial='{trials[-1]}']").wait_for()
        self.service.kill()
        page.locator("#banner:visible").wait_for()
        self.service.start()
        self.service.oodml("cancel", sweep, "--trial", trials[-1], "--yes")
        page.locator("#banner").wait_for(state="hidden", timeout=40_000)
        page.locator(f"tr[data-trial='{trials[-1]}'] .state:text('cancelled')").wait_for()
        self.service.oodml("cancel", sweep, "--trial", trials[-2], "--yes")
        page.locator(f"tr[data-trial='{trials[-2]}'] .state:text('cancelled')").wait_for()
        # What needs the session's value goes on, too: it is another one since the restart.
        page.get_by_role("link", name="Grid").click()
        page.get_by_role("button", name="Cancel", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel the sweep").click()
        page.locator(".head .state:text('cancelled')").wait_for()

    def test_a_sweep_that_is_not_there_is_said_in_words(self):
        page = self.open("/sweep/4711", may_fail=("404 (Not Found)",))
        page.get_by_role("heading", name="Not there").wait_for()
        self.assertIn("4711", page.get_by_role("alert").inner_text())


if __name__ == "__main__":
    unittest.main()
