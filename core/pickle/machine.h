#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/pickle/bytes.h"
#include "core/pickle/numpy.h"
#include "core/pickle/opcodes.h"
#include "core/pickle/reader.h"

namespace oodml::pickle {

/// The stack machine that a pickle is a program for, without the instructions that could do harm. One use a pickle.
///
/// A container changes only as long as it is no part of another: that is how Python writes every value without cycles,
/// it makes cycles impossible, and the depth of a container is known when it is put into another.
class Machine {
 public:
  Machine(std::string_view bytes, const Accepted& accepted, const Limits& limits);
  Result<Document> run();

 private:
  using Id = Document::Id;
  using Value = Document::Value;

  /// "more than 64 open marks, the most that is read"
  static std::string beyond(std::size_t limit, std::string_view what);

  Status run_to_stop();
  Status begin();
  Status step(Opcode opcode);
  Status step_object(Opcode opcode);
  Failure refused(Opcode opcode) const;

  Status push(Value value);
  Status push_integer(Result<std::int64_t> integer);
  Status push_unsigned(std::size_t size);
  Status push_text(std::size_t size_of_length);
  Status push_bytes(std::size_t size_of_length);
  Status push_python2_text(std::size_t size_of_length);
  Status push_decoded(Kind kind, std::string text);
  Result<std::string_view> counted(std::size_t size_of_length);
  /// An empty container, or one with what is on the stack from `first` on.
  Status push_container(Kind kind);
  Status push_filled(Kind kind, std::size_t first);

  /// How many entries the innermost mark leaves to take.
  std::size_t above_mark() const { return stack_.size() - (marks_.empty() ? 0 : marks_.back()); }
  Status need(std::size_t entries) const;
  Result<Id> pop();
  Result<std::size_t> pop_mark();
  /// Moves what is on the stack from `first` on into the container below it.
  Status extend(Kind kind, std::size_t first);
  Status extend_to_mark(Kind kind);
  Status fill(Id container, std::size_t first);

  Status memoize(std::uint64_t index);
  Status recall(std::uint64_t index);

  Result<Meaning> meaning_of(std::string_view module, std::string_view name) const;
  Status push_global(std::string_view module, std::string_view name);
  Status stack_global();
  Status reduce();
  Status make_object();
  Status build();
  Status build_dtype(Id state);
  Status make_dtype(std::span<const Id> arguments);
  Status make_scalar(std::span<const Id> arguments);
  Status make_encoded(std::span<const Id> arguments);
  Status make_set(std::span<const Id> arguments);

  std::string_view all_;
  Bytes bytes_;
  const Accepted& accepted_;
  Limits limits_;
  Document made_;
  std::vector<Id> stack_;
  std::vector<std::size_t> marks_;  ///< Heights of the stack.
  std::vector<std::optional<Id>> memo_;
  std::size_t memo_entries_ = 0, decoded_bytes_ = 0;
  std::size_t opcode_at_ = 0;
};

}  // namespace oodml::pickle
