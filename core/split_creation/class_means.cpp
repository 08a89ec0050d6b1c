#include "core/split_creation/class_means.h"

#include <algorithm>
#include <string>

namespace oodml::split_creation {
namespace {

constexpr std::int64_t kRowsAtOnce = 4096;  // widening all of a file's rows would take three times its memory

}  // namespace

void ClassMeans::add(const torch::Tensor& rows, const torch::Tensor& labels) {
  const at::NoGradGuard no_grad;
  has_doubles_ = has_doubles_ || rows.scalar_type() == at::kDouble;
  if (!sums_.defined()) sums_ = torch::zeros({counts_.size(0), rows.size(1)}, at::kDouble);
  const auto classes = labels.cpu();
  for (std::int64_t first = 0; first < rows.size(0); first += kRowsAtOnce) {
    const std::int64_t count = std::min(kRowsAtOnce, rows.size(0) - first);
    const auto part = rows.narrow(0, first, count).to(at::TensorOptions(at::kCPU).dtype(at::kDouble));
    const auto at_classes = classes.narrow(0, first, count);
    sums_.index_add_(0, at_classes, part);
    counts_.index_add_(0, at_classes, torch::ones({count}, at::kDouble));
  }
}

Result<torch::Tensor> ClassMeans::means() const {
  if (!sums_.defined()) return invalid_argument("no features were given, so there are no class means");
  const auto means = (sums_ / counts_.clamp_min(1).unsqueeze(1)).to(has_doubles_ ? at::kDouble : at::kFloat);
  const auto finite = means.isfinite().all(1);
  const auto broken = static_cast<std::int64_t>(finite.size(0)) - finite.sum().item<std::int64_t>();
  if (broken == 0) return means;
  return failure(StatusCode::kDataLoss, "the features of " + std::to_string(broken) + " classes are not finite");
}

}  // namespace oodml::split_creation
