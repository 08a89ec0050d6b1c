#include "core/sweep/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

#include "core/base/code_point.h"
#include "core/base/utf8.h"
#include "core/sweep/yaml_characters.h"
#include "core/sweep/yaml_hints.h"

namespace oodml::sweep {
namespace {

/// Ends the reading at once; never leaves this file.
struct Unreadable {
  Place place;
  std::string what;
};

/// Behind `before`, the beginning of a line. Characters count, as in editors; far out, where nobody counts, bytes:
/// every node of a line asks.
int column_behind(std::string_view before) {
  constexpr std::size_t kMostCounted = 4096;
  const auto counted = before.substr(0, kMostCounted);
  const auto follows = std::count_if(counted.begin(), counted.end(), [](char c) { return (c & 0xc0) == 0x80; });
  return static_cast<int>(before.size()) - static_cast<int>(follows) + 1;
}

Place place_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  return {.line = static_cast<int>(lines) + 1, .column = column_behind(before.substr(before.rfind('\n') + 1))};
}

std::size_t offset_of(const YAML::Mark& mark) { return static_cast<std::size_t>(std::max(mark.pos, 0)); }

/// Builds the tree from yaml-cpp's events. Working on events keeps the depth limit ahead of the parser's recursion
/// and sees tags and anchors that the library's own tree hides.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, Diagnostics& diagnostics) : text_(text), diagnostics_(diagnostics) {}

  std::optional<Node> root;
  bool has_odd = false;  ///< A text holds a character that it should not; reported.

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!root) return;
    if (root->is_map()) throw Unreadable{place_of(mark), "a second YAML document starts here; one a file is read"};
    throw Unreadable{place_of(mark), "what stands above this line is complete: " + shown(*root) +
                                         ", where a map of keys and values is expected"};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "?", anchor);
    Node node;
    node.place = place_of(mark);
    take(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { check(mark, "?", 1); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    check(mark, tag, anchor);
    Node node = scalar(text, place_of(mark));
    node.quoted = tag == "!";
    if (first_invalid_utf8(text)) throw Unreadable{node.place, "an escape in this text is not a character"};
    refuse_odd(node, offset_of(mark));
    take(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::kList, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    std::optional<Node> key;          // of a map, while its value is awaited
    std::map<std::string, int> seen;  // key -> line
  };

  Place place_of(const YAML::Mark& mark) const {
    const std::size_t end = std::min(offset_of(mark), text_.size());
    const std::size_t begin = end - std::min(end, static_cast<std::size_t>(std::max(mark.column, 0)));
    return {.line = mark.line + 1, .column = column_behind(text_.substr(begin, end - begin))};
  }

  /// At the character itself, unless an escape made it.
  void refuse_odd(const Node& node, std::size_t begin) {
    const bool describes = open_.size() == 1 && open_.back().key && open_.back().key->text == "description";
    const Writing writing = describes ? Writing::kDescription : node.quoted ? Writing::kQuoted : Writing::kPlain;
    const auto odd = find_odd(node.text, writing);
    if (!odd) return;
    has_odd = true;
    const auto written = text_.find(std::string_view(node.text).substr(odd->offset, odd->length), begin);
    diagnostics_.error(written == std::string_view::npos ? node.place : place_at(text_, written), odd->what);
  }

  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != 0) {
      throw Unreadable{place_of(mark), "anchors and aliases (&name, *name) are not accepted; write the value out"};
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      throw Unreadable{place_of(mark),
                       "tags (" + std::string(beginning_of(tag, 60)) + ") are not accepted; leave it out"};
    }
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    check(mark, tag, anchor);
    if (open_.size() >= kMaxDepth) {
      throw Unreadable{place_of(mark), "lists and maps stand more than " + std::to_string(kMaxDepth) + " deep"};
    }
    Open started;
    started.node.kind = kind;
    started.node.place = place_of(mark);
    open_.push_back(std::move(started));
  }

  void close() {
    Node done = std::move(open_.back().node);
    open_.pop_back();
    take(std::move(done));
  }

  void take(Node node) {
    if (open_.empty()) {
      root = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      if (!node.is_scalar()) throw Unreadable{node.place, "a key must be a text, got " + shown(node)};
      parent.key = std::move(node);
    } else {
      add_entry(parent, std::move(node));
    }
  }

  void add_entry(Open& parent, Node value) {
    Node key = *std::exchange(parent.key, std::nullopt);
    if (key.text == "<<" && !key.quoted) {
      diagnostics_.error(key.place,
                         "merge keys (<<) are not accepted; write the entries out, or put what is shared "
                         "into `trial:`");
      return;
    }
    const auto [first, is_new] = parent.seen.emplace(key.text, key.place.line);
    if (!is_new) {
      diagnostics_.error(key.place,
                         "key " + shown(key) + " stands twice; first in line " + std::to_string(first->second));
      return;
    }
    if (value.is_null() && value.place.line > key.place.line) value.place = key.place;  // the next line is another's
    parent.node.entries.push_back({std::move(key.text), key.place, std::move(value)});
  }

  std::string_view text_;
  Diagnostics& diagnostics_;
  std::vector<Open> open_;
};

void check_bytes(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    throw Unreadable{{}, std::to_string(text.size()) + " bytes; the most that is read is " + std::to_string(max_bytes)};
  }
  if (const auto problem = find_unreadable(text)) throw Unreadable{place_at(text, problem->offset), problem->what};
}

std::optional<Node> parse(std::string_view text, std::size_t max_bytes, Diagnostics& diagnostics) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  TreeBuilder builder(text, diagnostics);
  try {
    check_bytes(text, max_bytes);
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Unreadable& problem) {
    diagnostics.error(problem.place, problem.what);
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    const Misread misread = explain(text, offset_of(error.mark), error.msg);
    if (!builder.has_odd) diagnostics.error(place_at(text, misread.offset), misread.what);
    return std::nullopt;
  }
  if (builder.has_odd) return std::nullopt;  // what follows from it would only confuse
  return std::move(builder.root);
}

void move_to(const Place& place, Node& node) {
  node.place = place;
  for (Node& item : node.items) move_to(place, item);
  for (Node::Entry& entry : node.entries) {
    entry.place = place;
    move_to(place, entry.value);
  }
}

}  // namespace

std::optional<Node> read_yaml(std::string_view text, std::size_t max_bytes, Diagnostics& diagnostics) {
  const std::size_t errors = diagnostics.count();
  std::optional<Node> root = parse(text, max_bytes, diagnostics);
  if (root && root->is_map()) return root;
  if (diagnostics.count() > errors) return std::nullopt;
  if (!root || root->is_null()) {
    diagnostics.error({.line = 1, .column = 1}, "the file is empty; expected a map of keys and values");
  } else {
    const std::string colon = missing_space(root->text);
    diagnostics.error(root->place,
                      "expected a map of keys and values, got " + shown(*root) + (colon.empty() ? "" : "; " + colon));
  }
  return std::nullopt;
}

std::optional<Node> read_yaml_value(std::string_view text, const Place& place, Diagnostics& diagnostics) {
  constexpr std::size_t kMaxValueBytes = 1 << 16;
  Diagnostics local("its value", 1);
  std::optional<Node> node = parse(text, kMaxValueBytes, local);
  if (local.any()) {
    diagnostics.error(place, local.failure().status.message());
    return std::nullopt;
  }
  if (!node) node.emplace();
  move_to(place, *node);
  return node;
}

}  // namespace oodml::sweep
