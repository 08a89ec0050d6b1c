"""What must hold of the page's files, without a browser."""
import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["OODML_SOURCE"])
PAGE = SOURCE / "coordinator/web/page"


def modules():
    """The page's own, by their paths below its folder."""
    return {str(path.relative_to(PAGE)): path.read_text(encoding="utf-8") for path in PAGE.rglob("*.js")
            if "vendor" not in path.parts}


class SourceTest(unittest.TestCase):
    def test_shares_are_the_metrics_of_the_catalogue_that_are_no_distances(self):
        known = re.search(r"kShares = \[(.*?)\]", modules()["results/metrics.js"], re.S).group(1)
        catalogue = (SOURCE / "core/catalogue/metrics.cpp").read_text(encoding="utf-8")
        listed = re.search(r"std::vector<Component> metrics\(\) \{(.*?)\n\}", catalogue, re.S).group(1)
        shares = re.findall(r'(?:recall|of_clusters|of_neighbours)\("([^"]+)"', listed)
        self.assertEqual(re.findall('"([^"]+)"', known), shares)
        self.assertGreater(len(shares), 10)

    def test_every_module_is_asked_for_at_once(self):
        index = (PAGE / "index.html").read_text(encoding="utf-8")
        self.assertEqual(set(re.findall(r'modulepreload" href="([^"]+)"', index)), set(modules()) - {"main.js"})

    def test_nothing_from_outside_becomes_markup(self):
        for name, text in modules().items():
            for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "https://", "http://"):
                self.assertNotIn(word, text, name)

    def test_modules_are_short_and_their_lines_too(self):
        for name, text in modules().items():
            lines = text.splitlines()
            self.assertLessEqual(len(lines), 150, name)
            self.assertLessEqual(max(map(len, lines)), 150, name)


if __name__ == "__main__":
    unittest.main()
