// Damaged pickles: nothing may crash, hang or take much memory, and what is accepted must be whole. Every input is a
// function of its number. OODML_FUZZ_INPUTS sets how many are tried; the address sanitizer's build sees the rest.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "core/splits/split_file.h"
#include "tests/core/splits/pickle_text.h"

namespace oodml::splits {
namespace {

using namespace pickled;

int inputs() {
  const char* asked = std::getenv("OODML_FUZZ_INPUTS");
  return asked == nullptr ? 20'000 : std::atoi(asked);
}

/// Valid files that between them hold every opcode a split file has.
std::vector<std::string> seeds() {
  const std::string episode = dict({{text("c") + put(9), texts({"1.jpg"})}, {text("d"), texts({"2.jpg"})}});
  const std::string same = dict({{get(9), texts({"3.jpg"})}, {text("d"), texts({"4.jpg"})}});
  const std::string ids = "\x8F(" + integer(11) + "M\x10\x27\x90";
  return {
      small_split_file(),
      small_split_file({{"split_train", texts({"a"})},
                        {"split_val", list({numpy_text("b") + put(3)})},
                        {"test_episodes", dict({{integer(1), dict({{integer(0), episode}, {integer(1), same}})}})}}),
      small_split_file({{"split_train", list({integer(2)})},
                        {"split_val", "(" + integer(3) + "t"},
                        {"test_episodes", dict({{"K\x05", dict({{integer(0), ids}})}})}}),
      file("\x95" + little(40, 8) + "}\x94(\x8C\x01x\x94}\x94\x8C\x05train\x94]\x94(\x8C\x01" "a\x94h\x01" "es" +
               "\x8C\x01y\x94Nu", 4),
  };
}

class Mutator {
 public:
  explicit Mutator(int number) : random_(static_cast<std::uint64_t>(number)) {}

  std::string mutate(std::string bytes, const std::vector<std::string>& all) {
    for (std::size_t change = 0; change < 1 + below(4) && !bytes.empty(); ++change) {
      const std::size_t at = below(bytes.size());
      const std::size_t length = std::min(bytes.size() - at, 1 + below(16));
      switch (below(7)) {
        case 0: bytes[at] = static_cast<char>(below(256)); break;
        case 1: bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(8)); break;
        case 2: bytes.resize(at); break;
        case 3: bytes.erase(at, length); break;
        case 4: bytes.insert(at, bytes.substr(at, length)); break;
        case 5: bytes.insert(at, 1, kOpcodes[below(kOpcodes.size())]); break;
        default: {
          const std::string& other = all[below(all.size())];
          const std::size_t from = below(other.size());
          bytes.replace(at, length, other.substr(from, 1 + below(32)));
        }
      }
    }
    return bytes;
  }

  std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }

 private:
  static constexpr std::string_view kOpcodes =
      "()]}aeusthjqrRbcNXBCKMJG.\x85\x86\x87\x88\x89\x8A\x8F\x90\x91\x93\x94\x95";
  std::mt19937_64 random_;
};

TEST(PickleMutationTest, DamagedFilesAreRefusedOrWhole) {
  const std::vector<std::string> all = seeds();
  for (std::size_t i = 0; i < 3; ++i) ASSERT_TRUE(parse_split_file(all[i], "seed_splits.pkl")) << i;
  int accepted = 0;
  for (int number = 0; number < inputs(); ++number) {
    Mutator mutator(number);
    const std::string bytes = mutator.mutate(all[static_cast<std::size_t>(number) % all.size()], all);
    const auto read = parse_split_file(bytes, "mutated_splits.pkl");
    const auto ids = parse_split_ids(bytes, "mutated_splits.pkl");
    if (!read) {
      ASSERT_TRUE(read.error().message().starts_with("mutated_splits.pkl: ")) << "input " << number;
      continue;
    }
    ++accepted;
    ASSERT_TRUE(ids) << "input " << number;
    const auto again = parse_split_file(to_json(*read), "again");
    ASSERT_TRUE(again) << "input " << number << ": " << again.error().message();
    ASSERT_EQ(again->splits, read->splits) << "input " << number;
  }
  EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace oodml::splits
