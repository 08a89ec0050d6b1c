#include "core/splits/pickle_machine.h"

#include <string>

namespace oodml::splits {
namespace {

std::string hex(std::uint8_t byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

}  // namespace

PickleMachine::PickleMachine(std::string_view bytes, const PickleLimits& limits)
    : all_(bytes), bytes_(bytes), limits_(limits) {}

Result<Pickle> PickleMachine::run() {
  if (const Status status = run_to_stop(); !status.ok()) {
    return failure(status.code(), "byte " + std::to_string(opcode_at_) + ": " + status.message());
  }
  return std::move(made_);
}

Status PickleMachine::run_to_stop() {
  OODML_RETURN_IF_ERROR(begin());
  for (std::size_t count = 0; count < limits_.opcodes; ++count) {
    opcode_at_ = bytes_.position();
    if (bytes_.left() == 0) return invalid_argument("the file ends before the pickle does (no STOP); it is cut off");
    OODML_ASSIGN_OR_RETURN(const std::uint64_t byte, bytes_.number(1));
    const auto opcode = static_cast<PickleOpcode>(byte);
    if (opcode != PickleOpcode::kStop) {
      OODML_RETURN_IF_ERROR(step(opcode));
      continue;
    }
    if (stack_.size() != 1 || !marks_.empty()) return invalid_argument("STOP wants one value left on the stack");
    if (bytes_.left() > 0) {
      return invalid_argument(std::to_string(bytes_.left()) + " bytes after the end of the pickle");
    }
    made_.root_ = stack_.front();
    return {};
  }
  return invalid_argument(beyond(limits_.opcodes, "opcodes"));
}

Status PickleMachine::begin() {
  if (all_.size() > limits_.bytes) return invalid_argument(beyond(limits_.bytes, "bytes"));
  if (!looks_like_pickle(all_)) return invalid_argument("not a pickle of protocol 2 to 5, which begins with byte 0x80");
  OODML_RETURN_IF_ERROR(bytes_.take(1));
  OODML_ASSIGN_OR_RETURN(const std::uint64_t protocol, bytes_.number(1));
  if (protocol >= 2 && protocol <= 5) return {};
  return invalid_argument("pickle protocol " + std::to_string(protocol) + "; accepted: 2 to 5");
}

Status PickleMachine::step(PickleOpcode opcode) {
  using enum PickleOpcode;
  switch (opcode) {
    case kNone: return push({.kind = PickleKind::kNone});
    case kNewTrue: return push({.kind = PickleKind::kBool, .integer = 1});
    case kNewFalse: return push({.kind = PickleKind::kBool, .integer = 0});
    case kBinInt: return push_integer(bytes_.signed_number(4));
    case kBinInt1: return push_unsigned(1);
    case kBinInt2: return push_unsigned(2);
    case kBinUnicode: return push_text(4);
    case kShortBinUnicode: return push_text(1);
    case kBinUnicode8: return push_text(8);
    case kBinBytes: return push_bytes(4);
    case kShortBinBytes: return push_bytes(1);
    case kBinBytes8: return push_bytes(8);
    case kEmptyList: return push_container(PickleKind::kList);
    case kEmptyTuple: return push_container(PickleKind::kTuple);
    case kEmptyDict: return push_container(PickleKind::kDict);
    case kEmptySet: return push_container(PickleKind::kSet);
    case kAppends: return extend_to_mark(PickleKind::kList);
    case kSetItems: return extend_to_mark(PickleKind::kDict);
    case kAddItems: return extend_to_mark(PickleKind::kSet);
    default: return step_object(opcode);
  }
}

Status PickleMachine::step_object(PickleOpcode opcode) {
  using enum PickleOpcode;
  const auto last = [&](std::size_t entries) -> Result<std::size_t> {
    OODML_RETURN_IF_ERROR(need(entries));
    return stack_.size() - entries;
  };
  switch (opcode) {
    case kMark:
      if (marks_.size() == limits_.marks) return invalid_argument(beyond(limits_.marks, "open marks"));
      marks_.push_back(stack_.size());
      return {};
    case kBinFloat: {
      OODML_ASSIGN_OR_RETURN(const double real, bytes_.real());
      return push({.kind = PickleKind::kReal, .real = real});
    }
    case kLong1: {
      OODML_ASSIGN_OR_RETURN(const std::uint64_t size, bytes_.number(1));
      if (size > 8) return invalid_argument("an integer of " + std::to_string(size) + " bytes; at most 8 are read");
      return push_integer(bytes_.signed_number(size));
    }
    case kAppend: {
      OODML_ASSIGN_OR_RETURN(const std::size_t first, last(1));
      return extend(PickleKind::kList, first);
    }
    case kSetItem: {
      OODML_ASSIGN_OR_RETURN(const std::size_t first, last(2));
      return extend(PickleKind::kDict, first);
    }
    case kTuple1:
    case kTuple2:
    case kTuple3: {
      OODML_ASSIGN_OR_RETURN(const std::size_t first, last(1 + static_cast<int>(opcode) - static_cast<int>(kTuple1)));
      return push_filled(PickleKind::kTuple, first);
    }
    case kTuple:
    case kFrozenSet: {
      OODML_ASSIGN_OR_RETURN(const std::size_t first, pop_mark());
      return push_filled(opcode == kTuple ? PickleKind::kTuple : PickleKind::kSet, first);
    }
    case kBinPut:
    case kLongBinPut: {
      OODML_ASSIGN_OR_RETURN(const std::uint64_t index, bytes_.number(opcode == kBinPut ? 1 : 4));
      return memoize(index);
    }
    case kMemoize: return memoize(memo_entries_);
    case kBinGet:
    case kLongBinGet: {
      OODML_ASSIGN_OR_RETURN(const std::uint64_t index, bytes_.number(opcode == kBinGet ? 1 : 4));
      return recall(index);
    }
    case kGlobal: {
      OODML_ASSIGN_OR_RETURN(const std::string_view module, bytes_.line(256));
      OODML_ASSIGN_OR_RETURN(const std::string_view name, bytes_.line(256));
      return push_global(module, name);
    }
    case kStackGlobal: return stack_global();
    case kReduce: return reduce();
    case kBuild: return build();
    case kFrame: {
      OODML_ASSIGN_OR_RETURN(const std::uint64_t size, bytes_.number(8));
      if (size <= bytes_.left()) return {};
      return invalid_argument("a frame of " + std::to_string(size) + " bytes, but only " +
                              std::to_string(bytes_.left()) + " are left");
    }
    default: break;
  }
  const auto byte = static_cast<std::uint8_t>(opcode);
  const std::string_view name = pickle_opcode_name(byte);
  if (name.empty()) return invalid_argument("byte " + hex(byte) + " is no opcode; the file is damaged or no pickle");
  return invalid_argument("opcode " + std::string(name) + " is refused: split files do without it");
}

}  // namespace oodml::splits
