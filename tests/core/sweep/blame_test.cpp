// That a message blames what is wrong, and nothing that only follows from it.
#include "tests/core/sweep/bad_sweeps.h"

namespace oodml::sweep {
namespace {

TEST(BlameTest, WhereNoTrialIsLeftNothingElseIsBlamed) {
  const std::string text =
      errors_of(sweep_of("trial: {benchmark: cub200, epochs: 3}\nmatrix: {criterion: [arcface]}\n"
                         "exclude: [{criterion: arcface}]\n"));
  EXPECT_EQ(text, "sweep.yaml:4:1: no trial is left: `exclude:` and `when:` leave out all of them");
}

TEST(BlameTest, AKeyWithoutAValueIsNamedInItsOwnLine) {
  expect_error(sweep_of("trial:\n  benchmark: cub200\n  epochs:\n  criterion: oproxy\n"),
               "sweep.yaml:5:3: epochs must be an integer, from 0 to 100000, got nothing");
}

TEST(BlameTest, ANameOfDigitsWouldBeTakenForAnId) {
  const std::string rest = "trial: {benchmark: cub200, criterion: oproxy}\n";
  expect_error("version: 1\nname: 12\n" + rest, "sweep.yaml:2:7: name must hold more than digits, which are ids");
  EXPECT_EQ(errors_of("version: 1\nname: 12b\n" + rest), "accepted");
}

}  // namespace
}  // namespace oodml::sweep
