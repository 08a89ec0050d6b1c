// The part of PickleMachine that makes values of globals: what REDUCE and BUILD would call Python for.

#include <algorithm>

#include "core/splits/pickle_machine.h"

namespace oodml::splits {

Status PickleMachine::push_global(std::string_view module, std::string_view name) {
  OODML_ASSIGN_OR_RETURN(const PickleGlobal global, find_pickle_global(module, name));
  return push({.kind = PickleKind::kGlobal, .integer = static_cast<std::int64_t>(global)});
}

Status PickleMachine::stack_global() {
  OODML_ASSIGN_OR_RETURN(const Id name, pop());
  OODML_ASSIGN_OR_RETURN(const Id module, pop());
  if (made_[name].kind != PickleKind::kText || made_[module].kind != PickleKind::kText) {
    return invalid_argument("a global is named by two texts");
  }
  return push_global(made_[module].text, made_[name].text);
}

Status PickleMachine::reduce() {
  OODML_ASSIGN_OR_RETURN(const Id arguments, pop());
  OODML_ASSIGN_OR_RETURN(const Id callable, pop());
  if (made_[callable].kind != PickleKind::kGlobal || made_[arguments].kind != PickleKind::kTuple) {
    return invalid_argument("REDUCE of " + std::string(to_text(made_[callable].kind)) + " with " +
                            to_text(made_[arguments].kind) + "; it takes a global and a tuple");
  }
  const std::span<const Id> given = made_.children(arguments);
  switch (static_cast<PickleGlobal>(made_[callable].integer)) {
    case PickleGlobal::kDtype: return make_dtype(given);
    case PickleGlobal::kScalar: return make_scalar(given);
    case PickleGlobal::kEncode: return make_encoded(given);
    case PickleGlobal::kSet: return make_set(given);
  }
  return invalid_argument("REDUCE of an unknown global");
}

Status PickleMachine::make_dtype(std::span<const Id> arguments) {
  const auto is_flag = [&](std::size_t i, std::int64_t wanted) {  // False, True; 0, 1 in old versions of numpy
    const Value& value = made_[arguments[i]];
    return (value.kind == PickleKind::kBool || value.kind == PickleKind::kInteger) && value.integer == wanted;
  };
  if (arguments.size() != 3 || made_[arguments[0]].kind != PickleKind::kText || !is_flag(1, 0) || !is_flag(2, 1)) {
    return invalid_argument("numpy dtype takes (type, False, True)");
  }
  const std::string_view code = made_[arguments[0]].text;
  OODML_RETURN_IF_ERROR(parse_pickle_dtype(code));
  return push({.kind = PickleKind::kDtype, .text = code});
}

Status PickleMachine::build() {
  OODML_ASSIGN_OR_RETURN(const Id state, pop());
  OODML_RETURN_IF_ERROR(need(1));
  Value& built = made_.values_[stack_.back()];
  if (built.kind != PickleKind::kDtype || built.closed || built.integer != 0) {
    return invalid_argument("BUILD of " + std::string(to_text(built.kind)) + "; it takes a new numpy dtype");
  }
  const auto is = [&](std::size_t i, PickleKind kind) { return made_[made_.children(state)[i]].kind == kind; };
  const auto integer = [&](std::size_t i) { return made_[made_.children(state)[i]].integer; };
  if (made_[state].kind != PickleKind::kTuple || made_.children(state).size() != 8 || !is(0, PickleKind::kInteger) ||
      integer(0) != 3 || !is(1, PickleKind::kText) || !is(2, PickleKind::kNone) || !is(3, PickleKind::kNone) ||
      !is(4, PickleKind::kNone) || !is(5, PickleKind::kInteger)) {
    return invalid_argument("the state of a numpy dtype is (3, '<', None, None, None, size, alignment, flags)");
  }
  const std::string_view order = made_[made_.children(state)[1]].text;
  if (order != "<" && order != "|") return invalid_argument("a numpy dtype that is not little-endian");
  OODML_ASSIGN_OR_RETURN(const PickleDtype dtype, parse_pickle_dtype(built.text));
  if (integer(5) != (dtype.kind == 'U' ? dtype.bytes : -1)) {
    return invalid_argument("numpy dtype " + std::string(built.text) + " with a size of " +
                            std::to_string(integer(5)));
  }
  built.integer = 1;
  return {};
}

Status PickleMachine::make_scalar(std::span<const Id> arguments) {
  if (arguments.size() != 2 || made_[arguments[0]].kind != PickleKind::kDtype ||
      made_[arguments[1]].kind != PickleKind::kBytes) {
    return invalid_argument("numpy scalar takes (dtype, bytes)");
  }
  OODML_ASSIGN_OR_RETURN(const PickleDtype dtype, parse_pickle_dtype(made_[arguments[0]].text));
  OODML_ASSIGN_OR_RETURN(PickleScalar scalar, decode_pickle_scalar(dtype, made_[arguments[1]].text));
  if (auto* text = std::get_if<std::string>(&scalar)) return push_decoded(PickleKind::kText, std::move(*text));
  if (const auto* real = std::get_if<double>(&scalar)) return push({.kind = PickleKind::kReal, .real = *real});
  return push_integer(std::get<std::int64_t>(scalar));
}

Status PickleMachine::make_encoded(std::span<const Id> arguments) {
  const auto is_text = [&](Id id) { return made_[id].kind == PickleKind::kText; };
  if (arguments.size() != 2 || !std::ranges::all_of(arguments, is_text) ||
      (made_[arguments[1]].text != "latin1" && made_[arguments[1]].text != "latin-1")) {
    return invalid_argument("_codecs encode takes (text, 'latin1')");
  }
  OODML_ASSIGN_OR_RETURN(std::string bytes, encode_latin1(made_[arguments[0]].text));
  return push_decoded(PickleKind::kBytes, std::move(bytes));
}

Status PickleMachine::make_set(std::span<const Id> arguments) {
  if (arguments.size() != 1 || made_[arguments[0]].kind != PickleKind::kList) {
    return invalid_argument("a set is made of (list)");
  }
  // The list is closed, so the set can stand on the same entries.
  const Value list = made_[arguments[0]];
  return push({.kind = PickleKind::kSet, .depth = list.depth, .closed = true, .integer = list.integer});
}

}  // namespace oodml::splits
