#include "core/embedding_files/headings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

#include "core/embedding_files/decimal.h"

namespace oodml::embedding_files {
namespace {

constexpr std::size_t kLongestHeading = 64;

/// Lower case without spaces, _ and -.
std::string plain(std::string_view heading) {
  std::string text;
  for (const unsigned char c : heading.substr(0, kLongestHeading)) {
    if (c != ' ' && c != '_' && c != '-') text += static_cast<char>(std::tolower(c));
  }
  return text;
}

template <std::size_t n>
bool is_one_of(const std::array<std::string_view, n>& words, std::string_view word) {
  return std::ranges::count(words, word) > 0;
}

/// How many fields are numbers, missing, texts; and what the numbers look like.
struct Counts {
  std::size_t numbers = 0, missing = 0, texts = 0;
  std::size_t headings = 0;     ///< Texts that are usual headings.
  bool counts_up = true;        ///< The numbers are plain integers, each one more than the one before.
  bool is_all_integers = true;  ///< The numbers are plain integers.
  long long first_number = -1;
};

Counts counts_of(const std::vector<Field>& fields) {
  Counts counts;
  std::optional<long long> before;
  for (const Field& field : fields) {
    if (is_missing(field.text) && !field.is_quoted) {
      ++counts.missing;
    } else if (!parse_decimal(field.text, '.') && !parse_decimal(field.text, ',')) {
      ++counts.texts;
      if (kind_of_heading(field.text) != HeadingKind::kOther) ++counts.headings;
    } else {
      long long value = -1;
      const bool is_integer = is_plain_integer(field.text) && field.text.size() < 18;
      if (is_integer) std::from_chars(field.text.data(), field.text.data() + field.text.size(), value);
      counts.counts_up = counts.counts_up && is_integer && (!before || value == *before + 1);
      counts.is_all_integers = counts.is_all_integers && is_integer;
      if (counts.numbers++ == 0) counts.first_number = value;
      before = value;
    }
  }
  return counts;
}

FirstLine judge_numbers(const Counts& counts, bool first_is_empty, bool rows_have_fractions) {
  const bool as_pandas = counts.counts_up && counts.first_number == 0 && counts.numbers >= 2;
  if (first_is_empty && counts.missing == 1 && as_pandas) return FirstLine::kHeading;
  if (!as_pandas || !rows_have_fractions || counts.missing > 0) return FirstLine::kRow;
  return counts.numbers >= 4 ? FirstLine::kHeading : FirstLine::kUnclear;
}

FirstLine judge_mixture(const Counts& counts, bool first_is_empty, bool rows_have_fractions) {
  const bool only_first_empty = counts.missing == 0 || (first_is_empty && counts.missing == 1);
  if (counts.counts_up && only_first_empty) {
    if (counts.first_number <= 1 && (counts.headings > 0 || first_is_empty)) return FirstLine::kHeading;
    const bool may_name_columns = counts.numbers >= 3 && counts.first_number == 0 && rows_have_fractions;
    if (counts.headings == 0) return may_name_columns ? FirstLine::kUnclear : FirstLine::kRow;
  }
  return counts.headings > 0 ? FirstLine::kUnclear : FirstLine::kRow;
}

/// A name taken apart at the number it ends in.
std::optional<std::pair<std::string_view, long long>> stem_and_number(std::string_view name) {
  std::size_t digits = name.size();
  while (digits > 0 && name[digits - 1] >= '0' && name[digits - 1] <= '9') --digits;
  long long number = 0;
  const auto parsed = std::from_chars(name.data() + digits, name.data() + name.size(), number);
  if (digits == name.size() || parsed.ec != std::errc()) return std::nullopt;
  return std::pair(name.substr(0, digits), number);
}

bool follows(std::string_view name, std::string_view before) {
  const auto one = stem_and_number(before), two = stem_and_number(name);
  return one && two && one->first == two->first && two->second - 1 == one->second;  // neither is negative
}

}  // namespace

HeadingKind kind_of_heading(std::string_view heading) {
  static constexpr std::array<std::string_view, 26> kLabels = {
      "label",      "labels",    "class",    "classes",     "target",     "targets",      "category",
      "categories", "classid",   "classidx", "classindex",  "classlabel", "classname",    "labelid",
      "labelidx",   "labelname", "targetid", "targetlabel", "categoryid", "categoryname", "groundtruth",
      "ytrue",      "truelabel", "identity", "personid",    "species"};
  static constexpr std::array<std::string_view, 10> kRowNumbers = {"index",  "idx",       "rowindex", "rowid",  "row",
                                                                   "rownum", "rownumber", "rownames", "level0", "#"};
  static constexpr std::array<std::string_view, 22> kRowNames = {
      "id",        "ids",       "uid",   "uuid",      "key",  "imageid",  "imgid",    "sampleid",
      "itemid",    "path",      "paths", "imagepath", "file", "filename", "filepath", "image",
      "imagename", "imagefile", "img",   "name",      "url",  "sample"};
  const std::string word = plain(heading);
  if (word.empty()) return HeadingKind::kEmpty;
  if (is_one_of(kLabels, word)) return HeadingKind::kLabel;
  if (is_one_of(kRowNumbers, word) || word.starts_with("unnamed:0")) return HeadingKind::kRowNumber;
  return is_one_of(kRowNames, word) ? HeadingKind::kRowName : HeadingKind::kOther;
}

FirstLine judge_first_line(const std::vector<Field>& first, const std::vector<Field>& second) {
  const Counts counts = counts_of(first), below = counts_of(second);
  const bool first_is_empty = !first.empty() && first.front().text.empty();
  const bool rows_have_fractions = below.numbers > 0 && !below.is_all_integers;
  if (counts.texts == 0) return judge_numbers(counts, first_is_empty, rows_have_fractions);
  if (counts.numbers > 0) return judge_mixture(counts, first_is_empty, rows_have_fractions);
  const bool ends_empty = first.size() > 1 && first.back().text.empty();
  const std::size_t allowed = (first_is_empty ? 1 : 0) + (ends_empty ? 1 : 0);
  const bool differs_from_row = counts.headings > 0 || second.empty() || below.numbers + below.missing > 0;
  return counts.missing <= allowed && differs_from_row ? FirstLine::kHeading : FirstLine::kRow;
}

bool is_numbered_like_neighbour(const std::vector<std::string>& headings, std::size_t at) {
  if (at >= headings.size()) return false;
  return (at > 0 && follows(headings[at], headings[at - 1])) ||
         (at + 1 < headings.size() && follows(headings[at + 1], headings[at]));
}

}  // namespace oodml::embedding_files
