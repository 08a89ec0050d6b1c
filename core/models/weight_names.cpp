#include "core/models/weight_names.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/printable.h"

namespace oodml::models {
namespace {

constexpr std::size_t kNamesShown = 3;
constexpr std::string_view kAverager = "n_averaged";  ///< The counter beside the network in swa_utils.AveragedModel.

/// How many wanted names stand below each beginning of the file's names.
struct Below {
  std::size_t all = 0, needed = 0;
};

std::map<std::string, Below, std::less<>> beginnings(const NamedTensors& file, const WantedNames& wanted) {
  std::map<std::string, Below, std::less<>> found;
  for (const auto& [name, tensor] : file) {
    std::size_t dot = 0;
    for (std::size_t at = 0; dot != std::string::npos; at = dot + 1) {
      dot = name.find('.', at);
      const std::string_view rest = std::string_view(name).substr(at);
      if (!wanted.all.contains(rest)) continue;
      Below& below = found[name.substr(0, at)];
      ++below.all;
      below.needed += wanted.needed.contains(rest) ? 1 : 0;
    }
  }
  return found;
}

std::string in_ticks(std::string_view prefix) { return "`" + printable(prefix, 100) + "`"; }

/// "took the 62 names below `model.` and left out 2 others: loss.proxies, queue"
std::string remark_on(const std::string& prefix, std::size_t taken, const std::vector<std::string>& others) {
  const std::string count = std::to_string(taken);
  if (others.empty()) return "left out the prefix " + in_ticks(prefix) + " of all " + count + " names";
  return "took the " + count + " names below " + in_ticks(prefix) + " and left out " + std::to_string(others.size()) +
         (others.size() == 1 ? " other: " : " others: ") + name_list(others, kNamesShown);
}

}  // namespace

Result<RenamedTensors> without_wrappers(NamedTensors file, const WantedNames& wanted) {
  const auto found = beginnings(file, wanted);
  const auto fewer = [](const auto& a, const auto& b) { return a.second.all < b.second.all; };
  const auto best = std::max_element(found.begin(), found.end(), fewer);  // of equals the first, so the shortest
  if (best == found.end() || best->first.empty()) return RenamedTensors{std::move(file), {}};
  const std::string& prefix = best->first;

  RenamedTensors renamed;
  NamedTensors outside;
  for (auto& [name, tensor] : file) {
    const bool below = name.starts_with(prefix);
    (below ? renamed.tensors : outside).emplace(below ? name.substr(prefix.size()) : name, std::move(tensor));
  }
  const std::size_t taken = renamed.tensors.size();
  for (const std::string_view name : wanted.all) {  // a head beside the backbone
    if (auto node = outside.extract(std::string(name)); !node.empty()) renamed.tensors.insert(std::move(node));
  }
  const bool whole = std::ranges::all_of(
      wanted.needed, [&](std::string_view name) { return renamed.tensors.contains(std::string(name)); });
  if (!whole) {  // nothing is left out of what does not fit
    outside.erase(std::string(kAverager));
    renamed.tensors.merge(outside);
    outside.clear();
  }
  for (const auto& [other, below] : found) {
    if (other == prefix || below.needed < wanted.needed.size()) continue;
    return invalid_argument("several networks are in it, below " + in_ticks(prefix) + " and " + in_ticks(other) +
                            "; save the names of one of them alone");
  }
  std::vector<std::string> others;
  for (const auto& [name, tensor] : outside) {
    if (name != kAverager) others.push_back(name);
  }
  renamed.remarks.push_back(remark_on(prefix, taken, others));
  return renamed;
}

}  // namespace oodml::models
