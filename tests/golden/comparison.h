#pragma once

#include <torch/types.h>

#include <set>
#include <string>
#include <vector>

#include "tests/golden/case.h"

namespace oodml::golden {

/// Holds computed outputs against those of a case and keeps the largest differences.
class Comparison {
 public:
  explicit Comparison(const Case& golden) : golden_(golden) {}

  /// `name` is the tensor's name in the file: out.loss, grad.beta.
  void check(const std::string& name, const torch::Tensor& got);
  void check(const std::string& name, double got);
  /// Levels of an image: within atol, where the file has one.
  void check_levels(const std::string& name, const torch::Tensor& got);
  /// With a tolerance of its own: for numbers that the README calls loose.
  void check_within(const std::string& name, double got, double relative);
  /// A condition that the file states in words.
  void require(bool holds, const std::string& what);

  /// Outputs of the file that were not compared.
  std::vector<std::string> missed() const;
  const std::vector<std::string>& failures() const { return failures_; }
  double largest_absolute() const { return largest_absolute_; }
  double largest_relative() const { return largest_relative_; }

 private:
  void compare_numbers(const std::string& name, const torch::Tensor& got, const torch::Tensor& want, double rtol,
                       double atol);

  const Case& golden_;
  std::set<std::string> compared_;
  std::vector<std::string> failures_;
  double largest_absolute_ = 0.0, largest_relative_ = 0.0;
};

}  // namespace oodml::golden
