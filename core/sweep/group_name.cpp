#include "core/sweep/group_name.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/sweep/keys.h"
#include "core/sweep/node.h"

namespace oodml::sweep {
namespace {

constexpr std::size_t kMaxName = 100;

Result<std::string> label_of(const std::string& axis, const std::map<std::string, std::string>& labels) {
  if (const auto found = labels.find(axis); found != labels.end()) return found->second;
  std::vector<std::string> axes;
  for (const auto& [name, label] : labels) axes.push_back(name);
  return invalid_argument(unknown_word("axis of this trial in its group", axis, axes));
}

bool is_plain(const std::string& name) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !name.empty() && name.size() <= kMaxName && std::none_of(name.begin(), name.end(), is_control);
}

}  // namespace

Result<std::string> group_name(const std::string& text, const std::map<std::string, std::string>& labels) {
  std::string name;
  for (std::size_t at = 0; at < text.size() && name.size() <= kMaxName; ++at) {
    const char c = text[at];
    if (c != '{' && c != '}') {
      name += c;
    } else if (at + 1 < text.size() && text[at + 1] == c) {
      name += text[++at];
    } else {
      const auto end = text.find('}', at);
      if (c == '}' || end == text.npos) {
        return invalid_argument("group " + in_quotes(text) +
                                " has a brace without its other half; a brace of the "
                                "name itself is written twice");
      }
      OODML_ASSIGN_OR_RETURN(const std::string label, label_of(text.substr(at + 1, end - at - 1), labels));
      name += label;
      at = end;
    }
  }
  if (is_plain(name)) return name;
  return invalid_argument("a group's name has 1 to " + std::to_string(kMaxName) +
                          " bytes without control characters, got " + in_quotes(name.substr(0, kMaxName)));
}

}  // namespace oodml::sweep
