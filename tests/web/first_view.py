"""How long a sweep of 100 000 trials keeps people waiting: figures for people, not part of a normal run.

  bash tests/web/page_test.sh first_view
"""
import json
import random
import sqlite3
import struct
import time
import unittest

from browser import PageTest, print_figure
from service import sweep_of

TRIALS = 100_000


def copy_trials(rows, sweep):
    """Makes a sweep of one seed one of TRIALS trials, by copying its rows seed by seed."""
    select = "SELECT trial_id, labels FROM sweep_trials WHERE sweep_id = ? ORDER BY position"
    first = rows.execute(select, (sweep,)).fetchall()
    names = [column[1] for column in rows.execute("PRAGMA table_info(trials)")]
    same = ", ".join(name for name in names if name not in ("id", "fingerprint"))
    for place in range(len(first), TRIALS):
        model, labels = first[place % len(first)]
        labels = json.dumps({**json.loads(labels), "seed": str(place // len(first))})
        rows.execute(f"INSERT INTO trials (id, fingerprint, {same}) SELECT ?, ?, {same} FROM trials WHERE id = ?",
                     (place + 1, f"{place:064x}", model))
        rows.execute("INSERT INTO trial_specs SELECT ?, settings, common FROM trial_specs WHERE trial_id = ?",
                     (place + 1, model))
        rows.execute("INSERT INTO trial_kinds SELECT ?, kind_id, epochs FROM trial_kinds WHERE trial_id = ?",
                     (place + 1, model))
        rows.execute("INSERT INTO sweep_trials (sweep_id, position, trial_id, wish, labels) VALUES (?, ?, ?, 2, ?)",
                     (sweep, place, place + 1, labels))
    axes = json.loads(rows.execute("SELECT axes FROM sweeps WHERE id = ?", (sweep,)).fetchone()[0])
    seeds = TRIALS // len(first)
    for axis in axes:
        axis["trials"] = [seeds * trials for trials in axis["trials"]]
        if axis["name"] == "seed":
            axis.update(labels=[str(seed) for seed in range(seeds)], trials=[len(first)] * seeds)
    rows.execute("UPDATE sweeps SET axes = ? WHERE id = ?", (json.dumps(axes), sweep))


def succeed(rows):
    """As if workers had done every trial: with a result each of recall and NMI."""
    chance = random.Random(7)
    trials = range(1, TRIALS + 1)
    rows.executemany("INSERT INTO attempts (trial_id, attempt, lease_id, request_id, worker, slot, started, finished,"
                     " outcome) VALUES (?, 1, ?, ?, 'made', 's', 1, 2, 'succeeded')", ((t, f"l{t}", f"r{t}") for t in trials))
    rows.execute("UPDATE trials SET state = 'succeeded', attempt = 1, finished = 2, outcome = 'succeeded'")
    for series, name in ((1, "e_recall@1"), (2, "nmi")):
        rows.execute("INSERT INTO series (id, set_name, embeds, name) VALUES (?, 'test', 'embeds', ?)", (series, name))

    def figure(series):
        """As coordinator/store/figure_pack packs one: best and last at epoch 3, nothing selected."""
        value = chance.random()
        return struct.pack("<BBdBdB", 2 * series, 0, value, 6, value, 6)

    rows.execute("INSERT INTO result_sources (id, data, program, results_version) VALUES (1, '', '', 0)")
    rows.executemany("INSERT INTO trial_results VALUES (?, 1, 2, ?)",
                     ((trial, struct.pack("<BB", 1, 2) + figure(1) + figure(2)) for trial in trials))


class FirstView(PageTest):
    @classmethod
    def prepare(cls):
        cls.sweep = cls.service.submit(sweep_of("hundred_thousand", seeds=1))
        cls.service.kill()
        with sqlite3.connect(cls.service.database) as rows:
            copy_trials(rows, cls.sweep)
            succeed(rows)
        rows.close()
        cls.service.start()

    def test_first_views(self):
        for name, address, wait in (("all sweeps", "/", "tr[data-sweep]"),
                                    ("grid", f"/sweep/{self.sweep}/map", "table.map"),
                                    ("table", f"/sweep/{self.sweep}/table", "table.results tbody tr"),
                                    ("trials", f"/sweep/{self.sweep}/trials", "tr[data-trial]")):
            times = []
            for _ in range(3):
                # The browser has its files: the view is what is measured. A busy coordinator (429) is asked again.
                page = self.open("/nowhere", may_fail=("429",))
                page.set_default_timeout(120_000)
                page.get_by_role("alert").wait_for()
                start = time.monotonic()
                page.goto(f"{self.service.web}/#{address}")
                page.reload(wait_until="commit")
                page.locator(wait).first.wait_for()
                times.append(time.monotonic() - start)
            print_figure(f"{TRIALS} trials: first view of {name} (median of 3)", sorted(times)[1], "s")

    def test_the_list_scrolls(self):
        page = self.open(f"/sweep/{self.sweep}/trials")
        page.set_default_timeout(300_000)
        page.locator("tr[data-trial]").first.wait_for()
        # The longest pause between two pictures while the list is scrolled through quickly.
        longest = page.evaluate("""async () => {
          const box = document.querySelector(".rows");
          let longest = 0, last = performance.now();
          for (let i = 0; i < 120; ++i) {
            box.scrollTop += 700;
            await new Promise(requestAnimationFrame);
            longest = Math.max(longest, performance.now() - last);
            last = performance.now();
          }
          return longest / 1000;
        }""")
        print_figure("longest pause between two pictures while scrolling", longest, "s")
        start = time.monotonic()
        page.evaluate("document.querySelector('.rows').scrollTop = 1e9")
        page.locator(f"tr[aria-rowindex='{TRIALS + 1}'][data-trial]").wait_for()
        print_figure("to the last trial", time.monotonic() - start, "s")
        self.assertLess(page.locator("table.trials tbody tr").count(), 120, "only rows in sight exist")


if __name__ == "__main__":
    unittest.main()
