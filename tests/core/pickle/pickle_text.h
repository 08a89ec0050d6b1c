#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// Pickles as byte strings, put together by hand: what a test wants Python or an attacker to have written.
namespace oodml::pickled {

inline std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i & 0xFF);
  return text;
}

/// A whole file of protocol 3 with this value.
inline std::string file(const std::string& value, int protocol = 3) {
  return "\x80" + little(static_cast<std::uint64_t>(protocol), 1) + value + ".";
}

inline std::string text(const std::string& value) { return "X" + little(value.size(), 4) + value; }
inline std::string integer(std::int32_t value) { return "J" + little(static_cast<std::uint32_t>(value), 4); }
inline std::string bytes(const std::string& value) { return "C" + little(value.size(), 1) + value; }
inline std::string put(std::uint32_t index) { return "r" + little(index, 4); }
inline std::string get(std::uint32_t index) { return "j" + little(index, 4); }
inline std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}

inline std::string list(const std::vector<std::string>& values) {
  std::string all = "](";
  for (const std::string& value : values) all += value;
  return all + "e";
}
inline std::string texts(const std::vector<std::string>& values) {
  std::vector<std::string> pushed;
  for (const std::string& value : values) pushed.push_back(text(value));
  return list(pushed);
}
inline std::string dict(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string all = "}(";
  for (const auto& [key, value] : entries) all += key + value;
  return all + "u";
}
inline std::string real(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  std::string all = "G";
  for (int i = 8; i-- > 0;) all += static_cast<char>(bits >> 8 * i & 0xFF);
  return all;
}

/// As numpy writes a dtype, and a scalar of it from its bytes.
inline std::string dtype(const std::string& code, std::int32_t size, const std::string& order = "<") {
  const std::string last = integer(size) + integer(size < 0 ? -1 : 4) + integer(8);
  return global("numpy", "dtype") + text(code) + "\x89\x88\x87R(" + integer(3) + text(order) + "NNN" + last + "tb";
}
inline std::string scalar(const std::string& made_dtype, const std::string& value) {
  return global("numpy.core.multiarray", "scalar") + made_dtype + bytes(value) + "\x86R";
}
/// ASCII
inline std::string numpy_text(const std::string& value) {
  std::string wide;
  for (const char c : value) wide += little(static_cast<std::uint8_t>(c), 4);
  return scalar(dtype("U" + std::to_string(value.size()), static_cast<std::int32_t>(wide.size())), wide);
}
inline std::string numpy_real(double value) {
  return scalar(dtype("f8", -1), little(std::bit_cast<std::uint64_t>(value), 8));
}

/// One split "1": a and b train, c and d are tested; `more` are further keys of the split with their values.
inline std::string small_split_file(const std::vector<std::pair<std::string, std::string>>& more = {}) {
  std::vector<std::pair<std::string, std::string>> split = {{text("train"), list({numpy_text("a"), numpy_text("b")})},
                                                            {text("test"), texts({"c", "d"})},
                                                            {text("fid"), numpy_real(8.5)}};
  for (const auto& [key, value] : more) split.emplace_back(text(key), value);
  return file(dict({{integer(1), dict(split)}}));
}

}  // namespace oodml::pickled
