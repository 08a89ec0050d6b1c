#include "core/sweep/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

#include "core/base/utf8.h"

namespace oodml::sweep {
namespace {

/// Ends the reading at once; never leaves this file.
struct Unreadable {
  Place place;
  std::string what;
};

Place place_of(const YAML::Mark& mark) { return {.line = mark.line + 1, .column = mark.column + 1}; }

bool is_control(unsigned char byte) { return byte < 0x20 || byte == 0x7f; }

/// Builds the tree from yaml-cpp's events. Working on events keeps the depth limit ahead of the parser's recursion
/// and sees tags and anchors that the library's own tree hides.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  std::optional<Node> root;

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root) throw Unreadable{place_of(mark), "a second YAML document starts here; one a file is read"};
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

  static void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) {
      throw Unreadable{place_of(mark), "anchors and aliases (&name, *name) are not accepted; write the value out"};
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      throw Unreadable{place_of(mark), "tags (" + tag.substr(0, 60) + ") are not accepted; leave it out"};
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
    const auto [first, is_new] = parent.seen.emplace(key.text, key.place.line);
    if (!is_new) {
      diagnostics_.error(key.place,
                         "key " + shown(key) + " stands twice; first in line " + std::to_string(first->second));
      return;
    }
    parent.node.entries.push_back({std::move(key.text), key.place, std::move(value)});
  }

  Diagnostics& diagnostics_;
  std::vector<Open> open_;
};

Place place_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto newline = before.rfind('\n');
  return {.line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          .column = static_cast<int>(newline == std::string_view::npos ? offset : offset - newline - 1) + 1};
}

void check_bytes(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    throw Unreadable{{}, std::to_string(text.size()) + " bytes; the most that is read is " + std::to_string(max_bytes)};
  }
  if (const auto offset = first_invalid_utf8(text)) {
    throw Unreadable{place_at(text, *offset), "byte " + std::to_string(*offset) + " of the file is not UTF-8"};
  }
  const auto control = std::find_if(text.begin(), text.end(), [](char c) {
    return is_control(static_cast<unsigned char>(c)) && c != '\n' && c != '\r' && c != '\t';
  });
  if (control != text.end()) {
    const auto offset = static_cast<std::size_t>(control - text.begin());
    throw Unreadable{place_at(text, offset), "byte " + std::to_string(offset) + " of the file is a control character"};
  }
}

std::optional<Node> parse(std::string_view text, std::size_t max_bytes, Diagnostics& diagnostics) {
  TreeBuilder builder(diagnostics);
  try {
    check_bytes(text, max_bytes);
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Unreadable& problem) {
    diagnostics.error(problem.place, problem.what);
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    diagnostics.error(place_of(error.mark), "not YAML: " + error.msg);
    return std::nullopt;
  }
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
    diagnostics.error(root->place, "expected a map of keys and values, got " + shown(*root));
  }
  return std::nullopt;
}

std::optional<Node> read_yaml_value(std::string_view text, const Place& place, Diagnostics& diagnostics) {
  constexpr std::size_t kMaxValueBytes = 1 << 16;
  Diagnostics local(*place.named, 1);
  std::optional<Node> node = parse(text, kMaxValueBytes, local);
  if (local.any()) {
    diagnostics.error(place, "its value is not a YAML value");
    return std::nullopt;
  }
  if (!node) node.emplace();
  move_to(place, *node);
  return node;
}

}  // namespace oodml::sweep
