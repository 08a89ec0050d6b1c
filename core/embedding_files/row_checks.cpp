#include "core/embedding_files/row_checks.h"

#include <algorithm>
#include <cmath>

namespace oodml::embedding_files {
namespace {

constexpr std::int64_t kPieceEntries = 1 << 15;   // that stay in a cache: fresh memory costs more than the checks
constexpr std::int64_t kLeastRowsToCount = 4;     // below, a few integers count by chance
constexpr std::int64_t kLeastRowsOfIntegers = 8;  // below, a dimension is whole by chance
constexpr std::int64_t kMostFlags = 2;            // a column of two values is a flag, as good a dimension as any

std::vector<torch::Tensor> pieces_of(const torch::Tensor& rows) {
  return rows.split(std::max<std::int64_t>(kPieceEntries / rows.size(1), 1));
}

/// [D] bool: which columns hold integers alone.
torch::Tensor whole_columns(const torch::Tensor& rows) {
  auto whole = at::ones({rows.size(1)}, at::kBool);
  for (const auto& piece : pieces_of(rows)) {
    whole.logical_and_(piece.eq(piece.floor()).all(0));
    if (!whole.any().item<bool>()) break;
  }
  return whole;
}

struct Values {
  std::int64_t distinct = 0;
  bool consecutive = false;  ///< The integers from the least to the largest, each once.
};

Values values_of(const torch::Tensor& column) {
  const auto wide = column.to(at::kDouble).contiguous();
  std::vector<double> values(wide.const_data_ptr<double>(), wide.const_data_ptr<double>() + wide.numel());
  std::ranges::sort(values);
  const double range = values.back() - values.front();
  const auto distinct = std::unique(values.begin(), values.end()) - values.begin();
  return {.distinct = distinct, .consecutive = distinct == wide.numel() && range == static_cast<double>(distinct - 1)};
}

/// What is odd about a column of integers; empty where nothing is.
std::string oddity_of(const torch::Tensor& column, const Dimension& dimension, bool is_table) {
  if (dimension.is_numbered || column.size(0) < kLeastRowsToCount) return "";
  const Values values = values_of(column);
  if (values.consecutive) return " counts the rows";
  const bool is_like_no_dimension = dimension.is_plain || 2 * values.distinct <= column.size(0);
  const bool is_odd = is_table && !dimension.is_named && values.distinct > kMostFlags && is_like_no_dimension &&
                      column.size(0) >= kLeastRowsOfIntegers;
  return is_odd ? " holds integers alone, unlike others" : "";
}

}  // namespace

Status check_finite(const torch::Tensor& rows, const std::string& name) {
  std::int64_t first_row = 0;
  for (const auto& piece : pieces_of(rows)) {
    const auto bad = piece.isfinite().logical_not();
    if (bad.any().item<bool>()) {
      const std::int64_t at = bad.flatten().to(at::kByte).argmax().item<std::int64_t>();
      const std::int64_t row = at / rows.size(1), column = at % rows.size(1);
      return invalid_argument(name + ": element [" + std::to_string(first_row + row) + ", " + std::to_string(column) +
                              "] is " + (std::isnan(piece[row][column].item<double>()) ? "nan" : "infinite") +
                              "; rows must be finite");
    }
    first_row += piece.size(0);
  }
  return {};
}

Status check_columns(const torch::Tensor& rows, const std::vector<Dimension>& dimensions, const std::string& name) {
  if (rows.size(0) < kLeastRowsToCount || rows.size(1) < 2) return {};
  const auto whole = whole_columns(rows);
  if (!whole.any().item<bool>() || whole.all().item<bool>()) return {};
  const auto columns = whole.nonzero().flatten();
  for (std::int64_t i = 0; i < columns.size(0); ++i) {
    const auto column = columns[i].item<std::int64_t>();
    const bool is_table = !dimensions.empty();
    const Dimension dimension =
        is_table ? dimensions[static_cast<std::size_t>(column)] : Dimension{"column " + std::to_string(column + 1)};
    const std::string oddity = oddity_of(rows.select(1, column), dimension, is_table);
    if (oddity.empty()) continue;
    return invalid_argument(
        name + ": " + dimension.text + oddity +
        "; leave out what is no dimension with --skip-columns (a number from 1, or a heading), or say "
        "--skip-columns none if all are");
  }
  return {};
}

}  // namespace oodml::embedding_files
