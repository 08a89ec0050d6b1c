#include "core/sweep/usual_checks.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/sweep/keys.h"

namespace oodml::sweep {
namespace {

bool is_name(std::string_view text, std::string_view others, bool upper_case) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (upper_case && c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

}  // namespace

bool is_benchmark_name(std::string_view name) { return is_name(name, "_-", false); }

void refuse_benchmark_name(std::string_view name, const PlaceOf& place_of, const Place& whole,
                           Diagnostics& diagnostics) {
  diagnostics.error(place_of("benchmark").value_or(whole),
                    "a benchmark's name has letters a to z, digits, _ and -, got " + in_quotes(name));
}

bool stays_inside(const std::filesystem::path& path) {
  return !path.empty() && !path.is_absolute() && std::find(path.begin(), path.end(), "..") == path.end();
}

bool is_plain_name(std::string_view name) { return is_name(name, "._-", true); }

void check_split(const Params& values, const PlaceOf& place_of, const Place& whole, Diagnostics& diagnostics) {
  const auto error = [&](std::string what) { diagnostics.error(place_of("split").value_or(whole), std::move(what)); };
  const std::string& split = values.text("split");
  if (split == "default") return;
  if (split == "all" || split.find("..") != std::string::npos) {
    return error("split: " + split + " names several splits; make split an axis of `matrix:`");
  }
  const auto* benchmark = catalogue::find(catalogue::Kind::kBenchmark, values.text("benchmark"));
  if (benchmark == nullptr) {
    if (!is_plain_name(split)) {
      error("a split id has letters, digits, '.', '_' and '-', got " + in_quotes(split));
    }
    return;
  }
  const auto& ids = benchmark->split_ids;
  if (std::find(ids.begin(), ids.end(), split) != ids.end()) return;
  std::vector<std::string> accepted = {"default"};
  accepted.insert(accepted.end(), ids.begin(), ids.end());
  error("benchmark " + benchmark->name + " has no split " + in_quotes(split) + "; accepted: " + joined(accepted) +
        catalogue::did_you_mean(split, accepted));
}

void check_split_file(const Params& values, const PlaceOf& place_of, const Place& whole, Diagnostics& diagnostics) {
  const std::string& path = values.text("split_file");
  if (stays_inside(path)) return;
  diagnostics.error(place_of("split_file").value_or(whole),
                    "split_file must be a path inside of the benchmark's folder, got " + in_quotes(path));
}

void check_artifacts(const Params& values, const PlaceOf& place_of, const Place& whole, Diagnostics& diagnostics) {
  static const std::vector<std::string> kWords = {"best", "last",        "log", "results",
                                                  "csv",  "tensorboard", "all", "none"};
  const Place place = place_of("artifacts").value_or(whole);
  const auto& words = values.texts("artifacts");
  for (const std::string& word : words) {
    if (std::find(kWords.begin(), kWords.end(), word) == kWords.end()) {
      diagnostics.error(place, unknown_word("artifact", word, kWords));
    } else if (words.size() > 1 && (word == "none" || word == "all")) {
      diagnostics.error(place, "artifacts: " + in_quotes(word) + " stands alone");
    }
  }
  refuse_repeated_words("artifacts", words, place_of, whole, diagnostics);
}

void refuse_repeated_words(const std::string& key, const std::vector<std::string>& words, const PlaceOf& place_of,
                           const Place& whole, Diagnostics& diagnostics) {
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (std::find(words.begin(), word, *word) != word) {
      diagnostics.error(place_of(key).value_or(whole), key + " names " + in_quotes(*word) + " twice");
    }
  }
}

}  // namespace oodml::sweep
