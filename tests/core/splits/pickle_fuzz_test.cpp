// Damaged pickles: nothing may crash, hang or take much memory, and what is accepted must be whole.
#include <gtest/gtest.h>

#include "core/splits/split_file.h"
#include "tests/core/pickle/pickle_text.h"
#include "tests/support/mutator.h"

namespace oodml::splits {
namespace {

using namespace pickled;

/// Valid files that between them hold every opcode a split file has; the last is valid in its opcodes only.
testing::Corpus pickles() {
  const std::string episode = dict({{text("c") + put(9), texts({"1.jpg"})}, {text("d"), texts({"2.jpg"})}});
  const std::string same = dict({{get(9), texts({"3.jpg"})}, {text("d"), texts({"4.jpg"})}});
  const std::string ids = "\x8F(M\x10\x27\x90";
  testing::Corpus corpus;
  corpus.seeds = {
      small_split_file(),
      small_split_file({{"split_train", texts({"a"})},
                        {"split_val", list({numpy_text("b") + put(3)})},
                        {"test_episodes", dict({{integer(1), dict({{integer(0), episode}, {integer(1), same}})}})}}),
      small_split_file({{"split_train", list({integer(2)})},
                        {"split_val", "(" + integer(3) + "t"},
                        {"test_episodes", dict({{"K\x05", dict({{integer(0), ids}})}})}}),
      file("\x95" + little(40, 8) +
               "}\x94(\x8C\x01x\x94}\x94\x8C\x05train\x94]\x94(\x8C\x01"
               "a\x94h\x01"
               "es" +
               "\x8C\x01y\x94Nu",
           4),
  };
  const std::string opcodes = "()]}aeusthjqrRbcNXBCKMJG.\x85\x86\x87\x88\x89\x8A\x8F\x90\x91\x93\x94\x95";
  for (const char opcode : opcodes) corpus.words.emplace_back(1, opcode);
  return corpus;
}

TEST(PickleFuzzTest, DamagedFilesAreRefusedOrWhole) {
  testing::fuzz(
      pickles(),
      [](const std::string& bytes, std::uint64_t number) {
        const auto read = parse_split_file(bytes, "mutated_splits.pkl");
        const auto ids = parse_split_ids(bytes, "mutated_splits.pkl");
        if (!read) {
          ASSERT_GE(number, 3u) << read.error().message();
          ASSERT_TRUE(read.error().message().starts_with("mutated_splits.pkl: ")) << read.error().message();
          return;
        }
        ASSERT_TRUE(ids) << ids.error().message();
        const auto again = parse_split_file(to_json(*read), "again");
        ASSERT_TRUE(again) << again.error().message();
        ASSERT_EQ(again->splits, read->splits);
      },
      20'000);
}

}  // namespace
}  // namespace oodml::splits
