"""Headless Chromium on the page. Whatever a page should not do fails the test: errors on the console, a request that
leaves the origin."""
import unittest

from playwright.sync_api import sync_playwright

from service import Service


class PageTest(unittest.TestCase):
    """One service and one browser for the tests of a class; a page of its own for each."""

    script = None
    tokens = None

    @classmethod
    def setUpClass(cls):
        cls.service = Service(cls.script, cls.tokens)
        cls.addClassCleanup(cls.service.stop)
        cls.service.start()
        driver = sync_playwright().start()
        cls.addClassCleanup(driver.stop)
        # --no-sandbox: tests run as root in containers, and the page is ours.
        cls.browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        cls.addClassCleanup(cls.browser.close)
        cls.prepare()

    @classmethod
    def prepare(cls):
        """Fills the service."""

    def open(self, address, width=1280, scheme="light", may_fail=()):
        """A page at #ADDRESS; `may_fail`: words of console errors that the test brings about itself."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True)
        self.addCleanup(context.close)
        page = context.new_page()
        page.set_default_timeout(15_000)
        wrong = []
        # Calls that this coordinator does not have are answered 501, which the browser notes by itself.
        allowed = ("501 (Not Implemented)", *may_fail)
        page.on("console", lambda message: message.type in ("error", "warning") and
                not any(words in message.text for words in allowed) and wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("request", lambda request: request.url.startswith((self.service.web + "/", "blob:", "data:")) or
                wrong.append(f"asks for {request.url}"))
        self.addCleanup(lambda: self.assertEqual(wrong, []))
        page.goto(f"{self.service.web}/#{address}")
        return page


def print_figure(name, value, unit):
    """A measurement for people, in the output of the tests."""
    print(f"web page: {name}: {value:.3f} {unit}", flush=True)
