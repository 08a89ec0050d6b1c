"""The numbers on the page are those of `oodml results -o json`, in the words of the command line."""
import pathlib
import unittest

from browser import PageTest
from service import sweep_of

SHARES = ("e_recall", "nmi")


def shown(metric, value):
    """printf's rounding, which Python's format has as well."""
    return f"{100.0 * value:.2f}" if metric.startswith(SHARES) else f"{value:.4f}"


def cell(row, statistic, point):
    spread = statistic[point]
    if spread["n"] == 0 or spread["mean"] is None:
        return "-"
    text = shown(statistic["metric"], spread["mean"])
    if spread["n"] > 1 and spread["half_width"] is not None:
        text += f" ± {shown(statistic['metric'], spread['half_width'])}"
    return text if spread["n"] == row["n"] else f"{text} ({spread['n']}/{statistic['n_expected']})"


class NumbersTest(PageTest):
    # Seed 2 fails: rows and cells with fewer trials than they should have, and seed by seed a hole.
    script = {"seeds": {"2": [{"do": "fail", "kind": "numeric", "message": "NaN"}]}}

    @classmethod
    def prepare(cls):
        cls.sweep = cls.service.submit(sweep_of("numbers"))
        cls.service.worker(slots=2)
        cls.service.finish(cls.sweep)

    def test_the_table_is_that_of_the_command_line(self):
        table = self.service.json("results", self.sweep)
        page = self.open(f"/sweep/{self.sweep}/table")
        rows = page.locator("table.results tbody tr")
        rows.first.wait_for()
        self.assertEqual(rows.count(), len(table["rows"]))
        self.assertEqual(table["n"], 8, "two seeds of four rows")
        for place, row in enumerate(table["rows"]):
            line = rows.nth(place)
            self.assertEqual(line.locator("td.number").first.inner_text(), f"{row['n']}/{row['n_expected']}")
            for statistic in row["statistics"]:
                points = ("best", "last") if statistic["metric"].startswith(SHARES) else ("last",)
                for point in points:
                    on_page = line.locator(f"[data-figure='{statistic['metric']}/{point}']").inner_text()
                    self.assertEqual(on_page, cell(row, statistic, point), f"{row['labels']} {statistic['metric']} {point}")

    def test_the_file_of_the_table_is_that_of_the_command_line(self):
        page = self.open(f"/sweep/{self.sweep}/table")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download as CSV").click()
        text = pathlib.Path(download.value.path()).read_text(encoding="utf-8")
        self.assertEqual(text, self.service.oodml("results", self.sweep, "-o", "csv"))

    def test_cells_of_the_grid_are_means_over_the_other_axes_and_holes_are_seen(self):
        for x, y in (("lr", "criterion"), ("seed", "criterion")):
            table = self.service.json("results", self.sweep, "--by", f"{y},{x}", "--metric", "nmi")
            page = self.open(f"/sweep/{self.sweep}/map?x={x}&y={y}&metric=nmi&point=last")
            page.locator("table.map").wait_for()
            for row in table["rows"]:
                text = page.locator(f"[data-key='cell-{row['labels'][x]}-{row['labels'][y]}']").inner_text().split()
                mean = row["statistics"][0]["last"]["mean"] if row["statistics"] else None
                self.assertEqual(text[0], "-" if mean is None else shown("nmi", mean))
                if row["n"] < row["n_expected"]:
                    self.assertEqual(text[1], f"{row['n']}/{row['n_expected']}")
            self.assertEqual(page.locator("table.map td.hole").count(), 2 if x == "seed" else 0)

    def test_a_cell_leads_to_its_trials(self):
        page = self.open(f"/sweep/{self.sweep}/map?x=lr&y=criterion")
        page.locator("table.map td a").first.click()
        page.locator("table.trials tr[data-trial]").first.wait_for()
        self.assertEqual(page.locator("table.trials tr[data-trial]").count(), 3)
        page.locator("table.trials tr[data-trial] a").nth(1).click()
        page.get_by_role("heading", name="Attempts").wait_for()
        self.assertIn("succeeded", page.locator(".head").inner_text())

    def test_sorting_by_a_figure_puts_the_largest_first(self):
        page = self.open(f"/sweep/{self.sweep}/table")
        page.locator("[data-key='sort-nmi/best']").click()
        page.locator("th[aria-sort=descending]").wait_for()
        values = [float(text.split()[0]) for text in page.locator("[data-figure='nmi/best']").all_inner_texts()]
        self.assertEqual(values, sorted(values, reverse=True))

    def test_the_numbers_under_a_curve_are_means_over_the_seeds(self):
        page = self.open(f"/sweep/{self.sweep}/curves?figure=test:nmi")
        page.locator(".chart canvas").wait_for()
        page.locator("summary").click()
        table = self.service.json("results", self.sweep, "--metric", "nmi")
        last = page.locator("figure tbody tr").last.locator("td").all_inner_texts()
        self.assertEqual(last, [shown("nmi", row["statistics"][0]["last"]["mean"]) for row in table["rows"]])

    def test_a_trial_shows_what_the_command_line_shows(self):
        trial = self.service.json("show", self.sweep)["trials"][0]
        page = self.open(f"/trial/{trial['id']}")
        page.locator(".events li").first.wait_for()
        text = page.locator("main").inner_text()
        for label in trial["labels"].items():
            self.assertIn("=".join(label), text)
        self.assertIn("done after 3 epochs", page.locator(".events").inner_text())
        self.assertEqual(page.locator(".charts figure").count(), 4)


if __name__ == "__main__":
    unittest.main()
