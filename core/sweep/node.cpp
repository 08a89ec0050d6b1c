#include "core/sweep/node.h"

#include <algorithm>

#include "core/base/code_point.h"

namespace oodml::sweep {

Node scalar(std::string text, Place place) {
  Node node;
  node.kind = Node::Kind::kScalar;
  node.place = place;
  node.text = std::move(text);
  return node;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kMost = 60;
  const std::string_view begin = beginning_of(text, kMost);
  return "'" + std::string(begin) + (begin.size() < text.size() ? "...'" : "'");
}

std::string missing_space(std::string_view text) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 >= text.size()) return "";
  const std::string_view key = text.substr(0, colon);
  const char next = text[colon + 1];
  if (!std::all_of(key.begin(), key.end(), is_word) || next == ' ' || next == '/' || next == '\\' || next == ':')
    return "";
  return "a space is missing after '" + std::string(beginning_of(key, 60)) + ":'";
}

std::string shown(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kMap:
      return "a map";
    case Node::Kind::kScalar:
      break;
  }
  return in_quotes(node.text);
}

const Node::Entry* labelled_entry(const Node& node) {
  if (!node.is_map() || node.entries.size() != 1) return nullptr;
  const Node::Entry& entry = node.entries.front();
  return entry.value.is_map() || entry.value.is_null() ? &entry : nullptr;
}

const Node* file_named_by(const Node& node) {
  if (!node.is_map() || node.entries.size() != 1) return nullptr;
  const Node::Entry& entry = node.entries.front();
  return entry.key == "file" && entry.value.is_scalar() ? &entry.value : nullptr;
}

}  // namespace oodml::sweep
