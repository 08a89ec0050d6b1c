#include "core/sweep/node.h"

namespace oodml::sweep {

Node scalar(std::string text, Place place) {
  Node node;
  node.kind = Node::Kind::kScalar;
  node.place = place;
  node.text = std::move(text);
  return node;
}

std::string shown(const Node& node) {
  constexpr std::size_t kMost = 60;
  switch (node.kind) {
    case Node::Kind::kNull: return "nothing";
    case Node::Kind::kList: return "a list";
    case Node::Kind::kMap: return "a map";
    case Node::Kind::kScalar: break;
  }
  std::size_t end = std::min(node.text.size(), kMost);
  while (end > 0 && end < node.text.size() && (node.text[end] & 0xc0) == 0x80) --end;  // whole UTF-8 characters
  return "'" + node.text.substr(0, end) + (end < node.text.size() ? "...'" : "'");
}

const Node::Entry* labelled_entry(const Node& node) {
  if (!node.is_map() || node.entries.size() != 1) return nullptr;
  const Node::Entry& entry = node.entries.front();
  return entry.value.is_map() || entry.value.is_null() ? &entry : nullptr;
}

}  // namespace oodml::sweep
