// Which embeddings of an image are evaluated (docs/metrics.md#embeddings; "evaltypes" in the references).
#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/code_point.h"
#include "core/base/words.h"
#include "core/catalogue/catalogue.h"

namespace oodml::catalogue {
namespace {

constexpr std::string_view kOnly = "embeds";
constexpr std::string_view kFeatures = "avg_features";
constexpr std::string_view kCombined = "Combined_";

std::vector<std::string> pieces(std::string_view text, char separator) {
  std::vector<std::string> found;
  for (;;) {
    const auto end = text.find(separator);
    found.emplace_back(text.substr(0, end));
    if (end == text.npos) return found;
    text.remove_prefix(end + 1);
  }
}

Failure refused(std::string_view text, const std::string& why) {
  return invalid_argument("embeddings '" + std::string(beginning_of(text, 200)) + "': " + why);
}

Result<std::vector<double>> weights_of(std::string_view text, std::string_view written) {
  std::vector<double> weights;
  for (const std::string& piece : pieces(written, '-')) {
    double weight = 0.0;
    const auto read = std::from_chars(piece.data(), piece.data() + piece.size(), weight);
    if (read.ec != std::errc() || read.ptr != piece.data() + piece.size() || !std::isfinite(weight)) {
      return refused(text, "'" + std::string(beginning_of(piece, 40)) +
                               "' is no weight; write numbers, as in discriminative_shared-1-0.5");
    }
    weights.push_back(weight);
  }
  return weights;
}

}  // namespace

Result<Embeddings> parse_embeddings(std::string_view text, const Arch& arch) {
  if (text == kFeatures) return Embeddings{.heads = {}, .weights = {}, .are_features = true};
  if (!arch.several_heads) {
    if (text == kOnly) return Embeddings{};
    return refused(text,
                   "the network has one head, whose embeddings are called embeds (and its pooled features "
                   "avg_features); several need an arch that starts with multifeature_");
  }
  const auto dash = text.find('-');
  std::string_view names = text.substr(0, dash);
  if (names.starts_with(kCombined)) names.remove_prefix(kCombined.size());
  Embeddings embeddings{.heads = pieces(names, '_'), .weights = {}, .are_features = false};
  for (const std::string& head : embeddings.heads) {
    const auto& known = head_names();
    if (std::find(known.begin(), known.end(), head) == known.end()) {
      return refused(text, "the network has no head '" + std::string(beginning_of(head, 40)) + "'; it has " +
                               joined(known) + did_you_mean(head, known));
    }
  }
  if (dash == text.npos) {
    embeddings.weights.assign(embeddings.heads.size(), 1.0);
    return embeddings;
  }
  OODML_ASSIGN_OR_RETURN(embeddings.weights, weights_of(text, text.substr(dash + 1)));
  if (embeddings.weights.size() == embeddings.heads.size()) return embeddings;
  return refused(text, std::to_string(embeddings.heads.size()) + " heads but " +
                           std::to_string(embeddings.weights.size()) + " weights; write one for each, or none");
}

std::vector<std::string> default_embeddings(const Arch& arch) {
  if (!arch.several_heads) return {std::string(kOnly)};
  const std::string all = std::string(kCombined) + joined(head_names(), "_");
  return {all + "-1-1-1-1", all + "-0.75-1.25-1.25-1.25", all + "-0.5-1.5-1.5-1.5"};
}

}  // namespace oodml::catalogue
