"""Draws the picture of docs/web.md: the grid of a running service's newest sweep.

  bash deploy/demo.sh                                     # says the address of its page
  "$(bash deploy/python_tools.sh tests/web)" tests/web/picture.py http://127.0.0.1:PORT docs/images/page.png
"""
import sys

from playwright.sync_api import sync_playwright


def draw(address, file):
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 610})
        page.goto(f"{address.rstrip('/')}/#/")
        page.locator("tr[data-sweep] a").first.click()
        page.locator("table.map td").first.wait_for()
        page.screenshot(path=file)
        browser.close()


if __name__ == "__main__":
    draw(*sys.argv[1:])
