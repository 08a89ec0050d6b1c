#include "core/pickle/machine.h"

#include <string>

namespace oodml::pickle {
namespace {

std::string hex(std::uint8_t byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

}  // namespace

Machine::Machine(std::string_view bytes, const Accepted& accepted, const Limits& limits)
    : all_(accepted.followed ? bytes.substr(0, limits.bytes) : bytes),
      bytes_(all_),
      accepted_(accepted),
      limits_(limits) {}

Result<Document> Machine::run() {
  if (const Status status = run_to_stop(); !status.ok()) {
    return failure(status.code(), "byte " + std::to_string(opcode_at_) + ": " + status.message());
  }
  return std::move(made_);
}

Status Machine::run_to_stop() {
  OODML_RETURN_IF_ERROR(begin());
  for (std::size_t count = 0; count < limits_.opcodes; ++count) {
    opcode_at_ = bytes_.position();
    if (bytes_.left() == 0) return invalid_argument("the file ends before the pickle does (no STOP); it is cut off");
    OODML_ASSIGN_OR_RETURN(const std::uint64_t byte, bytes_.number(1));
    const auto opcode = static_cast<Opcode>(byte);
    if (opcode != Opcode::kStop) {
      OODML_RETURN_IF_ERROR(step(opcode));
      continue;
    }
    if (stack_.size() != 1 || !marks_.empty()) return invalid_argument("STOP wants one value left on the stack");
    if (bytes_.left() > 0 && !accepted_.followed) {
      return invalid_argument(std::to_string(bytes_.left()) + " bytes after the end of the pickle");
    }
    made_.root_ = stack_.front();
    made_.bytes_read_ = bytes_.position();
    return {};
  }
  return invalid_argument(beyond(limits_.opcodes, "opcodes"));
}

Status Machine::begin() {
  if (all_.size() > limits_.bytes) return invalid_argument(beyond(limits_.bytes, "bytes"));
  if (!looks_like_pickle(all_)) return invalid_argument("not a pickle of protocol 2 to 5, which begins with byte 0x80");
  OODML_RETURN_IF_ERROR(bytes_.take(1));
  OODML_ASSIGN_OR_RETURN(const std::uint64_t protocol, bytes_.number(1));
  if (protocol >= 2 && protocol <= 5) return {};
  return invalid_argument("pickle protocol " + std::to_string(protocol) + "; accepted: 2 to 5");
}

Status Machine::step(Opcode opcode) {
  using enum Opcode;
  switch (opcode) {
    case kNone:
      return push({.kind = Kind::kNone});
    case kNewTrue:
      return push({.kind = Kind::kBool, .integer = 1});
    case kNewFalse:
      return push({.kind = Kind::kBool, .integer = 0});
    case kBinInt:
      return push_integer(bytes_.signed_number(4));
    case kBinInt1:
      return push_unsigned(1);
    case kBinInt2:
      return push_unsigned(2);
    case kBinUnicode:
      return push_text(4);
    case kShortBinUnicode:
      return push_text(1);
    case kBinUnicode8:
      return push_text(8);
    case kBinBytes:
      return push_bytes(4);
    case kShortBinBytes:
      return push_bytes(1);
    case kBinBytes8:
      return push_bytes(8);
    case kEmptyList:
      return push_container(Kind::kList);
    case kEmptyTuple:
      return push_container(Kind::kTuple);
    case kEmptyDict:
      return push_container(Kind::kDict);
    case kEmptySet:
      return push_container(Kind::kSet);
    case kAppends:
      return extend_to_mark(Kind::kList);
    case kSetItems:
      return extend_to_mark(Kind::kDict);
    case kAddItems:
      return extend_to_mark(Kind::kSet);
    default:
      return step_object(opcode);
  }
}

Status Machine::step_object(Opcode opcode) {
  using enum Opcode;
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
      return push({.kind = Kind::kReal, .real = real});
    }
    case kLong1: {
      OODML_ASSIGN_OR_RETURN(const std::uint64_t size, bytes_.number(1));
      if (size > 8) return invalid_argument("an integer of " + std::to_string(size) + " bytes; at most 8 are read");
      return push_integer(bytes_.signed_number(size));
    }
    case kAppend: {
      OODML_ASSIGN_OR_RETURN(const std::size_t first, last(1));
      return extend(Kind::kList, first);
    }
    case kSetItem: {
      OODML_ASSIGN_OR_RETURN(const std::size_t first, last(2));
      return extend(Kind::kDict, first);
    }
    case kTuple1:
    case kTuple2:
    case kTuple3: {
      OODML_ASSIGN_OR_RETURN(const std::size_t first, last(1 + static_cast<int>(opcode) - static_cast<int>(kTuple1)));
      return push_filled(Kind::kTuple, first);
    }
    case kTuple:
    case kFrozenSet: {
      OODML_ASSIGN_OR_RETURN(const std::size_t first, pop_mark());
      return push_filled(opcode == kTuple ? Kind::kTuple : Kind::kSet, first);
    }
    case kBinPut:
    case kLongBinPut: {
      OODML_ASSIGN_OR_RETURN(const std::uint64_t index, bytes_.number(opcode == kBinPut ? 1 : 4));
      return memoize(index);
    }
    case kMemoize:
      return memoize(memo_entries_);
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
    case kStackGlobal:
      return stack_global();
    case kReduce:
      return reduce();
    case kBuild:
      return build();
    case kFrame: {
      OODML_ASSIGN_OR_RETURN(const std::uint64_t size, bytes_.number(8));
      if (size <= bytes_.left()) return {};
      return invalid_argument("a frame of " + std::to_string(size) + " bytes, but only " +
                              std::to_string(bytes_.left()) + " are left");
    }
    case kNewObj:
      return accepted_.objects ? make_object() : refused(opcode);
    case kBinPersId: {
      if (!accepted_.objects) return refused(opcode);
      OODML_ASSIGN_OR_RETURN(const std::size_t first, last(1));
      return push_filled(Kind::kPersistent, first);
    }
    case kShortBinString:
    case kBinString:
      return accepted_.objects ? push_python2_text(opcode == kBinString ? 4 : 1) : refused(opcode);
    default:
      return refused(opcode);
  }
}

Failure Machine::refused(Opcode opcode) const {
  const auto byte = static_cast<std::uint8_t>(opcode);
  const std::string_view name = opcode_name(byte);
  if (name.empty()) return invalid_argument("byte " + hex(byte) + " is no opcode; the file is damaged or no pickle");
  return invalid_argument("opcode " + std::string(name) + " is refused: " + std::string(accepted_.what) +
                          "s do without it");
}

}  // namespace oodml::pickle
