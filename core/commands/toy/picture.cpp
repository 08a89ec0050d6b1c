#include "core/commands/toy/picture.h"

#include <array>
#include <cmath>
#include <numbers>

namespace oodml::commands {
namespace {

using figures::Panel;
using figures::Series;

/// Of the palette (core/figures/palette.h).
constexpr std::array kClassColours = {0, 1, 2, 3};
constexpr std::array kTestColours = {4, 5, 6, 7};
constexpr int kCircleColour = 6;

Series points_of(const std::string& name, const torch::Tensor& rows, int colour) {
  Series series{.name = name, .mark = Series::Mark::kPoints, .colour = colour};
  const auto values = rows.contiguous();
  const auto* value = values.const_data_ptr<float>();
  for (std::int64_t i = 0; i < rows.size(0); ++i) {
    series.x.push_back(value[2 * i]);
    series.y.push_back(value[2 * i + 1]);
  }
  return series;
}

void add_points(Panel& panel, const torch::Tensor& train, const torch::Tensor& labels,
                const std::vector<torch::Tensor>& tests) {
  for (std::size_t i = 0; i < toy::class_segments().size(); ++i) {
    const auto rows = labels.eq(static_cast<std::int64_t>(i)).nonzero().squeeze(1);
    panel.series.push_back(points_of(toy::class_segments()[i].name, train.index_select(0, rows), kClassColours.at(i)));
  }
  for (std::size_t i = 0; i < tests.size(); ++i) {
    panel.series.push_back(points_of(toy::test_segments()[i].name, tests[i], kTestColours.at(i)));
  }
}

Series unit_circle() {
  constexpr int kCorners = 180;
  Series circle{.name = "", .mark = Series::Mark::kLine, .colour = kCircleColour, .dashed = true};
  for (int i = 0; i <= kCorners; ++i) {
    const double angle = 2 * std::numbers::pi * i / kCorners;
    circle.x.push_back(std::cos(angle));
    circle.y.push_back(std::sin(angle));
  }
  return circle;
}

Panel circle_panel(const std::string& title, const toy::Learned& learned, const torch::Tensor& labels) {
  Panel panel{.title = title,
              .x = {.label = "first dimension", .low = -1.1, .high = 1.1},
              .y = {.label = "second dimension", .low = -1.1, .high = 1.1},
              .square = true,
              .legend = false};
  panel.series.push_back(unit_circle());
  add_points(panel, learned.embeddings, labels, learned.test_embeddings);
  return panel;
}

Panel spectrum_panel(const toy::Outcome& outcome) {
  Panel panel{.title = "Singular values of the training embedding",
              .x = {.label = ""},
              .y = {.label = "share of their sum", .low = 0.0, .high = 1.0},
              .categories = {"first", "second"}};
  const auto bars = [&](const std::string& name, const toy::Learned& learned) {
    panel.series.push_back({.name = name, .mark = Series::Mark::kBars, .x = {0, 1}, .y = learned.spectrum});
  };
  bars("base", outcome.base);
  bars("regularised", outcome.regularised);
  return panel;
}

}  // namespace

figures::Figure picture_of(const toy::Outcome& outcome) {
  const auto axis = [](const char* label) { return figures::Axis{.label = label, .low = 0.0, .high = 1.2}; };
  Panel data{.title = "Data", .x = axis("x"), .y = axis("y"), .square = true};
  add_points(data, outcome.plane.points, outcome.plane.labels, outcome.plane.test_points);
  return {.name = "toy",
          .caption =
              "Training classes on a diagonal and four test sets; their embeddings on the unit circle without and "
              "with regularisation; the shares of the singular values of both training embeddings.",
          .columns = 2,
          .panels = {data, circle_panel("Base", outcome.base, outcome.plane.labels),
                     circle_panel("Regularised", outcome.regularised, outcome.plane.labels), spectrum_panel(outcome)}};
}

}  // namespace oodml::commands
