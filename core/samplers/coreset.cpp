#include "core/samplers/coreset.h"

#include <algorithm>

#include "core/samplers/draws.h"

namespace oodml::samplers {
namespace {

constexpr double kFarShare = 0.97;
constexpr std::int64_t kRowsAtOnce = 512;

/// The value below which a share of the entries lies, interpolated between the two next to it.
double quantile(std::vector<double> values, double share) {
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(place);
  const auto low = values.begin() + below;
  std::nth_element(values.begin(), low, values.end());
  if (low + 1 == values.end()) return *low;
  const double next = *std::min_element(low + 1, values.end());
  return *low + (place - static_cast<double>(below)) * (next - *low);
}

std::int64_t farthest(const std::vector<double>& remaining, const std::vector<char>& picked) {
  std::size_t best = remaining.size();
  for (std::size_t i = 0; i < remaining.size(); ++i) {
    if (!picked[i] && (best == remaining.size() || remaining[i] > remaining[best])) best = i;
  }
  return static_cast<std::int64_t>(best);
}

std::int64_t one_far(const std::vector<double>& remaining, const std::vector<char>& picked, Random& random) {
  const double threshold = quantile(remaining, kFarShare);
  std::vector<std::int64_t> far;
  for (std::size_t i = 0; i < remaining.size(); ++i) {
    if (!picked[i] && remaining[i] >= threshold) far.push_back(static_cast<std::int64_t>(i));
  }
  return far.empty() ? farthest(remaining, picked) : one_of(far, random);
}

/// Squared distances of some rows [n, D] to all, of squared norms [b]: [n, b], never below zero.
torch::Tensor squared_to_all(const torch::Tensor& some, const torch::Tensor& all, const torch::Tensor& norms) {
  return (some.square().sum(1, /*keepdim=*/true) + norms - 2 * some.mm(all.t())).clamp_min(0);
}

/// ||row of the matrix of squared distances|| of each row: [b]
torch::Tensor norms_of_distances(const torch::Tensor& x, const torch::Tensor& norms) {
  std::vector<torch::Tensor> parts;
  for (const auto& some : x.split(kRowsAtOnce)) parts.push_back(squared_to_all(some, x, norms).norm(2, 1));
  return at::cat(parts);
}

}  // namespace

torch::Tensor squared_distances(const torch::Tensor& x) {
  const auto rows = x.to(at::kDouble);
  const auto products = rows.mm(rows.t());
  const auto norms = products.diagonal();
  return (norms.unsqueeze(1) + norms.unsqueeze(0) - 2 * products).clamp_min(0);
}

std::vector<std::int64_t> greedy_picks(const torch::Tensor& squared, std::int64_t first, std::int64_t picks,
                                       Random* softened) {
  const auto size = static_cast<std::size_t>(squared.size(0));
  const auto matrix = squared.contiguous();
  const auto norms = matrix.norm(2, 1);
  std::vector<double> remaining(norms.const_data_ptr<double>(), norms.const_data_ptr<double>() + size);
  std::vector<char> picked(size);
  std::vector<std::int64_t> order;
  for (std::int64_t next = first; static_cast<std::int64_t>(order.size()) < picks;) {
    order.push_back(next);
    picked[static_cast<std::size_t>(next)] = true;
    const double* row = matrix.const_data_ptr<double>() + static_cast<std::size_t>(next) * size;
    for (std::size_t i = 0; i < size; ++i) remaining[i] = std::min(remaining[i], row[i]);
    if (static_cast<std::int64_t>(order.size()) == picks) break;
    next = softened == nullptr ? farthest(remaining, picked) : one_far(remaining, picked, *softened);
  }
  return order;
}

std::vector<std::int64_t> greedy_picks_of_rows(const torch::Tensor& x, std::int64_t first, std::int64_t picks) {
  const auto norms = x.square().sum(1);
  auto remaining = norms_of_distances(x, norms);
  std::vector<std::int64_t> order = {first};
  while (static_cast<std::int64_t>(order.size()) < picks) {
    const auto newest = order.back();
    remaining = at::minimum(remaining, squared_to_all(x.slice(0, newest, newest + 1), x, norms).squeeze(0));
    remaining.index_fill_(0, at::tensor(order, at::kLong), -1.0);  // each row once
    order.push_back(remaining.argmax().item<std::int64_t>());
  }
  return order;
}

}  // namespace oodml::samplers
