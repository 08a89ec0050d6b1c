#include "core/pickle/reader.h"

#include "core/pickle/machine.h"

namespace oodml::pickle {

const char* to_text(Kind kind) {
  switch (kind) {
    case Kind::kNone:
      return "None";
    case Kind::kBool:
      return "a bool";
    case Kind::kInteger:
      return "an integer";
    case Kind::kReal:
      return "a float";
    case Kind::kText:
      return "a text";
    case Kind::kBytes:
      return "bytes";
    case Kind::kList:
      return "a list";
    case Kind::kTuple:
      return "a tuple";
    case Kind::kSet:
      return "a set";
    case Kind::kDict:
      return "a dict";
    case Kind::kGlobal:
      return "a global";
    case Kind::kDtype:
      return "a numpy dtype";
    case Kind::kObject:
      return "an object";
    case Kind::kPersistent:
      return "stored data";
  }
  return "a value";
}

bool looks_like_pickle(std::string_view bytes) { return bytes.starts_with('\x80'); }

Result<Document> read(std::string_view bytes, const Accepted& accepted, const Limits& limits) {
  return Machine(bytes, accepted, limits).run();
}

}  // namespace oodml::pickle
