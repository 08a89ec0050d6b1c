#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "tests/support/mutator.h"

#if defined(__SANITIZE_ADDRESS__)
extern "C" void __sanitizer_set_death_callback(void (*callback)());
#endif

namespace oodml::testing {
namespace {

std::atomic<std::uint64_t> current_input{0};

/// Runs in a dying process: only what a signal handler may call.
void say_input() {
  char digits[24];
  char* first = digits + sizeof digits;
  *--first = '\n';
  std::uint64_t value = current_input;
  do *--first = static_cast<char>('0' + value % 10);
  while ((value /= 10) > 0);
  constexpr char kText[] = "\nThe test died or hung at this input; repeat it with OODML_FUZZ_ONLY=";
  (void)!::write(STDERR_FILENO, kText, sizeof kText - 1);
  (void)!::write(STDERR_FILENO, first, static_cast<std::size_t>(digits + sizeof digits - first));
}

void die(int signal) {
  say_input();
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void watch_for_death() {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_set_death_callback(say_input);
  constexpr int kDeaths[] = {SIGALRM, SIGABRT};
#else
  constexpr int kDeaths[] = {SIGALRM, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
#endif
  for (const int signal : kDeaths) ::signal(signal, die);
}

constexpr std::uint64_t kUnset = std::numeric_limits<std::uint64_t>::max();

std::uint64_t variable(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr || *text == '\0' ? kUnset : std::strtoull(text, nullptr, 10);
}

}  // namespace

std::uint64_t fuzz_inputs(std::uint64_t otherwise) {
  const std::uint64_t asked = variable("OODML_FUZZ_INPUTS");
  return asked == kUnset ? otherwise : asked;
}

void fuzz(const Corpus& corpus, const std::function<void(const std::string&, std::uint64_t)>& check,
          std::uint64_t otherwise) {
  watch_for_death();
  const std::uint64_t only = variable("OODML_FUZZ_ONLY");
  const std::uint64_t first = only == kUnset ? 0 : only;
  const std::uint64_t end = only == kUnset ? corpus.seeds.size() + fuzz_inputs(otherwise) : only + 1;
  for (std::uint64_t number = first; number < end && !::testing::Test::HasFailure(); ++number) {
    current_input = number;
    ::alarm(60);
    check(number < corpus.seeds.size() ? corpus.seeds[number] : damaged(corpus, number), number);
    ::alarm(0);
    if (::testing::Test::HasFailure()) ADD_FAILURE() << "at input " << number << " (OODML_FUZZ_ONLY=" << number << ")";
  }
}

}  // namespace oodml::testing
