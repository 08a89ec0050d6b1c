#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace oodml::splits {

/// What a pickle of the accepted kind can hold. kGlobal and kDtype occur in the making of numpy scalars only.
enum class PickleKind : std::uint8_t {
  kNone, kBool, kInteger, kReal, kText, kBytes, kList, kTuple, kSet, kDict, kGlobal, kDtype
};

/// "a list", "an integer", ... for messages.
const char* to_text(PickleKind kind);

/// The value in a pickle, as plain data: a graph without cycles, at most PickleLimits::depth containers deep. Texts
/// refer to the bytes it was read from, which have to outlive it. A value can stand in several places.
class Pickle {
 public:
  using Id = std::uint32_t;

  struct Value {
    PickleKind kind = PickleKind::kNone;
    std::uint8_t depth = 0;     ///< Containers below it, itself included.
    bool closed = false;        ///< Part of another value, so it changes no more.
    std::uint32_t offset = 0;   ///< The byte of the opcode that made it.
    std::int64_t integer = 0;   ///< The integer or bool; a container's place in the table of children.
    double real = 0.0;
    std::string_view text;      ///< The text (UTF-8) or bytes.
  };

  Pickle() = default;
  Pickle(Pickle&&) = default;
  Pickle& operator=(Pickle&&) = default;
  Pickle(const Pickle&) = delete;  // texts would refer to the original

  const Value& operator[](Id id) const { return values_[id]; }
  /// The entries of a list, tuple or set; of a dict key, value, key, value, ...
  std::span<const Id> children(Id id) const { return children_[static_cast<std::size_t>(values_[id].integer)]; }
  Id root() const { return root_; }

 private:
  friend class PickleMachine;
  std::vector<Value> values_;
  std::vector<std::vector<Id>> children_;
  std::deque<std::string> decoded_;  ///< Texts that are not in the file as UTF-8; a deque never moves them.
  Id root_ = 0;
};

}  // namespace oodml::splits
