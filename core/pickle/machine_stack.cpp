// The part of Machine that keeps stack, marks and memo, and makes plain values.

#include <algorithm>

#include "core/base/utf8.h"
#include "core/pickle/machine.h"

namespace oodml::pickle {

std::string Machine::beyond(std::size_t limit, std::string_view what) {
  return "more than " + std::to_string(limit) + " " + std::string(what) + ", the most that is read";
}

Status Machine::push(Value value) {
  if (made_.values_.size() == limits_.values) return invalid_argument(beyond(limits_.values, "values"));
  value.offset = static_cast<std::uint32_t>(opcode_at_);
  stack_.push_back(static_cast<Id>(made_.values_.size()));
  made_.values_.push_back(value);
  return {};
}

Status Machine::push_integer(Result<std::int64_t> integer) {
  OODML_RETURN_IF_ERROR(integer);
  return push({.kind = Kind::kInteger, .integer = *integer});
}

Status Machine::push_unsigned(std::size_t size) {
  OODML_ASSIGN_OR_RETURN(const std::uint64_t value, bytes_.number(size));
  return push({.kind = Kind::kInteger, .integer = static_cast<std::int64_t>(value)});
}

Result<std::string_view> Machine::counted(std::size_t size_of_length) {
  OODML_ASSIGN_OR_RETURN(const std::uint64_t length, bytes_.number(size_of_length));
  if (length > limits_.text_bytes) {
    return invalid_argument("a text of " + std::to_string(length) + " bytes; at most " +
                            std::to_string(limits_.text_bytes) + " are read");
  }
  return bytes_.take(length);
}

Status Machine::push_text(std::size_t size_of_length) {
  OODML_ASSIGN_OR_RETURN(const std::string_view text, counted(size_of_length));
  if (first_invalid_utf8(text)) return invalid_argument("a text that is not UTF-8");
  return push({.kind = Kind::kText, .text = text});
}

Status Machine::push_bytes(std::size_t size_of_length) {
  OODML_ASSIGN_OR_RETURN(const std::string_view bytes, counted(size_of_length));
  return push({.kind = Kind::kBytes, .text = bytes});
}

/// Python 2 wrote names and raw bytes alike.
Status Machine::push_python2_text(std::size_t size_of_length) {
  OODML_ASSIGN_OR_RETURN(const std::string_view text, counted(size_of_length));
  return push({.kind = first_invalid_utf8(text) ? Kind::kBytes : Kind::kText, .text = text});
}

Status Machine::push_decoded(Kind kind, std::string text) {
  decoded_bytes_ += text.size();
  if (decoded_bytes_ > limits_.decoded_bytes) {
    return invalid_argument(beyond(limits_.decoded_bytes, "bytes of numpy texts"));
  }
  made_.decoded_.push_back(std::move(text));
  return push({.kind = kind, .text = made_.decoded_.back()});
}

Status Machine::push_container(Kind kind) {
  if (made_.children_.size() == limits_.containers) {
    return invalid_argument(beyond(limits_.containers, "lists and maps"));
  }
  made_.children_.emplace_back();
  return push({.kind = kind, .depth = 1, .integer = static_cast<std::int64_t>(made_.children_.size() - 1)});
}

Status Machine::push_filled(Kind kind, std::size_t first) {
  OODML_RETURN_IF_ERROR(push_container(kind));
  const Id container = stack_.back();
  stack_.pop_back();
  OODML_RETURN_IF_ERROR(fill(container, first));
  stack_.push_back(container);
  return {};
}

Status Machine::need(std::size_t entries) const {
  if (above_mark() >= entries) return {};
  return invalid_argument("the opcode takes " + std::to_string(entries) + " values, but " +
                          std::to_string(above_mark()) + " are on the stack");
}

Result<Document::Id> Machine::pop() {
  OODML_RETURN_IF_ERROR(need(1));
  const Id top = stack_.back();
  stack_.pop_back();
  return top;
}

Result<std::size_t> Machine::pop_mark() {
  if (marks_.empty()) return invalid_argument("the opcode goes back to a mark, but there is none");
  const std::size_t mark = marks_.back();
  marks_.pop_back();
  return mark;
}

Status Machine::extend_to_mark(Kind kind) {
  OODML_ASSIGN_OR_RETURN(const std::size_t first, pop_mark());
  return extend(kind, first);
}

Status Machine::extend(Kind kind, std::size_t first) {
  const std::size_t floor = marks_.empty() ? 0 : marks_.back();
  if (first <= floor) return invalid_argument("the opcode wants " + std::string(to_text(kind)) + " below its values");
  const Id container = stack_[first - 1];
  const Kind found = made_.values_[container].kind;
  if (found != kind && found != Kind::kObject) {
    return invalid_argument("the opcode fills " + std::string(to_text(kind)) + ", but finds " + to_text(found));
  }
  if (kind == Kind::kDict && (stack_.size() - first) % 2 != 0) return invalid_argument("a key without a value");
  return fill(container, first);
}

Status Machine::fill(Id container, std::size_t first) {
  const std::span<const Id> added(stack_.begin() + static_cast<std::ptrdiff_t>(first), stack_.end());
  Value& filled = made_.values_[container];
  std::size_t depth = filled.depth;
  for (const Id id : added) {
    made_.values_[id].closed = true;
    depth = std::max<std::size_t>(depth, made_.values_[id].depth + std::size_t{1});
  }
  if (filled.closed) return invalid_argument("a container changes that is part of another or of itself (a cycle)");
  if (depth > limits_.depth) {
    return invalid_argument("nested more than " + std::to_string(limits_.depth) + " levels deep");
  }
  filled.depth = static_cast<std::uint8_t>(depth);
  auto& children = made_.children_[static_cast<std::size_t>(filled.integer)];
  children.insert(children.end(), added.begin(), added.end());
  stack_.resize(first);
  return {};
}

Status Machine::memoize(std::uint64_t index) {
  if (index >= limits_.memo) {
    return invalid_argument("memo entry " + std::to_string(index) + "; at most " + std::to_string(limits_.memo) +
                            " are kept");
  }
  OODML_RETURN_IF_ERROR(need(1));
  if (index >= memo_.size()) memo_.resize(index + 1);
  if (!memo_[index]) ++memo_entries_;
  memo_[index] = stack_.back();
  return {};
}

Status Machine::recall(std::uint64_t index) {
  if (index >= memo_.size() || !memo_[index]) {
    return invalid_argument("memo entry " + std::to_string(index) + " is used, but was never written");
  }
  stack_.push_back(*memo_[index]);
  return {};
}

}  // namespace oodml::pickle
