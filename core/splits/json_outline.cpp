#include "core/splits/json_outline.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

namespace oodml::splits {
namespace {

constexpr std::size_t kMaxDepth = 8;

/// Walks a document without building it.
class Walker final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::string problem;
  bool has_splits = false;
  std::vector<std::string> ids;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }

  bool start_object(std::size_t) override {
    has_splits = has_splits || in_splits(1);
    return descend();
  }
  bool start_array(std::size_t) override { return descend(); }
  bool end_object() override { return ascend(); }
  bool end_array() override { return ascend(); }

  bool key(string_t& key) override {
    levels_.back().current = key;
    if (levels_.back().seen.insert(key).second) {
      if (in_splits(2)) ids.push_back(key);
      return true;
    }
    problem = place() + ": the key is there twice";
    return false;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    const std::string_view what = error.what();  // "[json.exception.parse_error.101] parse error at line 1, ..."
    problem = what.substr(std::min(what.size(), what.find("] ") + 2));
    return false;
  }

 private:
  struct Level {
    std::string current;
    std::unordered_set<std::string> seen;
  };

  /// Whether this is the value of the document's key `splits` (depth 1), or something in it.
  bool in_splits(std::size_t depth) const { return levels_.size() == depth && levels_.front().current == "splits"; }

  bool descend() {
    if (levels_.size() == kMaxDepth) {
      problem = place() + ": nested more than " + std::to_string(kMaxDepth) + " levels deep";
      return false;
    }
    levels_.emplace_back();
    return true;
  }
  bool ascend() {
    levels_.pop_back();
    return true;
  }
  std::string place() const {
    std::string text;
    for (const Level& level : levels_) {
      if (!level.current.empty()) text += (text.empty() ? "" : ".") + level.current;
    }
    return text.empty() ? "document" : text;
  }

  std::vector<Level> levels_;
};

}  // namespace

Result<std::vector<std::string>> split_ids_of_json(std::string_view json) {
  Walker walker;
  if (!nlohmann::json::sax_parse(json, &walker)) return invalid_argument(walker.problem);
  if (!walker.has_splits) return invalid_argument("splits: wants a map from id to split, not empty");
  return std::move(walker.ids);
}

}  // namespace oodml::splits
