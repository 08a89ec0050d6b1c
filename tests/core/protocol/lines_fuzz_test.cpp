// Damaged lines of a trial: a message, one to be skipped, or an error; what was read is written and read as the same.
#include <gtest/gtest.h>

#include "core/base/utf8.h"
#include "core/protocol/lines.h"
#include "tests/support/mutator.h"

namespace oodml::protocol {
namespace {

testing::Corpus lines() {
  testing::Corpus corpus;
  for (const job::EventBody& body : std::vector<job::EventBody>{
           job::Hello{.version = 1, .device = "cuda:0", .pid = 4711},
           job::Progress{.epoch = 3,
                         .epochs_total = 9,
                         .step = 1200,
                         .steps_total = 9000,
                         .loss = 0.412,
                         .seconds_left = 5.5,
                         .phase = "training"},
           job::Metric{.epoch = 3, .set = "test", .embeds = "embeds", .name = "e_recall@1", .value = 0.6523},
           job::Checkpoint{.epoch = 3, .path = "checkpoints/0003", .sha256 = std::string(64, 'a')},
           job::Warning{"a b%c=d\ne \xc3\xa9"}, job::Done{.epochs = 200}, job::Stopped{.epoch = 1, .step = 7},
           job::Failed{.kind = "out_of_memory", .message = "CUDA out of memory"}}) {
    std::string line = encode(body);
    line.pop_back();
    corpus.seeds.push_back(std::move(line));
  }
  corpus.words = {
      "=", " ", "%", "%20", "%0a", "%zz", "epoch=", "value=nan", "value=-inf", "\n", "\xff", "metric ", "hello"};
  return corpus;
}

TEST(LinesFuzzTest, DamagedLinesAreReadSkippedOrRefused) {
  const testing::Corpus corpus = lines();
  testing::fuzz(
      corpus,
      [&](const std::string& line, std::uint64_t number) {
        const auto read = decode(line);
        if (!read) {
          ASSERT_GE(number, corpus.seeds.size()) << read.error().message();
          ASSERT_EQ(read.error().code(), StatusCode::kInvalidArgument);
          ASSERT_FALSE(first_invalid_utf8(read.error().message()));
          return;
        }
        if (!*read) return;
        const std::string written = encode(**read);
        ASSERT_LE(written.size(), kMaxLine);
        const auto again = decode(std::string_view(written).substr(0, written.size() - 1));
        ASSERT_TRUE(again) << again.error().message();
        ASSERT_TRUE(again->has_value());
        ASSERT_EQ(encode(**again), written);  // as texts: NaN is not equal to itself
      },
      10'000);
}

}  // namespace
}  // namespace oodml::protocol
