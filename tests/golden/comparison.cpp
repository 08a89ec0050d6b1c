#include "tests/golden/comparison.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace oodml::golden {

void Comparison::check(const std::string& name, double got) { check(name, at::scalar_tensor(got, at::kDouble)); }

void Comparison::check(const std::string& name, const torch::Tensor& got) {
  const auto& want = golden_.at(name);
  compared_.insert(name);
  const auto value = got.detach().cpu();
  if (value.sizes() != want.sizes()) {
    std::ostringstream text;
    text << name << " has the shape " << value.sizes() << ", want " << want.sizes();
    failures_.push_back(text.str());
  } else if (want.is_floating_point()) {
    compare_numbers(name, value, want, golden_.rtol, golden_.atol);
  } else if (!value.to(want.scalar_type()).equal(want)) {
    failures_.push_back(name + " differs in " +
                        std::to_string(value.to(want.scalar_type()).ne(want).sum().item<std::int64_t>()) + " entries");
  }
}

void Comparison::check_levels(const std::string& name, const torch::Tensor& got) {
  if (golden_.atol == 0.0 || got.sizes() != golden_.at(name).sizes()) return check(name, got);
  compared_.insert(name);
  compare_numbers(name, got, golden_.at(name), 0.0, golden_.atol);
}

void Comparison::check_within(const std::string& name, double got, double relative) {
  compared_.insert(name);
  compare_numbers(name, at::scalar_tensor(got, at::kDouble), golden_.at(name), relative, 0.0);
}

void Comparison::compare_numbers(const std::string& name, const torch::Tensor& got, const torch::Tensor& want,
                                 double rtol, double atol) {
  if (want.numel() == 0) return;
  const double difference = (got.to(at::kDouble) - want.to(at::kDouble)).abs().max().item<double>();
  const double scale = want.to(at::kDouble).abs().max().item<double>();
  largest_absolute_ = std::max(largest_absolute_, difference);
  if (scale > 0.0) largest_relative_ = std::max(largest_relative_, difference / scale);
  // Written so that a NaN on either side fails.
  if (!(difference <= atol + rtol * scale)) {
    std::ostringstream text;
    text << name << " is off by " << difference << " of " << scale;
    failures_.push_back(text.str());
  }
}

void Comparison::require(bool holds, const std::string& what) {
  if (!holds) failures_.push_back(what);
}

std::vector<std::string> Comparison::missed() const {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : golden_.tensors) {
    const bool output = name.starts_with("out.") || name.starts_with("grad.");
    if (output && !compared_.contains(name)) names.push_back(name);
  }
  return names;
}

}  // namespace oodml::golden
