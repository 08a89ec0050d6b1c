#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace oodml::pickle {

/// What a pickle of the accepted kind can hold. In plain data kGlobal and kDtype occur in the making of numpy scalars
/// only; kObject and kPersistent where Accepted::objects says so.
enum class Kind : std::uint8_t {
  kNone,
  kBool,
  kInteger,
  kReal,
  kText,
  kBytes,
  kList,
  kTuple,
  kSet,
  kDict,
  kGlobal,
  kDtype,
  kObject,
  kPersistent
};

/// "a list", "an integer", ... for messages.
const char* to_text(Kind kind);

/// The value in a pickle, as plain data: a graph without cycles, at most Limits::depth containers deep. Texts
/// refer to the bytes it was read from, which have to outlive it. A value can stand in several places.
class Document {
 public:
  using Id = std::uint32_t;

  struct Value {
    Kind kind = Kind::kNone;
    std::uint8_t depth = 0;    ///< Containers below it, itself included.
    bool closed = false;       ///< Part of another value, so it changes no more.
    std::uint32_t offset = 0;  ///< The byte of the opcode that made it.
    std::uint32_t state = 0;   ///< What BUILD gave an object; no part of the graph, it can lead back to the object.
    bool has_state = false;
    std::int64_t integer = 0;  ///< The integer or bool; a container's place in the table of children.
    double real = 0.0;
    std::string_view text;  ///< The text (UTF-8), the bytes, or of a kName "module.name".
  };

  Document() = default;
  Document(Document&&) = default;
  Document& operator=(Document&&) = default;
  Document(const Document&) = delete;  // texts would refer to the original

  const Value& operator[](Id id) const { return values_[id]; }
  /// The entries of a list, tuple or set; of a dict key, value, key, value, ...; of a persistent value its id; of an
  /// object the callable, the tuple of arguments, then what was put into it (of an OrderedDict key, value, ...).
  std::span<const Id> children(Id id) const { return children_[static_cast<std::size_t>(values_[id].integer)]; }
  Id root() const { return root_; }
  std::size_t size() const { return values_.size(); }
  std::size_t bytes_read() const { return bytes_read_; }  ///< Up to and with STOP.

 private:
  friend class Machine;
  std::vector<Value> values_;
  std::vector<std::vector<Id>> children_;
  std::deque<std::string> decoded_;  ///< Texts that are not in the file as they are; a deque never moves them.
  Id root_ = 0;
  std::size_t bytes_read_ = 0;
};

}  // namespace oodml::pickle
