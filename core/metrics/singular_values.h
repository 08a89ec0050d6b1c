#pragma once

#include <torch/types.h>

#include <optional>
#include <vector>

namespace oodml::metrics {

/// The min(N, D) singular values of rows [N, D], not centred, descending; in double precision on the CPU: of many rows
/// the roots of the eigenvalues of their Gram matrix where these are exact to ten digits, else by QR decompositions of
/// blocks of rows, which form no product of the rows with themselves. Little memory. The number of threads changes no
/// bit of the former; of the latter one thread may give other last bits than several, as LibTorch's decompositions do.
std::vector<double> singular_values(const torch::Tensor& rows);

/// The same in steps, of which the second needs one thread only: others may do something else.
class Spectrum {
 public:
  /// By all threads.
  explicit Spectrum(const torch::Tensor& rows);
  /// By the calling thread: finds the values where the Gram matrix tells them.
  void try_gram();
  /// By all threads where it does not.
  std::vector<double> values() const;

 private:
  const torch::Tensor rows_;  ///< In main memory.
  std::vector<double> gram_;  ///< The lower half of [D, D]; empty where the rows are too few for it.
  std::optional<std::vector<double>> values_;
};

}  // namespace oodml::metrics
