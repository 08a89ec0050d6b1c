#include "core/splits/json_outline.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "core/base/printable.h"

namespace oodml::splits {
namespace {

constexpr std::size_t kMaxDepth = 8;

/// Walks a document without building it.
class Walker final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::string problem;
  bool has_splits = false;
  std::vector<std::string> ids;

  bool null() override { return pass(); }
  bool boolean(bool) override { return pass(); }
  bool number_integer(number_integer_t) override { return pass(); }
  bool number_unsigned(number_unsigned_t) override { return pass(); }
  bool number_float(number_float_t, const string_t&) override { return pass(); }
  bool string(string_t&) override { return pass(); }
  bool binary(binary_t&) override { return pass(); }

  bool start_object(std::size_t) override {
    has_splits = has_splits || in_splits(1);
    return descend(/*is_list=*/false);
  }
  bool start_array(std::size_t) override { return descend(/*is_list=*/true); }
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
    bool is_list = false;
    std::size_t passed = 0;  ///< Values of a list that lie behind.
    std::string current;     ///< Key of a map.
    std::unordered_set<std::string> seen;
  };

  /// Whether this is the value of the document's key `splits` (depth 1), or something in it.
  bool in_splits(std::size_t depth) const { return levels_.size() == depth && levels_.front().current == "splits"; }

  bool descend(bool is_list) {
    if (levels_.size() == kMaxDepth) {
      problem = place() + ": nested more than " + std::to_string(kMaxDepth) + " levels deep";
      return false;
    }
    levels_.push_back({.is_list = is_list, .passed = 0, .current = {}, .seen = {}});
    return true;
  }
  bool ascend() {
    levels_.pop_back();
    return pass();
  }
  /// A value has ended.
  bool pass() {
    if (!levels_.empty()) ++levels_.back().passed;
    return true;
  }
  std::string place() const {
    std::string text;
    for (const Level& level : levels_) {
      if (level.is_list) text += "[" + std::to_string(level.passed) + "]";
      if (!level.is_list && !level.current.empty()) text += (text.empty() ? "" : ".") + printable(level.current);
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
