#pragma once

#include <string>

#include "core/pickle/document.h"

namespace oodml::pickle {

/// The value as text: [1, 'a', (True, None)], objects as module.name(1, 2){...}.
inline std::string shown(const Document& document, Document::Id id) {
  const Document::Value& value = document[id];
  switch (value.kind) {
    case Kind::kNone:
      return "None";
    case Kind::kBool:
      return value.integer == 1 ? "True" : "False";
    case Kind::kInteger:
      return std::to_string(value.integer);
    case Kind::kReal:
      return std::to_string(value.real);
    case Kind::kText:
      return "'" + std::string(value.text) + "'";
    case Kind::kBytes:
      return "b'" + std::string(value.text) + "'";
    case Kind::kGlobal:
      return value.text.empty() ? to_text(value.kind) : std::string(value.text);
    case Kind::kDtype:
      return to_text(value.kind);
    default:
      break;
  }
  const auto join = [&](std::span<const Document::Id> ids) {
    std::string text;
    for (const Document::Id child : ids) text += (text.empty() ? "" : ", ") + shown(document, child);
    return text;
  };
  const auto children = document.children(id);
  switch (value.kind) {
    case Kind::kList:
      return "[" + join(children) + "]";
    case Kind::kTuple:
      return "(" + join(children) + ")";
    case Kind::kPersistent:
      return "stored" + shown(document, children[0]);
    case Kind::kObject:
      return shown(document, children[0]) + shown(document, children[1]) + "{" + join(children.subspan(2)) + "}";
    default:
      return "{" + join(children) + "}";
  }
}

}  // namespace oodml::pickle
