#include "core/split_creation/progression_csv.h"

#include <algorithm>
#include <unordered_set>

#include "core/base/csv_text.h"

namespace oodml::split_creation {
namespace {

using Numbers = std::vector<std::int64_t>;

std::int64_t shared(const Numbers& a, const Numbers& b) {
  const std::unordered_set<std::int64_t> known(a.begin(), a.end());
  return std::ranges::count_if(b, [&](std::int64_t number) { return known.contains(number); });
}

}  // namespace

Moved moved(const Entry& entry, const Numbers& start_train, const Numbers& start_test) {
  return {
      .to_test = shared(start_train, entry.test),
      .to_train = shared(start_test, entry.train),
      .removed = std::ssize(start_train) + std::ssize(start_test) - std::ssize(entry.train) - std::ssize(entry.test)};
}

std::string progression_csv(const std::vector<Entry>& entries, const std::vector<std::size_t>& chosen,
                            const Numbers& start_train, const Numbers& start_test) {
  std::string text = "run,key,swaps,fid,train,test,moved_to_test,moved_to_train,removed,id\n";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    const Moved difference = moved(entry, start_train, start_test);
    const auto id = std::ranges::find(chosen, i);
    text += std::string(to_text(entry.run)) + "," + entry.key() + "," + std::to_string(entry.swaps) + "," +
            csv_number(entry.fid) + "," + std::to_string(entry.train.size()) + "," + std::to_string(entry.test.size()) +
            "," + std::to_string(difference.to_test) + "," + std::to_string(difference.to_train) + "," +
            std::to_string(difference.removed) + "," +
            (id == chosen.end() ? "" : std::to_string(id - chosen.begin() + 1)) + "\n";
  }
  return text;
}

}  // namespace oodml::split_creation
