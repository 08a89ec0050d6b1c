#include "core/splits/pickle_reader.h"

#include "core/splits/pickle_machine.h"

namespace oodml::splits {

const char* to_text(PickleKind kind) {
  switch (kind) {
    case PickleKind::kNone: return "None";
    case PickleKind::kBool: return "a bool";
    case PickleKind::kInteger: return "an integer";
    case PickleKind::kReal: return "a float";
    case PickleKind::kText: return "a text";
    case PickleKind::kBytes: return "bytes";
    case PickleKind::kList: return "a list";
    case PickleKind::kTuple: return "a tuple";
    case PickleKind::kSet: return "a set";
    case PickleKind::kDict: return "a dict";
    case PickleKind::kGlobal: return "a global";
    case PickleKind::kDtype: return "a numpy dtype";
  }
  return "a value";
}

bool looks_like_pickle(std::string_view bytes) { return bytes.starts_with('\x80'); }

Result<Pickle> read_pickle(std::string_view bytes, const PickleLimits& limits) {
  return PickleMachine(bytes, limits).run();
}

}  // namespace oodml::splits
