#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "tests/core/sweep/bad_sweeps.h"

namespace oodml::sweep {
namespace {

TEST(BadSweepTest, AllErrorsComeInOnePassInTheOrderOfTheFile) {
  const std::string text = errors_of(
      "version: 1\n"
      "name: Bad Name\n"
      "trail: {}\n"
      "trial:\n"
      "  epocs: 3\n"
      "  batch_size: abc\n"
      "  lr: -1\n"
      "matrix:\n"
      "  benchmark: [cub2000]\n"
      "  criterion:\n"
      "    - margin_distance: {criterion: {name: margin, bta: 1.2}, miner: distanc}\n"
      "    - arcfase\n"
      "    - triplet\n"
      "  seed: []\n");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 8) << text;
  const char* expected[] = {
      "sweep.yaml:2:7: name must be 1 to 100 of a to z",
      "sweep.yaml:3:1: unknown key 'trail'; did you mean 'trial'? Accepted: version, name",
      "sweep.yaml:5:3: unknown key 'epocs'; did you mean 'epochs'? `oodml components keys` lists all\n",
      "sweep.yaml:6:15: batch_size must be an integer, from 2 to 65536, got 'abc'",
      "sweep.yaml:7:7: lr must be 0 or more, got -1",
      "sweep.yaml:11:51: unknown parameter of criterion margin 'bta'; did you mean 'beta'? Accepted: margin, beta, "
      "beta_lr",
      "sweep.yaml:11:69: unknown miner 'distanc'; did you mean 'distance'?",
      "sweep.yaml:12:7: unknown criterion 'arcfase'; did you mean 'arcface'?",
      "sweep.yaml:14:3: axis seed is empty",
  };
  std::size_t at = 0;
  for (const char* part : expected) {
    const std::size_t found = text.find(part, at);
    EXPECT_NE(found, std::string::npos) << part << "\nin order in\n" << text;
    if (found != std::string::npos) at = found;
  }
}

TEST(BadSweepTest, TypesRangesAndChoicesSayWhatWouldBeAccepted) {
  expect_error(one_with("matrix: {epochs: [1, 2.5]}\n"),
               "sweep.yaml:4:22: epochs must be an integer, from 0 to 100000, got '2.5'");
  expect_error(one_with("matrix: {epochs: ['1']}\n"), "got the text '1'; write it without quotes");
  expect_error(one_with("matrix: {skip_unreadable_images: [yes]}\n"), "must be true or false, got 'yes'");
  expect_error(one_with("matrix: {lr: [.inf]}\n"), "lr must be a number");
  expect_error(one_with("matrix: {lr: [inf]}\n"), "lr must be a finite number");
  expect_error(one_with("matrix: {lr: [1e999]}\n"), "lr must be a number");
  expect_error(one_with("matrix: {validation_fraction: [1.0]}\n"),
               "validation_fraction must be above 0 to below 1, got 1.0");
  expect_error(one_with("matrix: {compat: [papr]}\n"),
               "compat must be one of corrected, paper, got 'papr'; did you mean 'paper'?");
  expect_error(one_with("matrix: {criterion.mode: [ankor]}\n"),
               "criterion.mode must be one of anchor, nca, got 'ankor'");
  expect_error(one_with("matrix: {tau: [[1, x]]}\n"), "sweep.yaml:4:20: tau must be an integer");
  expect_error(one_with("matrix: {seed: [-1]}\n"), "seed must be 0 or more, got -1");
  expect_error(one_with("matrix: {batch_size: [99999999999999999999]}\n"), "batch_size must be an integer");
}

TEST(BadSweepTest, ForbiddenPairingsNameTheirLine) {
  expect_error(sweep_of("trial: {benchmark: cub200}\nmatrix:\n  criterion:\n    - margin\n"),
               "sweep.yaml:6:7: criterion margin needs a miner: one of random, semihard, distance, rho_distance");
  expect_error(
      sweep_of("trial: {benchmark: cub200}\nmatrix:\n  criterion:\n    - a: {criterion: arcface, miner: distance}\n"),
      "sweep.yaml:6:38: criterion arcface takes no miner, but miner is distance");
  expect_error(sweep_of("trial: {benchmark: cub200}\nmatrix:\n  criterion: [arcface, triplet]\n  miner: [distance]\n"),
               "sweep.yaml:6:11: criterion arcface takes no miner");
  expect_error(sweep_of("trial: {benchmark: cub200, criterion: arcface, miner: distance}\n"),
               "criterion arcface takes no miner");
  expect_error(sweep_of("trial: {benchmark: cub200}\nmatrix:\n  criterion: [{a: {criterion: triplet, miner: random, "
                        "miner.cp: 0.3}}]\n"),
               "unknown parameter of miner random 'cp'");
  expect_error(sweep_of("trial: {benchmark: cub200, criterion: arcface, arch: resnet50}\n"),
               "sweep.yaml:3:54: criterion arcface expects embeddings of unit length: write arch: resnet50_normalize");
}

TEST(BadSweepTest, EveryUnknownNameSaysWhichOneIsNear) {
  const auto with = [](const std::string& line) {
    return sweep_of("trial:\n  benchmark: cub200\n  criterion: margin\n  miner: distance\n  " + line + "\n");
  };
  expect_error(with("benchmark_: cub200"), "unknown key 'benchmark_'; did you mean 'benchmark'?");
  expect_error(with("sampler: clas_random"), "unknown sampler 'clas_random'; did you mean 'class_random'?");
  expect_error(with("arch: resnet5O_normalize"), "unknown backbone 'resnet5O'; did you mean 'resnet50'?");
  expect_error(with("arch: smal_conv_normalize"), "unknown backbone 'smal_conv'; did you mean 'small_conv'?");
  expect_error(with("arch: resnet50_frozen_normalise"), "did you mean 'normalize'?");
  expect_error(with("recipe: revisting"), "did you mean 'revisiting'?");
  expect_error(with("split: defualt"),
               "has no split 'defualt'; accepted: default, 1, 2, 3, 4, 5, 6, 7, 8, 9; did you mean 'default'?");
  expect_error(with("test_benchmark: cars169"), "unknown benchmark 'cars169'; did you mean 'cars196'?");
  expect_error(with("evaluate: {sets: [tset]}"), "unknown set 'tset'; did you mean 'test'?");
  expect_error(with("evaluate: {metrics: [e_recal@1]}"), "did you mean 'e_recall'?");
  expect_error(with("evaluate: {metrics: [dists@itra]}"),
               "needs one of intra, inter, intra_over_inter, as in dists@intra; did you mean 'intra'?");
  expect_error(with("keep_best: [e_recall@l]"), "which is not measured; evaluate.metrics has e_recall@1, e_recall@2");
  expect_error(with("keep_best: [e_recall@l]"), "did you mean 'e_recall@1'?");
  expect_error(with("arch: multifeature_resnet50_normalize\n  evaluate: {embeddings: [discriminativ]}"),
               "it has discriminative, shared, selfsimilarity, intra; did you mean 'discriminative'?");
  expect_error(with("criterion.betta: 1"), "did you mean 'criterion.beta'?");
}

TEST(BadSweepTest, DirectionsBetweenHeadsAreCheckedBeforeAnythingIsTrained) {
  const auto separated = [](const std::string& directions) {
    return sweep_of(
        "trial: {benchmark: cub200, arch: multifeature_resnet50_normalize,\n"
        "  criterion: {name: adversarial_separation, decorrelations: " +
        directions + "}}\n");
  };
  EXPECT_EQ(errors_of(separated("[shared-discriminative, intra-selfsimilarity]")), "accepted");
  expect_error(separated("[shared-discriminativ]"), "sweep.yaml:4:62: criterion.decorrelations must be one of ");
  expect_error(separated("[shared-discriminativ]"), "did you mean 'shared-discriminative'?");
  expect_error(separated("[shared-shared]"), "got 'shared-shared'");
  expect_error(separated("[shared-intra, shared-intra]"), "criterion.decorrelations names 'shared-intra' twice");
}

TEST(BadSweepTest, AnIntervalIsTwoNumbersTheSmallerFirst) {
  const auto limits = [](const std::string& text) {
    return sweep_of("trial: {benchmark: cub200, criterion: triplet, miner: {name: parametric, support_lim: " + text +
                    "}}\n");
  };
  expect_error(limits("[1.4, 0.1]"), "miner.support_lim must be two numbers, the smaller first, got [1.4, 0.1]");
  expect_error(limits("[0.5, 0.5]"), "the smaller first, got [0.5, 0.5]");
  expect_error(limits("[0.1, 0.5, 1]"), "the smaller first, got [0.1, 0.5, 1]");
  expect_error(limits("0.5"), "the smaller first, got [0.5]");
}

TEST(BadSweepTest, ARangeErrorInAnOverridePointsThere) {
  expect_error(
      sweep_of("matrix:\n  benchmark: [cub200, cars196]\n  criterion:\n"
               "    - r: {criterion: margin, miner: rho_distance, for: [{benchmark: cars196, miner.cp: 1.5}]}\n"),
      "sweep.yaml:6:88: miner.cp must be from 0 to 1, got 1.5");
}

TEST(BadSweepTest, OfAFileOfAnotherVersionOnlyThatIsSaid) {
  const auto plan = plan_sweep("version: 2\nname: t\nstudies: []\n", {});
  ASSERT_FALSE(plan);
  EXPECT_EQ(
      plan.error().message(),
      "sweep.yaml:1:10: version must be 1, got '2'; this program reads version 1 only, a newer one may know this");
}

TEST(BadSweepTest, SplitsAreCheckedAgainstTheCatalogue) {
  expect_error(sweep_of("trial: {criterion: oproxy}\nmatrix:\n  benchmark: [cub200, cars196]\n  split: 8..9\n"),
               "sweep.yaml:6:10: benchmark cars196 has no split '9'; accepted: default, 1, 2, 3, 4, 5, 6, 7, 8");
  expect_error(sweep_of("trial: {criterion: oproxy, benchmark: fashion_mnist, split: 5}\n"),
               "accepted: default, 1, 2, 3, 4");
  expect_error(sweep_of("trial: {criterion: oproxy, benchmark: mine, layout: idx}\nmatrix: {split: all}\n"),
               "list them: split: [1, 2]");
  expect_error(sweep_of("trial: {criterion: oproxy, layout: idx}\nmatrix: {benchmark: [mine, cub200], split: all}\n"),
               "split: all needs the ids of benchmark 'mine'");
  expect_error(one_with("matrix: {split: 4..2}\n"), "the range 4..2 is empty");
  expect_error(sweep_of("trial: {benchmark: cub200, criterion: oproxy, split: all}\n"), "make split an axis");
}

TEST(BadSweepTest, AxesAreNamedAndShapedRight) {
  expect_error(one_with("matrix: {seeds: [1]}\n"), "sweep.yaml:4:10: unknown key 'seeds'; did you mean 'seed'?");
  expect_error(one_with("matrix: {epochs: []}\n"), "axis epochs is empty");
  expect_error(one_with("matrix: {epochs: }\n"), "axis epochs is empty");
  expect_error(one_with("matrix: [epochs]\n"), "`matrix:` must be a map of axes, got a list");
  expect_error(one_with("matrix: {}\n"), "`matrix:` is empty");
  expect_error(one_with("matrix: {epochs: {a: {epochs: 1}}}\n"), "must be a list of entries, got a map");
  expect_error(one_with("matrix: {epochs: [1, 1]}\n"), "axis epochs has two entries '1', the first at sweep.yaml:4:19");
  expect_error(one_with("matrix: {epochs: [{a: 1}]}\n"),
               "an entry of axis epochs is a value, or {label: {key: value, ...}}");
  expect_error(one_with("matrix: {epochs: [null]}\n"), "got nothing");
  expect_error(one_with("matrix: {epochs: [{few: {epochs: 1, lr: 0.1}}], lr: [0.2]}\n"),
               "lr is an axis of its own; an entry of axis epochs cannot set it too");
  expect_error(one_with("matrix: {decay: [1e-4, 1e-3]}\n"),
               "sweep.yaml:4:10: unknown key 'decay'; what the references call so is weight_decay");
  expect_error(one_with("matrix: {loss_margin_beta: [0.6, 1.2]}\n"), "what the references call so is criterion.beta");
  expect_error(one_with("matrix: {seed: {cuont: 3}}\n"), "unknown key 'cuont'; did you mean 'count'?");
  expect_error(one_with("matrix: {seed: {count: 0}}\n"), "seed.count must be an integer, 1 or more, got '0'");
  expect_error(one_with("matrix: {seed: {first: 2}}\n"), "seed needs `count`");
  expect_error(one_with("matrix: {epochs: [{'': {epochs: 1}}]}\n"), "a label has 1 to 100 bytes");
  expect_error(one_with("matrix: {epochs: [1]}\nzip: {epochs: [2]}\n"), "epochs is an axis already");
  expect_error(one_with("zip: {epochs: [1, 2], lr: [0.1]}\n"),
               "as many entries as one another: epochs has 2, lr has 1");
  expect_error(one_with("zip: {split: all, lr: [0.1]}\n"), "list the ids in `zip:`");
  expect_error(one_with("zip: {}\n"), "`zip:` has no axes");
}

TEST(BadSweepTest, AGroupNamesAxesOfItsTrial) {
  const auto with_group = [](const std::string& group) {
    return sweep_of("trial: {benchmark: cub200, group: '" + group + "'}\nmatrix: {criterion: [oproxy, arcface]}\n");
  };
  EXPECT_EQ(errors_of(with_group("{criterion}_{{}}")), "accepted");
  expect_error(with_group("{criterio}"),
               "sweep.yaml:3:35: unknown axis of this trial in its group 'criterio'; did you mean 'criterion'?");
  expect_error(with_group("a_{criterion"), "has a brace without its other half");
  expect_error(with_group("a_criterion}"), "has a brace without its other half");
  expect_error(with_group(std::string(95, 'a') + "{criterion}"), "a group's name has 1 to 100 bytes");
  expect_error(one_with("matrix: {group: [a, b]}\n"), "sweep.yaml:4:10: group is made of the labels of the axes");
}

TEST(BadSweepTest, ConditionsAreCheckedForTypos) {
  const std::string head = "trial: {benchmark: cub200}\nmatrix:\n  criterion: [arcface, oproxy]\n";
  expect_error(
      sweep_of(head + "exclude:\n  - {criterion: arcfase}\n"),
      "sweep.yaml:7:17: unknown entry of axis criterion 'arcfase'; did you mean 'arcface'? Accepted: arcface, oproxy");
  expect_error(sweep_of(head + "exclude:\n  - {citerion: arcface}\n"),
               "unknown key 'citerion'; did you mean 'criterion'?");
  expect_error(sweep_of(head + "exclude: {criterion: arcface}\n"), "`exclude:` must be a list of maps, got a map");
  expect_error(sweep_of(head + "exclude: [{}]\n"), "an entry of `exclude:` is a map of conditions, got an empty one");
  expect_error(sweep_of(head + "exclude: [{criterion: []}]\n"), "names no value");
  expect_error(sweep_of(head + "exclude: [{tau: 3}]\n"), "tau is a list; conditions take keys with a single value");
  expect_error(sweep_of(head + "exclude: [{criterion: [arcface, oproxy]}]\n"), "no trial is left");
  expect_error(sweep_of(head + "for: [{epochs: 3}]\n"), "needs a condition on an axis (criterion)");
  expect_error(sweep_of(head + "for: [{criterion: arcface}]\n"), "needs something to set");
  expect_error(sweep_of(head + "for: [{criterion: {name: arcface}, epochs: 3}]\n"),
               "must be a value or a list of values, got a map");
  expect_error(sweep_of(head + "for: [{when: 3, epochs: 3}]\n"), "`when:` must be a map of conditions");
}

TEST(BadSweepTest, HeadAndSectionsAreChecked) {
  expect_error("name: t\n", "`version: 1` is missing");
  expect_error("version: 2\nname: t\n", "version must be 1, got '2'");
  expect_error("version: 1\n", "`name:` is missing");
  expect_error(sweep_of("lr: 1\n"), "key 'lr' belongs below `trial:`");
  expect_error(sweep_of("extends: base.yaml\n"), "only the command line can");
  expect_error(sweep_of("trial: [1]\n"), "`trial:` must be a map");
  expect_error(sweep_of("trial: {lr: 1, lr: 2}\n"), "key 'lr' stands twice; first in line 3");
  expect_error(sweep_of("trial: {evaluate: {every: 1}, evaluate.every: 2}\n"),
               "key 'evaluate.every' is set twice; first at sweep.yaml:3:20");
  expect_error(sweep_of("trial: {benchmark: cub200}\n"), "a trial has no criterion");
  expect_error(one_with("blocks: []\n"), "`blocks:` must be a list of one matrix or more, got an empty one");
  expect_error(one_with("blocks: [3]\n"), "a block is a map");
  expect_error(one_with("blocks: [{matrx: {}}]\n"), "unknown key of a block 'matrx'; did you mean 'matrix'?");
  expect_error(one_with("blocks: [{matrix: {seed: 1}}]\nmatrix: {seed: 2}\n"), "`matrix:` stands beside `blocks:`");
  expect_error(one_with("blocks: [{matrix: {seed: 1}}, {trial: {epochs: 1}, matrix: {seed: 1}}]\n"),
               "two blocks have a trial 'seed 1', and they differ in epochs (150 and 1)");
  expect_error(sweep_of("trial: {benchmark: cub200, criterion: oproxy, miner.cp: 0.1}\n"), "miner.cp has no effect");
}

TEST(BadSweepTest, CommandLineSettingsAreNamedAsTheirPlace) {
  const auto with = [](const char* key, const char* value) {
    ExpandOptions options;
    options.settings = {{key, value}};
    return options;
  };
  expect_error(one_with(""), "--set lr=-1: lr must be 0 or more, got -1", with("lr", "-1"));
  expect_error(one_with(""), "--set epocs=1: unknown key 'epocs'; did you mean 'epochs'?", with("epocs", "1"));
  expect_error(one_with(""), "--set lr=[: its value:1:2: not YAML: a [ or { before this is not closed",
               with("lr", "["));
  expect_error(one_with(""), "--set lr=: lr must be a number", with("lr", ""));
  expect_error(one_with("matrix: {epochs: [1, 2]}\n"), "--set epochs=3: has no effect", with("epochs", "3"));
}

TEST(BadSweepTest, TooManyErrorsAreCutAndCounted) {
  std::string yaml = sweep_of("trial:\n");
  for (int i = 0; i < 200; ++i) yaml += "  key" + std::to_string(i) + ": 1\n";
  const std::string text = errors_of(yaml);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 50);
  EXPECT_TRUE(text.ends_with("\nand 152 more errors"))
      << text.substr(text.size() - 60);  // 200, no benchmark, no criterion
}

// Hostile input: bounded in time and memory, one clear line.

TEST(HostileYamlTest, ProductsOverTheLimitAreNotMultipliedOut) {
  expect_error(one_with("matrix: {seed: {count: 100}, epochs: 1..100, warmup: 1..100}\n"),
               "the sweep has more than 100000 trials, the most that is accepted: seed 100 x epochs 100 x warmup 100");
  std::string yaml = "matrix:\n";
  for (const char* key : {"seed", "epochs", "warmup", "steps_per_epoch", "images_per_class", "loader_threads"}) {
    yaml += "  " + std::string(key) + ": 0..200\n";
  }
  expect_error(one_with(yaml), "more than 100000 trials");
  expect_error(one_with("matrix: {seed: {count: 1000000}}\n"), "more than 100000 entries");
  expect_error(one_with("matrix: {seed: 0..9223372036854775807}\n"), "more than 100000 entries");
  expect_error(one_with("matrix: {seed: {count: 9007199254740992}}\n"), "more than 100000 entries");
}

TEST(HostileYamlTest, AliasesAnchorsAndTagsAreRefused) {
  expect_error("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
               "sweep.yaml:1:4: anchors and aliases (&name, *name) are not accepted");
  expect_error("a: *b\n", "sweep.yaml:1:4: ");
  expect_error("name: !!str x\n", "tags (tag:yaml.org,2002:str) are not accepted");
  expect_error("name: !<evil> x\n", "tags (evil) are not accepted");
}

TEST(HostileYamlTest, BytesThatAreNoTextAreRefusedWithTheirOffset) {
  expect_error("name: \xff\xfe\n", "sweep.yaml:1:7: byte 6 of the file is not UTF-8");
  expect_error(std::string("name: a\0b\n", 10), "sweep.yaml:1:8: byte 7 of the file is a control character");
  expect_error("name: t\nx: \x1b[2J\n", "sweep.yaml:2:4: byte 11 of the file is a control character");
  expect_error(one_with("matrix: {weights: [{a: {weights: \"a\\0b\"}}]}\n"), "must not hold control characters");
  expect_error(std::string("\xff\xfe"
                           "n\0a\0",
                           6),
               "byte 0 of the file is not UTF-8");
  EXPECT_EQ(errors_of("\xef\xbb\xbf" + one_with("")), "accepted");
}

TEST(HostileYamlTest, SizeDepthAndDocumentsAreBounded) {
  expect_error(std::string(50'000'000, 'a'), "50000000 bytes; the most that is read is 1048576");
  expect_error("a: " + std::string(500'000, '['), "lists and maps stand more than 32 deep");
  expect_error("a: " + std::string(500'000, '{'), "lists and maps stand more than 32 deep");
  std::string nested;
  for (int i = 0; i < 900; ++i) nested += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  expect_error(nested, "lists and maps stand more than 32 deep");
  std::string dashes;
  for (int i = 0; i < 200'000; ++i) dashes += "- ";
  expect_error(dashes, "more than 32 deep");
  expect_error("name: a\n---\nname: b\n", "a second YAML document starts here");
}

TEST(HostileYamlTest, WhatIsNotAMapIsRefused) {
  expect_error("", "the file is empty");
  expect_error("# only a comment\n", "the file is empty");
  expect_error("null\n", "the file is empty");
  expect_error("- a\n- b\n", "expected a map of keys and values, got a list");
  expect_error("text\n", "expected a map of keys and values, got 'text'");
  expect_error("? [a]\n: 1\n", "a key must be a text, got a list");
  expect_error("a: [1, 2\nb: 3\n", "not YAML: ");
  expect_error("a: b: c\n", "not YAML: ");
  expect_error("a: \"\\ud800\"\n", "sweep.yaml:1:");
}

TEST(HostileYamlTest, ManyRulesAreRefused) {
  std::string yaml = "matrix: {seed: [0, 1]}\nexclude:\n";
  for (int i = 0; i < 2000; ++i) yaml += "  - {seed: 1}\n";
  expect_error(one_with(yaml), "2000 entries of `for:`, `exclude:` and `when:`; the most is 1000");
}

TEST(HostileYamlTest, AFullFileOfRepetitionEndsSoon) {
  const auto begin = std::chrono::steady_clock::now();
  for (const std::string& piece :
       {std::string("a: 1\n"), std::string("? "), std::string("[]"), std::string("- - -\n"), std::string("\"\\"),
        std::string("a: |\n"), std::string("%TAG ! x\n"), std::string("{a: "), std::string(": "), std::string("\t"),
        std::string("'"), std::string("#"), std::string("- {a: {for: [{}]}}\n")}) {
    std::string yaml;
    while (yaml.size() < 200'000) yaml += piece;
    EXPECT_NE(errors_of(yaml), "accepted");
    std::string inside = one_with("matrix:\n  epochs:\n");
    while (inside.size() < 200'000) inside += "    " + piece;
    errors_of(inside);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

}  // namespace
}  // namespace oodml::sweep
