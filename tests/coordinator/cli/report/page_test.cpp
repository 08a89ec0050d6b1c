#include "coordinator/cli/report/page.h"

#include <gtest/gtest.h>

namespace oodml::cli::report {
namespace {

constexpr const char* kHostile = "<script>alert('1')</script>\"&\x01\xff";

Document hostile() {
  Section section{.title = kHostile, .paragraphs = {kHostile}, .missing = {kHostile}};
  section.figures.push_back({.name = "recall", .caption = kHostile});
  section.tables.push_back(
      {.name = "table", .caption = kHostile, .align = "lr", .heading = {kHostile, "n"}, .rows = {{kHostile, "-"}}});
  section.data.push_back({.name = "runs", .caption = kHostile});
  section.pictures.push_back({.name = "map_a", .caption = kHostile, .files = {"/x/a.svg", "/x/a.pdf"}});
  return {.title = kHostile, .sections = {section}};
}

Heading heading() {
  return {.kind = "oodml",
          .made = "2026-11-29",
          .sweeps = {kHostile},
          .choices = {kHostile},
          .missing = {"3 runs"},
          .command = kHostile};
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(PageTest, NoTextIsMarkup) {
  const std::string page = page_html(hostile(), heading(), true);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find('\x01'), std::string::npos);
  EXPECT_EQ(page.find('\xff'), std::string::npos);
  EXPECT_GE(count(page, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp; \xef\xbf\xbd"), 10u);
}

TEST(PageTest, FiguresAreImagesBesideThePageWithTheirFiles) {
  const std::string page = page_html(hostile(), heading(), true);
  EXPECT_NE(page.find("<img src=\"recall.svg\""), std::string::npos);
  for (const char* file : {"recall.pdf", "recall.csv", "recall.gp", "table.csv", "table.tex", "runs.csv", "map_a.pdf"})
    EXPECT_EQ(count(page, "<a href=\"" + std::string(file) + "\">"), 1u) << file;
  EXPECT_NE(page.find("<img src=\"map_a.svg\""), std::string::npos);
}

TEST(PageTest, WithoutPicturesTheirNumbersAreLinkedAlone) {
  const std::string page = page_html(hostile(), heading(), false);
  EXPECT_EQ(page.find("recall.svg"), std::string::npos);
  EXPECT_NE(page.find("<a href=\"recall.csv\">"), std::string::npos);
}

TEST(PageTest, NeedsNoNetworkAndNoScript) {
  const std::string page = page_html(hostile(), heading(), true);
  for (const char* word : {"http://", "https://", "@import", "url("})
    EXPECT_EQ(page.find(word), std::string::npos) << word;
}

TEST(PageTest, SaysWhatIsMissingAboveTheSections) {
  const std::string page = page_html(hostile(), heading(), true);
  const std::size_t missing = page.find("What is missing"), main = page.find("<main>");
  ASSERT_NE(missing, std::string::npos);
  EXPECT_LT(missing, main);
  EXPECT_NE(page.find("<a href=\"#s1\">"), std::string::npos);
  EXPECT_NE(page.find("<h2 id=\"s1\">"), std::string::npos);
}

}  // namespace
}  // namespace oodml::cli::report
