#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oodml::sweep {

/// Where a value was written.
struct Place {
  int line = 0;                        ///< From 1; 0 when the value was not written in the file.
  int column = 0;                      ///< From 1.
  const std::string* named = nullptr;  ///< Instead of line and column: "--set lr=1". Outlives every Place.
};

/// A piece of a YAML file with its place: what yaml_reader makes and everything else in this folder reads.
struct Node {
  enum class Kind { kNull, kScalar, kList, kMap };
  struct Entry;

  Kind kind = Kind::kNull;
  Place place;
  std::string text;            ///< Of a scalar, unquoted.
  bool quoted = false;         ///< Quoted scalars are texts, whatever they look like.
  std::vector<Node> items;     ///< Of a list.
  std::vector<Entry> entries;  ///< Of a map, in the order of the file, keys unique.

  bool is_null() const { return kind == Kind::kNull; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_map() const { return kind == Kind::kMap; }
  const Entry* find(std::string_view key) const;
};

struct Node::Entry {
  std::string key;
  Place place;
  Node value;
};

inline const Node::Entry* Node::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

Node scalar(std::string text, Place place);

/// In quotes, cut after 60 bytes, for messages.
std::string in_quotes(std::string_view text);

/// "a space is missing after 'lr:'" of lr:1, as YAML takes it for one text; empty for any other text.
std::string missing_space(std::string_view text);

/// As a message shows it: 'abc', a list, a map, nothing.
std::string shown(const Node& node);

/// The entry of `map` whose only value is a map: {r_margin: {...}} or {r_margin: }; nullptr for any other node.
const Node::Entry* labelled_entry(const Node& node);

/// The value of {file: splits.txt}, which stands for the lines of that file; nullptr for any other node.
const Node* file_named_by(const Node& node);

}  // namespace oodml::sweep
