#pragma once

#include <torch/types.h>

#include <cstdint>
#include <stdexcept>

namespace oodml::collective {

/// Another process of the group is gone, or did not answer in time. Which one, and why, only the process that started
/// them can say. Thrown, because it happens inside of a backward pass too.
class PeerLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Processes that compute one thing together. All of them call the same functions in the same order, with tensors of
/// the same shape and type on their own device. On a GPU the calls are queued like kernels: nobody waits for them.
/// Any of them may throw PeerLost.
class Collective {
 public:
  virtual ~Collective() = default;
  virtual std::int64_t rank() const = 0;  ///< 0 <= rank < size
  virtual std::int64_t size() const = 0;
  bool alone() const { return size() == 1; }

  /// In place: the sum over all ranks, the same bits on every one. `tensor` is contiguous.
  virtual void add_up(torch::Tensor& tensor) = 0;
  /// [n, ...] of each rank -> [size * n, ...], in the order of the ranks. No gradient passes.
  virtual torch::Tensor gather(const torch::Tensor& rows) = 0;
  /// In place: the tensor of rank `source`. `tensor` is contiguous.
  virtual void broadcast(torch::Tensor& tensor, std::int64_t source) = 0;
};

/// A process that has no company.
class Alone final : public Collective {
 public:
  std::int64_t rank() const override { return 0; }
  std::int64_t size() const override { return 1; }
  void add_up(torch::Tensor&) override {}
  torch::Tensor gather(const torch::Tensor& rows) override { return rows; }
  void broadcast(torch::Tensor&, std::int64_t) override {}
};

/// The rows of all ranks with a gradient for one's own: [n, ...] -> [size * n, ...]. When every rank computes the
/// same scalar from the result, the sum over the ranks of what each gets for a parameter of the rows is its gradient:
/// each row is attached on exactly one of them.
torch::Tensor gather_attached(Collective& collective, const torch::Tensor& rows);

}  // namespace oodml::collective
