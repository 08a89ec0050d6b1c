#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Damaged inputs for parsers: nothing may crash, hang or take much memory, and what is accepted must be whole. Every
/// input is a function of its number, so a failure is repeated by that number. The normal tests try a bounded number;
/// `tests/run.sh --fuzz` tries many more under the address and undefined sanitizers.
namespace oodml::testing {

struct Corpus {
  std::vector<std::string> seeds;  ///< Valid inputs, between them everything the format has; at least one.
  std::vector<std::string> words;  ///< Pieces the format is made of: opcodes, keywords, markers. May be empty.
};

/// The seed `number % seeds` with one to four changes: bytes, bits, cuts, repeats, extreme numbers (binary and text),
/// words of the format, pieces of other seeds.
std::string damaged(const Corpus& corpus, std::uint64_t number);

/// How many inputs a test tries: OODML_FUZZ_INPUTS where it is set, else `otherwise`.
std::uint64_t fuzz_inputs(std::uint64_t otherwise = 2'000);

/// Gives `check` the unharmed seeds (numbers below seeds.size()) and then fuzz_inputs(otherwise) damaged ones. Stops at
/// the first failed expectation, crash or input that takes over a minute, and says the number of that input;
/// OODML_FUZZ_ONLY=<number> tries it alone. `check` also gets the number, for whoever wants to treat the seeds apart.
void fuzz(const Corpus& corpus, const std::function<void(const std::string& input, std::uint64_t number)>& check,
          std::uint64_t otherwise = 2'000);

}  // namespace oodml::testing
