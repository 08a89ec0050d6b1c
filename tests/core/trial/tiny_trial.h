#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/job/event.h"
#include "core/trial/places.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {

/// A trial that the real program finishes in a second or two: six classes of eight PNG files of 20 x 20 pixels,
/// small_conv on crops of 16.
class TinyTrial {
 public:
  TinyTrial();

  /// "key: value" lines put behind (and so instead of) those of the trial; a key of the trial is replaced.
  void set(const std::string& key, const std::string& value);
  std::filesystem::path benchmark() const { return folder_ / "benchmarks" / "tiny"; }
  /// The n-th image of the k-th class, from 0.
  std::filesystem::path image(int k, int n) const;
  std::filesystem::path run_dir(const std::string& name) const { return folder_ / "runs" / name; }
  std::filesystem::path events_log(const std::string& run) const { return run_dir(run) / "events.log"; }

  /// The trial file's text.
  std::string text() const;
  /// Where the trial's images are.
  trial::Places places() const { return {folder_ / "benchmarks", folder_ / "weights"}; }
  /// Writes the trial file and gives the words of `oodml-core run` for a run directory of that name.
  std::vector<std::string> words(const std::string& run, const std::vector<std::string>& more = {}) const;
  /// Runs it to its end.
  Output finish(const std::string& run, const std::vector<std::string>& more = {}) const;

 private:
  TemporaryFolder folder_;
  std::vector<std::pair<std::string, std::string>> settings_;
};

/// The events of the last attempt in a run directory's events.log; a line that does not decode fails the test.
std::vector<job::EventBody> last_attempt(const std::filesystem::path& events_log);

/// "epoch set name value" of each metric in order, the times left out; NaN prints as nan.
std::vector<std::string> figures(const std::vector<job::EventBody>& events);

template <typename Body>
std::vector<Body> all_of(const std::vector<job::EventBody>& events) {
  std::vector<Body> found;
  for (const auto& event : events) {
    if (const auto* body = std::get_if<Body>(&event)) found.push_back(*body);
  }
  return found;
}

}  // namespace oodml::testing
