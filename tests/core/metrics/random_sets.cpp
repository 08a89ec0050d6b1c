#include "tests/core/metrics/random_sets.h"

#include <algorithm>

namespace oodml::metrics::testing {
namespace {

std::vector<std::int64_t> drawn_labels(Draws& draw, std::int64_t n) {
  const std::int64_t classes = draw.one_of<std::int64_t>({1, 2, std::max<std::int64_t>(n / 20, 1), n / 3 + 1, n});
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < n; ++i) labels.push_back(draw.integer(0, classes - 1));
  return labels;
}

RowsOfDoubles drawn_rows(Draws& draw, const std::vector<std::int64_t>& labels, std::int64_t dim, std::string& kind) {
  const auto n = std::ssize(labels);
  RowsOfDoubles rows(static_cast<std::size_t>(n), std::vector<double>(static_cast<std::size_t>(dim)));
  const std::int64_t form = draw.integer(0, 4);
  kind += " form " + std::to_string(form);
  RowsOfDoubles centres(static_cast<std::size_t>(n), std::vector<double>(static_cast<std::size_t>(dim)));
  for (auto& centre : centres) {
    for (double& value : centre) value = draw.normal();
  }
  const double noise = draw.power(-7, 0.5);
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t d = 0; d < dim; ++d) {
      double& value = rows[i][d];
      if (form == 0) value = draw.normal();
      if (form == 1) value = centres[labels[i]][d] + noise * draw.normal();
      if (form == 2) value = static_cast<double>(draw.integer(-2, 2));
      if (form == 3) value = draw.happens(std::min(2.0 / static_cast<double>(dim), 1.0)) ? draw.normal() : 0.0;
      if (form == 4) value = d == i % dim ? 1.0 : 0.0;
    }
  }
  return rows;
}

/// What makes a set hard.
void distort(Draws& draw, RowsOfDoubles& rows, double reach, std::string& kind) {
  const auto n = std::ssize(rows), dim = std::ssize(rows[0]);
  const auto some_rows = [&](const auto& change) {
    for (std::int64_t i = draw.integer(1, std::max<std::int64_t>(n / 3, 1)); i > 0; --i) change(draw.integer(0, n - 1));
  };
  const auto all = [&](const auto& change) {
    for (auto& row : rows) {
      for (double& value : row) value = change(value);
    }
  };
  if (draw.happens(0.2)) {
    const double offset = draw.power(-2, 8);
    all([&](double value) { return value + offset; });
    kind += ", offset " + std::to_string(offset);
  }
  if (draw.happens(0.2)) {
    const double factor = draw.power(-8, 8);
    const std::int64_t d = draw.integer(0, dim - 1);
    for (auto& row : rows) row[d] *= factor;
    kind += ", a column times " + std::to_string(factor);
  }
  if (draw.happens(0.2)) {
    some_rows([&](std::int64_t i) {
      const double factor = draw.power(-12, 12);
      for (double& value : rows[i]) value *= factor;
    });
    kind += ", rows of other lengths";
  }
  if (draw.happens(0.2)) {
    some_rows([&](std::int64_t i) { std::ranges::fill(rows[i], 0.0); });
    kind += ", zeros";
  }
  if (draw.happens(0.3)) {
    some_rows([&](std::int64_t i) { rows[i] = rows[draw.integer(0, n - 1)]; });
    kind += ", copies";
  }
  if (draw.happens(0.1)) {
    some_rows([&](std::int64_t i) {
      rows[i] = rows[draw.integer(0, n - 1)];
      for (double& value : rows[i]) value = -value;
    });
    kind += ", opposites";
  }
  if (draw.happens(0.4)) {
    const double factor = draw.power(-reach, reach);
    all([&](double value) { return value * factor; });
    kind += ", all times " + std::to_string(std::log10(factor));
  }
}

torch::Tensor as_tensor(const RowsOfDoubles& rows) {
  auto tensor = at::empty({std::ssize(rows), std::ssize(rows[0])}, at::kDouble);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(rows[i], tensor.mutable_data_ptr<double>() + i * rows[i].size());
  }
  return tensor;
}

}  // namespace

RandomSet drawn_set(Draws& draw) {
  RandomSet set;
  const std::int64_t n = draw.happens(0.2) ? draw.integer(2, 12) : draw.integer(2, 330);
  const std::int64_t dim = draw.one_of<std::int64_t>({1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 127, 128, 129, 300, 1030});
  const auto type = draw.one_of({at::kFloat, at::kFloat, at::kDouble, at::kBFloat16});
  set.kind = std::to_string(n) + " x " + std::to_string(dim) + " " + at::toString(type);
  const auto labels = drawn_labels(draw, n);
  auto rows = drawn_rows(draw, labels, dim, set.kind);
  distort(draw, rows, type == at::kDouble ? 130.0 : 17.0, set.kind);
  set.rows = as_tensor(rows).to(type);
  set.rows = at::where(set.rows.isfinite(), set.rows, at::ones_like(set.rows));
  if (draw.happens(0.2)) set.rows = set.rows.t().contiguous().t();
  set.labels = at::tensor(labels, at::kLong);
  return set;
}

}  // namespace oodml::metrics::testing
