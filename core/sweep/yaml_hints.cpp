#include "core/sweep/yaml_hints.h"

#include <algorithm>
#include <optional>

#include "core/sweep/node.h"
#include "core/sweep/yaml_characters.h"

namespace oodml::sweep {
namespace {

constexpr std::string_view kBlank = " \t\r";

struct Line {
  std::size_t begin = 0;
  std::string_view text;  // without its line feed

  std::size_t indent() const { return std::min(text.find_first_not_of(kBlank), text.size()); }
  bool is_blank() const { return indent() == text.size(); }
};

Line line_at(std::string_view text, std::size_t offset) {
  const auto feed = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const std::size_t begin = feed == std::string_view::npos ? 0 : feed + 1;
  return {begin, text.substr(begin, text.find('\n', begin) - begin)};
}

/// The nearest line above that holds something.
std::optional<Line> line_above(std::string_view text, const Line& line) {
  for (std::size_t begin = line.begin; begin > 0;) {
    const Line above = line_at(text, begin - 1);
    if (!above.is_blank()) return above;
    begin = above.begin;
  }
  return std::nullopt;
}

/// "lr:1" where "lr: 1" was meant, at its colon.
std::optional<Misread> missing_space_in(const Line& line) {
  std::size_t begin = line.indent();
  while (line.text.substr(begin).starts_with("- ")) begin += 2;
  const std::string_view words = line.text.substr(begin);
  const std::string missing = missing_space(words);
  if (missing.empty() || words.find(": ") != std::string_view::npos) return std::nullopt;
  return Misread{line.begin + begin + words.find(':'), missing};
}

/// At the colon of a second "key: value".
Misread about_map_value(std::string_view text, const Line& line, std::size_t offset) {
  const auto above = line_above(text, line);
  if (line.text.substr(0, offset - line.begin).find(": ") != std::string_view::npos) {
    return {offset, "a second ': ' in one line; a text that holds one stands in quotes"};
  }
  if (!above) return {offset, ""};
  if (const auto missing = missing_space_in(*above)) return *missing;
  if (line.indent() > above->indent()) {
    return {line.begin + line.indent(), "this line is indented deeper than the one above, which has its value already"};
  }
  if (above->text.find(':') == std::string_view::npos) {
    return {above->begin + above->indent(), "this line is neither `key: value` nor an entry of a list"};
  }
  return {offset, ""};
}

Misread guess(std::string_view text, const Line& line, std::size_t offset, std::string_view message) {
  const auto says = [&](std::string_view part) { return message.find(part) != std::string_view::npos; };
  if (says("illegal map value")) return about_map_value(text, line, offset);
  if (says("end of map not found") || says("end of sequence not found")) {
    const bool begins_line = offset <= line.begin + line.indent();
    return {offset, begins_line ? "this line begins in no column of the lines above"
                                : "something stands behind a value that has ended; a text that holds quotes stands in "
                                  "quotes of the other kind"};
  }
  if (says("flow not found")) return {offset, "a [ or { before this is not closed"};
  if (says("illegal flow end")) return {offset, "a ] or } without its beginning"};
  if (says("illegal block entry")) return {offset, "`- ` begins a line of its own"};
  if (says("unknown escape")) {
    return {offset, "in double quotes a backslash begins an escape; write it twice, or write single quotes"};
  }
  if (says("unknown token"))
    return {offset, "a text that begins with " + in_quotes(text.substr(offset, 1)) + " stands in quotes"};
  if (says("referenced anchor")) {
    return {offset, "anchors and aliases (&name, *name) are not accepted; write the value out"};
  }
  return {offset, ""};
}

}  // namespace

Misread explain(std::string_view text, std::size_t offset, std::string_view message) {
  offset = std::min(offset, text.size());
  const Line line = line_at(text, offset);
  const std::size_t from = line_above(text, line).value_or(line).begin;
  const std::string_view near = text.substr(from, line.begin + line.text.size() - from);
  const std::string reason = "not YAML: ", its_words = " (" + std::string(message) + ")";
  if (const auto odd = find_odd(near, Writing::kPlain)) return {from + odd->offset, reason + odd->what + its_words};
  if (const auto tab = line.text.substr(0, line.indent()).find('\t'); tab != std::string_view::npos) {
    return {line.begin + tab, reason + "a tab, U+0009, indents this line; indent with spaces" + its_words};
  }
  const Misread guessed = guess(text, line, offset, message);
  if (guessed.what.empty()) return {offset, reason + std::string(message)};
  return {guessed.offset, reason + guessed.what + its_words};
}

}  // namespace oodml::sweep
