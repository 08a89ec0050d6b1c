// The part of Machine that makes values of globals: what REDUCE and BUILD would call Python for.

#include <algorithm>

#include "core/base/printable.h"
#include "core/pickle/machine.h"

namespace oodml::pickle {

Result<Meaning> Machine::meaning_of(std::string_view module, std::string_view name) const {
  std::string known;
  for (const KnownGlobal& entry : accepted_.globals) {
    if (entry.module == module && entry.name == name) return entry.meaning;
    known += (known.empty() ? "" : ", ") + std::string(entry.module) + " " + std::string(entry.name);
  }
  if (accepted_.objects) return Meaning::kName;
  return invalid_argument("the global '" + printable(module) + " " + printable(name) + "' is refused; a " +
                          std::string(accepted_.what) + " needs none but " + known);
}

Status Machine::push_global(std::string_view module, std::string_view name) {
  OODML_ASSIGN_OR_RETURN(const Meaning meaning, meaning_of(module, name));
  if (meaning != Meaning::kName) return push({.kind = Kind::kGlobal, .integer = static_cast<std::int64_t>(meaning)});
  OODML_RETURN_IF_ERROR(push_decoded(Kind::kGlobal, std::string(module) + "." + std::string(name)));
  made_.values_.back().integer = static_cast<std::int64_t>(meaning);
  return {};
}

Status Machine::stack_global() {
  OODML_ASSIGN_OR_RETURN(const Id name, pop());
  OODML_ASSIGN_OR_RETURN(const Id module, pop());
  if (made_[name].kind != Kind::kText || made_[module].kind != Kind::kText) {
    return invalid_argument("a global is named by two texts");
  }
  return push_global(made_[module].text, made_[name].text);
}

/// An object stays what it would be made of: nobody calls anything.
Status Machine::make_object() {
  OODML_RETURN_IF_ERROR(need(2));
  const std::size_t first = stack_.size() - 2;
  const Kind callable = made_[stack_[first]].kind, arguments = made_[stack_[first + 1]].kind;
  const bool made_of = callable == Kind::kGlobal || callable == Kind::kObject || callable == Kind::kPersistent;
  if (!made_of || arguments != Kind::kTuple) {
    return invalid_argument("an object made of " + std::string(to_text(callable)) + " with " + to_text(arguments) +
                            "; it takes a global and a tuple");
  }
  return push_filled(Kind::kObject, first);
}

Status Machine::reduce() {
  if (accepted_.objects) return make_object();
  OODML_ASSIGN_OR_RETURN(const Id arguments, pop());
  OODML_ASSIGN_OR_RETURN(const Id callable, pop());
  if (made_[callable].kind != Kind::kGlobal || made_[arguments].kind != Kind::kTuple) {
    return invalid_argument("REDUCE of " + std::string(to_text(made_[callable].kind)) + " with " +
                            to_text(made_[arguments].kind) + "; it takes a global and a tuple");
  }
  const std::span<const Id> given = made_.children(arguments);
  switch (static_cast<Meaning>(made_[callable].integer)) {
    case Meaning::kDtype:
      return make_dtype(given);
    case Meaning::kScalar:
      return make_scalar(given);
    case Meaning::kEncode:
      return make_encoded(given);
    case Meaning::kSet:
      return make_set(given);
    case Meaning::kName:
      break;
  }
  return invalid_argument("REDUCE of an unknown global");
}

Status Machine::make_dtype(std::span<const Id> arguments) {
  const auto is_flag = [&](std::size_t i, std::int64_t wanted) {  // False, True; 0, 1 in old versions of numpy
    const Value& value = made_[arguments[i]];
    return (value.kind == Kind::kBool || value.kind == Kind::kInteger) && value.integer == wanted;
  };
  if (arguments.size() != 3 || made_[arguments[0]].kind != Kind::kText || !is_flag(1, 0) || !is_flag(2, 1)) {
    return invalid_argument("numpy dtype takes (type, False, True)");
  }
  const std::string_view code = made_[arguments[0]].text;
  OODML_RETURN_IF_ERROR(parse_dtype(code));
  return push({.kind = Kind::kDtype, .text = code});
}

Status Machine::build() {
  OODML_ASSIGN_OR_RETURN(const Id state, pop());
  OODML_RETURN_IF_ERROR(need(1));
  Value& built = made_.values_[stack_.back()];
  if (built.kind != Kind::kObject) return build_dtype(state);
  built.state = state;
  built.has_state = true;
  return {};
}

Status Machine::build_dtype(Id state) {
  Value& built = made_.values_[stack_.back()];
  if (built.kind != Kind::kDtype || built.closed || built.integer != 0) {
    return invalid_argument("BUILD of " + std::string(to_text(built.kind)) + "; it takes a new numpy dtype");
  }
  const auto is = [&](std::size_t i, Kind kind) { return made_[made_.children(state)[i]].kind == kind; };
  const auto integer = [&](std::size_t i) { return made_[made_.children(state)[i]].integer; };
  if (made_[state].kind != Kind::kTuple || made_.children(state).size() != 8 || !is(0, Kind::kInteger) ||
      integer(0) != 3 || !is(1, Kind::kText) || !is(2, Kind::kNone) || !is(3, Kind::kNone) || !is(4, Kind::kNone) ||
      !is(5, Kind::kInteger)) {
    return invalid_argument("the state of a numpy dtype is (3, '<', None, None, None, size, alignment, flags)");
  }
  const std::string_view order = made_[made_.children(state)[1]].text;
  if (order != "<" && order != "|") return invalid_argument("a numpy dtype that is not little-endian");
  OODML_ASSIGN_OR_RETURN(const Dtype dtype, parse_dtype(built.text));
  if (integer(5) != (dtype.kind == 'U' ? dtype.bytes : -1)) {
    return invalid_argument("numpy dtype " + std::string(built.text) + " with a size of " + std::to_string(integer(5)));
  }
  built.integer = 1;
  return {};
}

Status Machine::make_scalar(std::span<const Id> arguments) {
  if (arguments.size() != 2 || made_[arguments[0]].kind != Kind::kDtype || made_[arguments[1]].kind != Kind::kBytes) {
    return invalid_argument("numpy scalar takes (dtype, bytes)");
  }
  OODML_ASSIGN_OR_RETURN(const Dtype dtype, parse_dtype(made_[arguments[0]].text));
  OODML_ASSIGN_OR_RETURN(Scalar scalar, decode_scalar(dtype, made_[arguments[1]].text));
  if (auto* text = std::get_if<std::string>(&scalar)) return push_decoded(Kind::kText, std::move(*text));
  if (const auto* real = std::get_if<double>(&scalar)) return push({.kind = Kind::kReal, .real = *real});
  return push_integer(std::get<std::int64_t>(scalar));
}

Status Machine::make_encoded(std::span<const Id> arguments) {
  const auto is_text = [&](Id id) { return made_[id].kind == Kind::kText; };
  if (arguments.size() != 2 || !std::ranges::all_of(arguments, is_text) ||
      (made_[arguments[1]].text != "latin1" && made_[arguments[1]].text != "latin-1")) {
    return invalid_argument("_codecs encode takes (text, 'latin1')");
  }
  OODML_ASSIGN_OR_RETURN(std::string bytes, encode_latin1(made_[arguments[0]].text));
  return push_decoded(Kind::kBytes, std::move(bytes));
}

Status Machine::make_set(std::span<const Id> arguments) {
  if (arguments.size() != 1 || made_[arguments[0]].kind != Kind::kList) {
    return invalid_argument("a set is made of (list)");
  }
  // The list is closed, so the set can stand on the same entries.
  const Value list = made_[arguments[0]];
  return push({.kind = Kind::kSet, .depth = list.depth, .closed = true, .integer = list.integer});
}

}  // namespace oodml::pickle
