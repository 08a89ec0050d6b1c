#include "core/sweep/node.h"

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
  std::size_t end = std::min(text.size(), kMost);
  while (end > 0 && end < text.size() && (text[end] & 0xc0) == 0x80) --end;  // whole UTF-8 characters
  return "'" + std::string(text.substr(0, end)) + (end < text.size() ? "...'" : "'");
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

}  // namespace oodml::sweep
