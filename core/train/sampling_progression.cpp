#include "core/train/sampling_progression.h"

#include <cstddef>

#include "core/base/number_text.h"

namespace oodml::train {
namespace {

constexpr std::int64_t kOthers = 4;  // iteration, epoch, score, reward

std::string heading(std::size_t bins) {
  std::string text = "iteration,epoch,score,reward";
  for (const char* kind : {",bin_", ",raw_"}) {
    for (std::size_t b = 0; b < bins; ++b) text += kind + std::to_string(b);
  }
  return text + "\n";
}

}  // namespace

torch::Tensor SamplingProgression::tensor() const {
  std::vector<double> numbers;
  for (const Row& row : rows) {
    numbers.insert(numbers.end(),
                   {static_cast<double>(row.iteration), static_cast<double>(row.epoch), row.score, row.reward});
    numbers.insert(numbers.end(), row.bins.begin(), row.bins.end());
    numbers.insert(numbers.end(), row.raw.begin(), row.raw.end());
  }
  const std::int64_t columns = rows.empty() ? kOthers : kOthers + 2 * std::ssize(rows.front().bins);
  return torch::tensor(numbers, torch::kDouble).view({std::ssize(rows), columns});
}

Result<SamplingProgression> SamplingProgression::of_tensor(const torch::Tensor& tensor) {
  if (tensor.dim() != 2 || tensor.scalar_type() != torch::kDouble || tensor.size(1) < kOthers ||
      tensor.size(1) % 2 != 0) {
    return invalid_argument("the progression of a sampling policy is no table of numbers");
  }
  SamplingProgression progression;
  const auto table = tensor.contiguous();
  const std::int64_t columns = table.size(1), bins = (columns - kOthers) / 2;
  const double* number = table.const_data_ptr<double>();
  for (std::int64_t r = 0; r < table.size(0); ++r, number += columns) {
    const double* first = number + kOthers;
    progression.rows.push_back({.iteration = static_cast<std::int64_t>(number[0]),
                                .epoch = static_cast<std::int64_t>(number[1]),
                                .score = number[2],
                                .reward = number[3],
                                .bins = {first, first + bins},
                                .raw = {first + bins, first + 2 * bins}});
  }
  return progression;
}

std::string SamplingProgression::csv() const {
  std::string text = heading(rows.empty() ? 0 : rows.front().bins.size());
  for (const Row& row : rows) {
    text += std::to_string(row.iteration) + "," + std::to_string(row.epoch) + "," + number_text(row.score) + "," +
            number_text(row.reward);
    for (const double value : row.bins) text += "," + number_text(value);
    for (const double value : row.raw) text += "," + number_text(value);
    text += "\n";
  }
  return text;
}

}  // namespace oodml::train
