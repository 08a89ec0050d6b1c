#include "core/embedding_files/choose_array.h"

#include <algorithm>
#include <utility>

#include "core/base/printable.h"
#include "core/embedding_files/headings.h"

namespace oodml::embedding_files {
namespace {

constexpr auto kEmbeddings = "embeddings";
constexpr auto kLabels = "labels";

bool has(const ArrayFile& file, const std::string& array) { return std::ranges::count(file.names(), array) > 0; }

Result<ChosenArray> taken(const ArrayFile& file, const std::string& array) {
  OODML_ASSIGN_OR_RETURN(Array read, file.read(array));
  return ChosenArray{array, std::move(read)};
}

bool can_be_rows(const Array& array) {
  return !array.is_text() && array.numbers.dim() == 2 && array.numbers.size(1) > 1;
}

bool is_called_labels(const std::string& array) {
  return kind_of_heading(array) == HeadingKind::kLabel || array == "y" || array == "Y" || array.starts_with("arr_");
}

bool can_be_labels(const Array& array, std::optional<std::int64_t> rows) {
  if (array.is_text()) return !rows || std::ssize(array.texts) == *rows;
  const auto& numbers = array.numbers;
  const bool is_column = numbers.dim() == 1 || (numbers.dim() == 2 && (numbers.size(0) == 1 || numbers.size(1) == 1));
  return is_column && (!rows || numbers.numel() == *rows);
}

std::string note_of(const std::string& array, const std::string& meaning, const std::string& option) {
  return "array '" + printable(array, 60) + "' is taken for the " + meaning + " (" + option + " names another)";
}

}  // namespace

Result<ChosenArray> choose_rows(const ArrayFile& file, const std::string& asked, std::vector<std::string>& notes) {
  if (!asked.empty()) return taken(file, asked);
  if (has(file, kEmbeddings)) return taken(file, kEmbeddings);
  std::vector<ChosenArray> floats, integers;
  for (const std::string& name : file.names()) {
    auto array = file.read(name);
    if (!array || !can_be_rows(*array)) continue;
    (array->numbers.is_floating_point() ? floats : integers).push_back({name, *std::move(array)});
  }
  std::vector<ChosenArray>& found = floats.empty() ? integers : floats;
  if (found.size() != 1) {
    return invalid_argument(file.name() + ": no array 'embeddings' in it, and " +
                            (found.empty() ? "none" : "more than one") +
                            " of two dimensions; name the one to read with --array; there are " + file.contents());
  }
  notes.push_back(note_of(found.front().name, "embeddings", "--array"));
  return std::move(found.front());
}

Result<std::optional<ChosenArray>> choose_labels(const ArrayFile& file, const std::string& asked,
                                                 const std::string& rows_array, std::optional<std::int64_t> rows,
                                                 std::vector<std::string>& notes) {
  if (!asked.empty()) return taken(file, asked);
  if (has(file, kLabels)) return taken(file, kLabels);
  std::vector<ChosenArray> found;
  for (const std::string& name : file.names()) {
    if (name == rows_array || !is_called_labels(name)) continue;
    auto array = file.read(name);
    if (array && can_be_labels(*array, rows)) found.push_back({name, *std::move(array)});
  }
  if (found.empty()) return std::nullopt;
  if (found.size() > 1) {
    return invalid_argument(file.name() + ": arrays '" + printable(found[0].name, 60) + "' and '" +
                            printable(found[1].name, 60) + "' can both be the labels; name one with --label-array");
  }
  notes.push_back(note_of(found.front().name, "labels", "--label-array"));
  return std::move(found.front());
}

}  // namespace oodml::embedding_files
