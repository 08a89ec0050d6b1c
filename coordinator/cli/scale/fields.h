#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/sweep/diagnostics.h"
#include "core/sweep/node.h"

namespace oodml::cli::scale {

/// The keys of one YAML map, read one after another; what is wrong goes to `diagnostics`, and the value stays as it
/// was. Texts hold no control characters and at most 4096 bytes.
class Fields {
 public:
  Fields(const sweep::Node& map, sweep::Diagnostics& diagnostics) : map_(map), diagnostics_(diagnostics) {}

  void text(const char* key, std::string& value);
  /// A name that stands in file names, job names and commands: letters, digits, - and _, not - at its start.
  void name(const char* key, std::string& value);
  void texts(const char* key, std::vector<std::string>& values);
  void number(const char* key, std::int64_t& value, std::int64_t least, std::int64_t most);
  void flag(const char* key, bool& value);
  void duration(const char* key, Duration& value, Duration least);
  /// The node of a key; nullptr: it is not there.
  const sweep::Node* find(const char* key);
  void require(const char* key, bool is_there);
  void error(const char* key, const std::string& what);
  /// Keys that nobody asked for.
  void refuse_others();

 private:
  bool scalar(const char* key, std::string& text);
  bool check(const sweep::Node& node, const char* key);

  const sweep::Node& map_;
  sweep::Diagnostics& diagnostics_;
  std::vector<std::string> known_;
};

}  // namespace oodml::cli::scale
