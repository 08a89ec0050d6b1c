#include "core/metrics/evaltype.h"

#include <charconv>
#include <cmath>

#include "core/base/words.h"

namespace oodml::metrics {
namespace {

constexpr std::string_view kPlain = "embeds";  // of a network with one head
constexpr std::string_view kCombined = "Combined_";

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  for (;;) {
    const auto end = text.find(separator);
    pieces.emplace_back(text.substr(0, end));
    if (end == text.npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

Failure wrong(std::string_view text, const std::string& what) {
  return invalid_argument("evaltype '" + std::string(text.substr(0, 200)) + "': " + what +
                          "; wanted are embeds, or names with weights, as in "
                          "Combined_discriminative_shared-0.75-1.25");
}

}  // namespace

Result<Evaltype> parse_evaltype(std::string_view text) {
  std::vector<std::string> pieces = split(text, '-');
  std::string_view names = pieces.front();
  if (names.starts_with(kCombined)) names.remove_prefix(kCombined.size());
  Evaltype evaltype;
  for (std::string& name : split(names, '_')) {
    if (name.empty()) return wrong(text, "a name is empty");
    evaltype.heads.push_back({std::move(name)});
  }
  const std::size_t weights = pieces.size() - 1;
  if (weights != 0 && weights != evaltype.heads.size()) {
    return wrong(text, std::to_string(evaltype.heads.size()) + " names but " + std::to_string(weights) + " weights");
  }
  for (std::size_t i = 0; i < weights; ++i) {
    const std::string& piece = pieces[i + 1];
    double& weight = evaltype.heads[i].weight;
    const auto parsed = std::from_chars(piece.data(), piece.data() + piece.size(), weight);
    if (parsed.ec != std::errc() || parsed.ptr != piece.data() + piece.size() || !std::isfinite(weight)) {
      return wrong(text, "'" + piece + "' is no weight");
    }
  }
  evaltype.is_plain = text == kPlain;
  return evaltype;
}

Result<torch::Tensor> select_embeddings(const std::map<std::string, torch::Tensor>& heads, const Evaltype& evaltype,
                                        bool normalize) {
  std::vector<torch::Tensor> parts;
  for (const Evaltype::Head& wanted : evaltype.heads) {
    const auto head = heads.find(wanted.name);
    if (head == heads.end()) {
      std::vector<std::string> known;
      for (const auto& [name, rows] : heads) known.push_back(name);
      return invalid_argument("evaltype: no head '" + wanted.name + "'; there are " + joined(known));
    }
    if (head->second.dim() != 2 || head->second.size(0) != heads.begin()->second.size(0)) {
      return invalid_argument("evaltype: head '" + wanted.name + "' has another number of rows than the others");
    }
    parts.push_back(evaltype.is_plain ? head->second : head->second * wanted.weight);
  }
  const auto rows = at::cat(parts, 1);
  if (evaltype.is_plain || !normalize) return rows;
  return rows / rows.norm(2, 1, /*keepdim=*/true).clamp_min(1e-12);
}

}  // namespace oodml::metrics
