// What people type, paste and export into sweeps: read as it is meant, or refused with place, reason and what to write.
#include "tests/core/sweep/bad_sweeps.h"
#include "tests/core/sweep/plans.h"

namespace oodml::sweep {
namespace {

const std::string kNoBreakSpace = "\xc2\xa0";

TEST(OddCharactersTest, ANoBreakSpaceIsNamedWithItsPlaceWhereverItBreaksTheFile) {
  const std::string named = "U+00A0, a no-break space; type a plain space";
  expect_error("version: 1\nname: t\ntrial:\n" + kNoBreakSpace + " lr: 1\n  epochs: 2\n", "sweep.yaml:4:1: " + named);
  expect_error("version: 1\nname: t\ntrial:" + kNoBreakSpace + "{lr: 1}\n", "sweep.yaml:3:7: ");
  expect_error("version: 1\nname: t\ntrial:" + kNoBreakSpace + "{lr: 1}\n", named);
  expect_error(one_with("matrix: {lr:" + kNoBreakSpace + "[1, 2]}\n"), "sweep.yaml:4:13: " + named);
  expect_error(one_with("matrix: {lr: [1," + kNoBreakSpace + "2]}\n"), "sweep.yaml:4:17: " + named);
  expect_error(one_with("matrix: {lr: [\"1" + kNoBreakSpace + "\"]}\n"), "sweep.yaml:4:17: " + named);
  expect_error(one_with("matrix:\n  weights:\n    - \"\\xa0\"\n"), "sweep.yaml:6:7: " + named);
}

TEST(OddCharactersTest, EveryOneIsReportedAndColumnsCountCharacters) {
  const std::string text = errors_of(one_with("matrix:\n  lr" + kNoBreakSpace +
                                              ": [1]\n  gr\xc3\xb6\xc3\x9f"
                                              "e: [\xe2\x80\x8b"
                                              "2]\n"));
  EXPECT_NE(text.find("sweep.yaml:5:5: U+00A0"), std::string::npos) << text;
  EXPECT_NE(text.find("sweep.yaml:6:11: U+200B, a zero-width space; take it out"), std::string::npos) << text;
  EXPECT_EQ(text.find("unknown key"), std::string::npos) << "what follows from the characters only confuses: " << text;
}

TEST(OddCharactersTest, LooksAlikeAndUnseenOnesAreNamedByTheirNumber) {
  for (const auto& [line, part] : std::vector<std::pair<std::string, std::string>>{
           {"matrix\xef\xbc\x9a {lr: [1]}\n", "sweep.yaml:4:7: U+FF1A, a full-width character; type ':'"},
           {"matrix: {weights: [\xe2\x80\x9c"
            "a\xe2\x80\x9d]}\n",
            "sweep.yaml:4:20: U+201C, a curly quote; type \""},
           {"matrix: {weights: [\xe2\x80\x98"
            "a\xe2\x80\x99]}\n",
            "U+2018, a curly quote; type '"},
           {"matrix: {lr: [1e\xe2\x88\x92"
            "3]}\n",
            "sweep.yaml:4:17: U+2212, a minus sign of mathematics; type '-'"},
           {"matrix: {lr: [1e\xe2\x80\x93"
            "3]}\n",
            "U+2013, a dash; type '-'"},
           {"matrix: {seed: [\xef\xbc\x91]}\n", "U+FF11, a full-width character; type '1'"},
           {"matrix: {lr: [1]\xef\xbb\xbf}\n", "U+FEFF, a byte order mark; take it out"},
           {"matrix: {lr: [1,\xe3\x80\x80"
            "2]}\n",
            "U+3000, an ideographic space"},
           {"matrix: {lr: [1]}\xe2\x80\xa8"
            "zip: {gamma: [1]}\n",
            "U+2028, a line separator"},
           {"description: \"\xe2\x80\xae"
            "evil\"\n",
            "sweep.yaml:4:15: U+202E, a mark of writing direction"},
           {"matrix: {weights: [\"a\\u200bb\"]}\n", "U+200B, a zero-width space"},
           {"matrix: {weights: [a\xc2\xad"
            "b]}\n",
            "U+00AD, a soft hyphen"},
           {"matrix: {weights: [a\xc2\x85"
            "b]}\n",
            "U+0085, a control character"},
           {"matrix: {lr: [1]}\r\rzip: {gamma: [1]}\n", "U+000D; end the line with a line feed"},
           {"matrix: {lr: [1]} \x07\n", "sweep.yaml:4:19: byte 83 of the file is a control character, U+0007"},
       }) {
    expect_error(one_with(line), part);
  }
  expect_error("\xff\xfev", "byte 0 of the file is not UTF-8 but the beginning of UTF-16; save it as UTF-8");
  expect_error(one_with("matrix: {\xd0\xb5pochs: [1]}\n"),
               "'\xd0\xb5pochs', in which U+0435 is no ASCII letter; did you mean 'epochs'?");
  expect_error(one_with("matrix: {criterion: [\xd0\xb0rcface]}\n"),
               "'\xd0\xb0rcface', in which U+0430 is no ASCII letter; did you mean 'arcface'?");
}

TEST(OddCharactersTest, WhatAPersonSeesAndMeansIsAccepted) {
  for (const std::string& line :
       {"# 10" + kNoBreakSpace +
            "% of \xe2\x80\x9c"
            "all\xe2\x80\x9d images\n",
        "description: Roth\xe2\x80\x99s baseline \xe2\x80\x93 second try" + kNoBreakSpace +
            "(\xe2\x80\x9cwarm\xe2\x80\x9d)\n",
        std::string("matrix: {epochs: [{\"few \xe2\x80\x93 fast\": {epochs: 1}}, {gr\xc3\xb6\xc3\x9f"
                    "er: {epochs: 2}}]}\n"),
        std::string("matrix:\t{lr: [1,\t2]}\t# tabs between words\n"), std::string("matrix: {\n\tlr: [1, 2]\n}\n")}) {
    EXPECT_EQ(errors_of(one_with(line)), "accepted") << line;
  }
  std::string windows = one_with("matrix: {lr: [1, 2]}\n");
  for (std::size_t at = 0; (at = windows.find('\n', at)) != std::string::npos; at += 2) windows.insert(at, "\r");
  EXPECT_EQ(errors_of(windows), "accepted") << "carriage returns before line feeds";
  EXPECT_EQ(
      errors_of(
          "{\"version\": 1, \"name\": \"t\",\n\t\"trial\": {\"benchmark\": \"cub200\", \"criterion\": \"oproxy\"},}\n"),
      "accepted")
      << "JSON, with a tab and a comma at the end";
  EXPECT_EQ(errors_of("%YAML 1.2\n---\n" + one_with("") + "...\n"), "accepted");
}

TEST(SyntaxHintsTest, WhatIsNoYamlIsExplainedWhereItIsWrong) {
  for (const auto& [lines, part] : std::vector<std::pair<std::string, std::string>>{
           {"trial:\n\tlr: 1\n", "sweep.yaml:4:1: not YAML: a tab, U+0009, indents this line; indent with spaces"},
           {"trial:\n  lr: 1\n\tepochs: 2\n", "sweep.yaml:5:1: not YAML: a tab, U+0009"},
           {"trial:\n  lr:1\n  epochs: 3\n", "sweep.yaml:4:5: not YAML: a space is missing after 'lr:'"},
           {"trial:\n  lr:1\n",
            "sweep.yaml:4:3: `trial:` must be a map of keys and values, got 'lr:1'; a space is missing"},
           {"trial: {lr:1e-3}\n", "sweep.yaml:3:9: unknown key 'lr:1e-3'; a space is missing after 'lr:'"},
           {"description: run: the second\n",
            "sweep.yaml:3:17: not YAML: a second ': ' in one line; a text that holds"},
           {"trial:\n  lr: 1\n   epochs: 2\n",
            "sweep.yaml:5:4: not YAML: this line is indented deeper than the one above"},
           {"trial:\n    lr: 1\n  epochs: 2\n",
            "sweep.yaml:5:3: not YAML: this line begins in no column of the lines above"},
           {"trial\nmatrix: {}\n",
            "sweep.yaml:3:1: not YAML: this line is neither `key: value` nor an entry of a list"},
           {"trial: {weights: \"C:\\data\"}\n", "in double quotes a backslash begins an escape"},
           {"trial: {weights: 'it's'}\n", "sweep.yaml:3:"},
           {"trial: {weights: @best}\n", "a text that begins with '@' stands in quotes"},
           {"trial: {weights: %HOME%}\n", "a text that begins with '%' stands in quotes"},
           {"trial: {tau: [1, 2}\n", "not YAML: "},
           {"trial: {tau: [1, 2\n", "a [ or { before this is not closed"},
           {"trial: *base\n", "anchors and aliases (&name, *name) are not accepted; write the value out"},
           {"trial: {<<: {lr: 1}}\n", "sweep.yaml:3:9: merge keys (<<) are not accepted; write the entries out"},
           {"trial: - lr\n", "`- ` begins a line of its own"},
       }) {
    expect_error(sweep_of(lines), part);
  }
  expect_error("- version: 1\n- name: t\nb: 2\n",
               "what stands above this line is complete: a list, where a map of keys");
  expect_error("version:1\n",
               "expected a map of keys and values, got 'version:1'; a space is missing after 'version:'");
}

TEST(ValueHintsTest, AWrongSpellingSaysTheRightOne) {
  for (const auto& [axis, part] : std::vector<std::pair<std::string, std::string>>{
           {"skip_unreadable_images: [yes]", "must be true or false, got 'yes'; write true"},
           {"skip_unreadable_images: [Off]", "got 'Off'; write false"},
           {"skip_unreadable_images: [0]", "got '0'; write false"},
           {"epochs: [010]", "epochs must be an integer, from 0 to 100000, got '010'; write 10, without leading zeros"},
           {"lr: [-007.5]", "got '-007.5'; write -7.5, without leading zeros"},
           {"epochs: [1_000]", "got '1_000'; write 1000"},
           {"epochs: [10.0]", "got '10.0'; write 10"},
           {"epochs: [1e2]", "got '1e2'; write 100"},
           {"epochs: [0x10]", "epochs must be an integer, from 0 to 100000, got '0x10'"},
           {"lr: [1_0.5]", "lr must be a number, 0 or more, got '1_0.5'; write 10.5"},
           {"lr: [1e-3.]", "lr must be a number, 0 or more, got '1e-3.'"},
           {"lr: [50%]", "got '50%'; write 0.5"},
           {"lr: ['1e-3']", "got the text '1e-3'; write it without quotes"},
           {"lr: [2024-01-01]", "lr must be a number, 0 or more, got '2024-01-01'"},
           {"lr: [~]", "an entry of axis lr is a value"},
           {"lr: [.nan]", "lr must be a number"},
       }) {
    expect_error(one_with("matrix: {" + axis + "}\n"), part);
  }
  const auto with = [](const std::string& line) {
    return sweep_of("trial:\n  benchmark: cub200\n  criterion: oproxy\n  " + line + "\n");
  };
  expect_error(with("lr: 1,5"), "sweep.yaml:6:7: lr must be a number, 0 or more, got '1,5'; write 1.5, with a point");
  expect_error(with("epochs: 1,000"), "got '1,000'; write 1000");
  expect_error(with("lr: 1,000"), "got '1,000'; write 1000 or 1.000");
  expect_error(with("epochs: 1,000,000"), "got '1,000,000'; write 1000000");
  expect_error(with("lr: [1e-3, 1e-4]"),
               "lr must be a number, 0 or more, got a list; several values make an axis of `matrix:`");
  expect_error(with("seed: 0-4"), "got '0-4'; a range is an axis of `matrix:`, written 0..4");
  expect_error(with("lr: ~"), "lr must be a number, 0 or more, got nothing");
  expect_error(with("lr: #1"), "lr must be a number, 0 or more, got nothing");
  expect_error(with("criterion: [oproxy]"), "key 'criterion' stands twice; first in line 5");
}

TEST(ValueHintsTest, NumbersAndFlagsAreReadAsTheyAreMeant) {
  const auto plan =
      planned(one_with("matrix:\n  lr: [1e-3, 1., .5, +2, 0, 0.0e5, 1E-5]\n  skip_unreadable_images: [True, FALSE]\n"
                       "  split: [1, default]\n"));
  EXPECT_EQ(plan.trials.size(), 7u * 2u * 2u);
  EXPECT_EQ(trial_at(plan, {{"lr", "1."}}).spec.values.number("lr"), 1.0);
  EXPECT_EQ(trial_at(plan, {{"lr", ".5"}}).spec.values.number("lr"), 0.5);
  EXPECT_EQ(trial_at(plan, {{"lr", "1E-5"}}).spec.values.number("lr"), 1e-5);
  EXPECT_TRUE(trial_at(plan, {{"skip_unreadable_images", "True"}}).spec.values.flag("skip_unreadable_images"));
  EXPECT_FALSE(trial_at(plan, {{"skip_unreadable_images", "FALSE"}}).spec.values.flag("skip_unreadable_images"));
}

TEST(ValueHintsTest, LongTextsAreCutBetweenCharacters) {
  for (std::size_t front = 0; front < 4; ++front) {
    std::string word(front, 'a');
    while (word.size() < 300) word += "\xe2\x82\xac";
    for (const std::string& line : {"matrix: {criterion: [" + word + "]}", "matrix: {" + word + ": [1]}",
                                    "trial: {evaluate.metrics: [" + word + "]}", "matrix: {arch: [" + word + "]}"}) {
      const std::string text = errors_of(sweep_of("zip: {benchmark: [cub200]}\n" + line + "\n"));
      for (std::size_t at = text.find('\xe2'); at != std::string::npos; at = text.find('\xe2', at + 1)) {
        ASSERT_EQ(text.substr(at, 3), "\xe2\x82\xac") << text;
      }
    }
  }
}

}  // namespace
}  // namespace oodml::sweep
