#include "core/embedding_map/leading_eigenvectors.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/seeds.h"

namespace oodml::embedding_map {
namespace {

constexpr std::int64_t kStepsBetweenChecks = 10;

/// An orthonormal basis of the Krylov space and the tridiagonal matrix in it.
class Lanczos {
 public:
  Lanczos(std::int64_t n, std::int64_t most, const torch::Tensor& known)
      : known_(known), basis_(at::empty({most, n}, at::kDouble)) {
    add(random_direction());
  }

  std::int64_t steps() const { return static_cast<std::int64_t>(diagonal_.size()); }
  torch::Tensor basis() const { return basis_.narrow(0, 0, steps()); }
  double last_beside() const { return beside_.back(); }

  void step(const Apply& apply) {
    const auto q = basis_[steps()];
    auto w = apply(q);
    diagonal_.push_back(at::dot(w, q).item<double>());
    largest_ = std::max(largest_, std::abs(diagonal_.back()));
    w = orthogonal(w);
    double beside = w.norm().item<double>();
    const bool is_closed = beside <= 1e-13 * std::max(largest_, 1e-300);  // the space is whole: begin beside it
    if (is_closed) {
      w = random_direction();
      beside = 0.0;
    }
    beside_.push_back(beside);
    if (steps() < basis_.size(0)) add(w);
  }

  /// [steps, steps]
  torch::Tensor tridiagonal() const {
    const auto diagonal = at::tensor(diagonal_, at::kDouble);
    if (steps() == 1) return diagonal.view({1, 1});
    const auto beside = at::tensor(beside_, at::kDouble).narrow(0, 0, steps() - 1);
    return diagonal.diag() + beside.diag(1) + beside.diag(-1);
  }

 private:
  /// Twice, so that rounding does not bring back what was taken out.
  torch::Tensor orthogonal(torch::Tensor w) const {
    for (int round = 0; round < 2; ++round) {
      if (known_.defined()) w = w - known_ * at::dot(known_, w);
      if (added_ == 0) continue;
      const auto basis = basis_.narrow(0, 0, added_);
      w = w - at::mv(basis.t(), at::mv(basis, w));
    }
    return w;
  }
  torch::Tensor random_direction() {
    std::vector<double> values(static_cast<std::size_t>(basis_.size(1)));
    for (double& value : values) value = random_.uniform(-1.0, 1.0);
    return orthogonal(at::tensor(values, at::kDouble));
  }
  void add(const torch::Tensor& w) {
    basis_[added_].copy_(w / w.norm().clamp_min(1e-300));
    ++added_;
  }

  torch::Tensor known_, basis_;
  std::int64_t added_ = 0;
  std::vector<double> diagonal_, beside_;
  double largest_ = 0.0;
  Random random_{1};
};

}  // namespace

torch::Tensor leading_eigenvectors(std::int64_t n, std::int64_t wanted, const Apply& apply, const torch::Tensor& known,
                                   const LanczosOptions& options) {
  const at::NoGradGuard no_grad;
  auto found = at::zeros({wanted, n}, at::kDouble);
  const std::int64_t space = n - (known.defined() ? 1 : 0), most = std::min(space, options.most_steps);
  if (most <= 0) return found;
  Lanczos lanczos(n, most, known);
  while (lanczos.steps() < most) {
    lanczos.step(apply);
    const std::int64_t steps = lanczos.steps(), kept = std::min(steps, wanted);
    if (steps < most && (steps < wanted || steps % kStepsBetweenChecks != 0)) continue;
    const auto [values, vectors] = at::linalg_eigh(lanczos.tridiagonal());  // ascending; [steps, steps]
    const auto of_largest = vectors.narrow(1, steps - kept, kept).flip(1);
    const double residual = lanczos.last_beside() * of_largest[steps - 1].abs().max().item<double>();
    if (steps < most && residual > options.tolerance * values.abs().max().item<double>()) continue;
    found.narrow(0, 0, kept).copy_(at::mm(of_largest.t(), lanczos.basis()));
    break;
  }
  return found;
}

}  // namespace oodml::embedding_map
