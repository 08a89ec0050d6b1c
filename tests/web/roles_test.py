"""Logging in with a token, and what each role is offered."""
import unittest

from browser import PageTest
from service import sweep_of

TOKENS = {"viewer": "viewer-token-of-sixteen", "submitter": "submitter-token-of-alice", "operator": "operator-token-of-bob"}
REFUSED = ("401 (Unauthorized)", "net::ERR_", "Failed to load resource")  # before the log-in; while nobody is there


class RolesTest(PageTest):
    tokens = (f"viewer {TOKENS['viewer']} eve\nsubmitter {TOKENS['submitter']} alice\noperator {TOKENS['operator']} bob\n"
              "submitter another-token-of-carol carol\n")

    @classmethod
    def prepare(cls):
        cls.service.token = "another-token-of-carol"
        cls.carols = cls.service.submit(sweep_of("of_carol"))

    def log_in(self, address, token):
        page = self.open(address, may_fail=REFUSED)
        page.get_by_label("Token").fill(token)
        page.get_by_role("button", name="Log in").click()
        return page

    def buttons(self, role):
        page = self.log_in(f"/sweep/{self.carols}", TOKENS[role])
        page.locator(".counts").wait_for()
        return page.locator(".head button").all_inner_texts()

    def test_a_wrong_token_is_said_in_words_and_the_right_one_leads_where_one_wanted_to_go(self):
        page = self.log_in(f"/sweep/{self.carols}/trials", "a-token-that-nobody-has")
        page.locator("#log-in-error:not(:empty)").wait_for()
        page.get_by_label("Token").fill(TOKENS["viewer"])
        page.wait_for_timeout(1100)  # a second of waiting after a wrong one is the coordinator's own
        page.get_by_role("button", name="Log in").click()
        page.locator("tr[data-trial]").first.wait_for()
        self.assertIn("eve, viewer", page.locator("#person").inner_text())

    def test_who_may_only_look_is_offered_no_change(self):
        self.assertEqual(self.buttons("viewer"), [])

    def test_operators_are_offered_everything(self):
        self.assertEqual(self.buttons("operator"), ["Pause", "Cancel", "Priority"])

    def test_a_log_in_that_has_ended_is_said_to_have(self):
        page = self.log_in(f"/sweep/{self.carols}", TOKENS["viewer"])
        page.locator(".counts").wait_for()
        self.service.kill()
        self.service.start()
        page.locator(".log-in .why:text('started anew')").wait_for(timeout=40_000)
        page.get_by_label("Token").fill(TOKENS["viewer"])
        page.get_by_role("button", name="Log in").click()
        page.locator(".counts").wait_for()

    def test_what_is_only_shown_offers_no_change_even_to_operators(self):
        self.service.kill()
        self.service.start("--read-only")
        try:
            self.assertEqual(self.buttons("operator"), [])
            page = self.log_in("/", TOKENS["operator"])
            page.locator(f"tr[data-sweep='{self.carols}']").wait_for()
            self.assertIn("only to look at", page.locator("#person").inner_text())
        finally:
            self.service.kill()
            self.service.start()

    def test_logging_out_ends_the_session_and_what_was_shown(self):
        page = self.log_in("/", TOKENS["operator"])
        page.locator("tr[data-sweep]").first.wait_for()
        page.get_by_role("button", name="Log out").click()
        page.get_by_label("Token").wait_for()
        self.assertEqual(page.locator("tr[data-sweep]").count(), 0)
        page.reload()
        page.get_by_label("Token").wait_for()


if __name__ == "__main__":
    unittest.main()
