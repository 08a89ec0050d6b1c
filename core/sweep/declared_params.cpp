#include "core/sweep/declared_params.h"

#include <algorithm>

#include "core/sweep/diagnostics.h"
#include "core/sweep/keys.h"
#include "core/sweep/yaml_reader.h"

namespace oodml::sweep {
namespace {

constexpr std::size_t kMostBytes = 64 << 10;
constexpr std::size_t kMostErrors = 20;
constexpr std::size_t kMostParams = 256;

}  // namespace

Result<catalogue::DeclaredParams> parse_declared_params(std::string_view yaml, std::string_view file_name) {
  Diagnostics diagnostics(file_name, kMostErrors);
  const auto root = read_yaml(yaml, kMostBytes, diagnostics);
  if (!root) return diagnostics.failure();
  catalogue::DeclaredParams declared;
  const auto& types = catalogue::param_types();
  for (const Node::Entry& entry : root->entries) {
    if (!catalogue::is_param_name(entry.key)) {
      report_unknown_key(std::string(catalogue::kParamsPrefix) + entry.key, entry.place, {}, diagnostics);
    } else if (!entry.value.is_scalar() || std::ranges::find(types, entry.value.text) == types.end()) {
      diagnostics.error(entry.value.place, unknown_word("type of " + entry.key, entry.value.text, types));
    } else {
      declared.emplace(entry.key, entry.value.text);
    }
  }
  if (root->entries.size() > kMostParams) {
    diagnostics.error(root->place,
                      std::to_string(root->entries.size()) + " parameters; the most is " + std::to_string(kMostParams));
  }
  if (diagnostics.any()) return diagnostics.failure();
  return declared;
}

}  // namespace oodml::sweep
