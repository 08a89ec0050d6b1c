#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/result.h"

namespace oodml {

/// The value of one key of a trial. Integers and numbers are different types; the catalogue decides
/// which a key has, and validation converts (1 is accepted where a number is wanted).
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>,
                           std::vector<std::string>>;

/// One line that reads back as the same value of the same type: true, 3, 0.5, "text", [1, 2], [0.5], ["a"].
/// Numbers keep every bit (shortest form) and always show a point or exponent; text is JSON-quoted.
std::string to_text(const Value& value);
/// The inverse of to_text; what people see is to_display_text.
Result<Value> parse_value(std::string_view text);
/// As a person writes it: margin, 0.2, 1e-05, [test, train].
std::string to_display_text(const Value& value);

/// Values by key, ordered. Copies share their entries, which never change: of a sweep's hundred thousand trials each
/// has some eighty, and differs from the others in a handful. The accessors are for values that validation has already
/// typed: a missing key or another type is a bug and throws std::logic_error naming the key.
class Params {
 public:
  using Entry = std::pair<const std::string, Value>;

  Params() = default;
  /// Of a key that comes twice the first counts.
  Params(std::initializer_list<Entry> values);

  bool has(std::string_view key) const { return find(key) != nullptr; }
  const Value* find(std::string_view key) const;
  const Value& at(std::string_view key) const;
  void set(std::string key, Value value);
  void erase(std::string_view key);

  /// The value where there is one of this type: of keys that not every trial has, as specifications of earlier versions
  /// lack later ones.
  template <typename T>
  T value_or(std::string_view key, T otherwise) const {
    const Value* value = find(key);
    const T* typed = value == nullptr ? nullptr : std::get_if<T>(value);
    return typed == nullptr ? std::move(otherwise) : *typed;
  }

  bool flag(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  double number(std::string_view key) const;  ///< Integers convert.
  const std::string& text(std::string_view key) const;
  const std::vector<std::int64_t>& integers(std::string_view key) const;
  const std::vector<double>& numbers(std::string_view key) const;
  const std::vector<std::string>& texts(std::string_view key) const;

  /// The values below `prefix.`, with the prefix taken off: below("criterion") of criterion.beta is beta.
  Params below(std::string_view prefix) const;

  /// Over the entries, by key.
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;
    using pointer = const Entry*;
    using reference = const Entry&;

    Iterator() = default;
    explicit Iterator(const std::shared_ptr<const Entry>* at) : at_(at) {}
    reference operator*() const { return **at_; }
    pointer operator->() const { return at_->get(); }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(at_++); }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const std::shared_ptr<const Entry>* at_ = nullptr;
  };
  Iterator begin() const { return Iterator(entries_.data()); }
  Iterator end() const { return Iterator(entries_.data() + entries_.size()); }
  std::size_t size() const { return entries_.size(); }
  friend bool operator==(const Params& a, const Params& b);

 private:
  using Entries = std::vector<std::shared_ptr<const Entry>>;
  Entries::const_iterator place_of(std::string_view key) const;
  bool stands_at(Entries::const_iterator place, std::string_view key) const;

  Entries entries_;  ///< By key, each once; shared with copies.
};

/// A component chosen by name with all its parameters written out: {margin, {beta: 1.2, margin: 0.2, ...}}.
struct ComponentChoice {
  std::string name;
  Params params;
  friend bool operator==(const ComponentChoice&, const ComponentChoice&) = default;
};

}  // namespace oodml
