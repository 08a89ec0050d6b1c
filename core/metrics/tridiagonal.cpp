#include "core/metrics/tridiagonal.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/products/double_kernel.h"
#include "core/products/wide.h"

// Compiled with -O3 -fopenmp-simd.
//
// Rows are reduced from the last to the first: a reflection I - v v' / h makes a row zero left of its neighbour of the
// diagonal, and changes the rows before it to A - v q' - q v'. The changes of a block of rows are kept apart until all
// of its reflections are known, and are then made in one product of matrices: most of the work only reads the matrix.

namespace oodml::metrics {
namespace {

constexpr std::int64_t kReflections = 32;  // of a block

/// A row whose square is smaller is as good as zero: its square has lost digits, by which a reflection would turn the
/// others.
constexpr double kVanishing = 1e-280;

constexpr std::int64_t kBlock = 8;  // rows whose diagonal block is kept whole, both halves of it

double dot(const double* a, const double* b, std::int64_t n) {
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t j = 0; j < n; ++j) sum += a[j] * b[j];
  return sum;
}

/// to -= a x + b y
void subtract(double* to, double a, const double* x, double b, const double* y, std::int64_t n) {
#pragma omp simd
  for (std::int64_t j = 0; j < n; ++j) to[j] -= a * x[j] + b * y[j];
}

class Reduction {
 public:
  Reduction(const double* matrix, std::int64_t n, double scale)
      : n_(n),
        stride_((n + products::kDoubleBlock - 1) / products::kDoubleBlock * products::kDoubleBlock),
        a_(static_cast<std::size_t>(stride_ * stride_)),
        v_(static_cast<std::size_t>(kReflections * stride_)),
        q_(v_.size()),
        left_(2 * v_.size()),
        right_(2 * v_.size()),
        found_{std::vector<double>(static_cast<std::size_t>(n)), std::vector<double>(static_cast<std::size_t>(n))} {
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t j = 0; j <= i; ++j) {
        const double value = matrix[i * n + j] * scale;
        row(i)[j] = value;
        if (j >= i / kBlock * kBlock) row(j)[i] = value;
      }
    }
  }

  Tridiagonal run() {
    for (std::int64_t size = n_; size > 0;) {
      const std::int64_t count = std::min(kReflections, size);
      for (std::int64_t k = 0; k < count; ++k) reflect(size - 1 - k, k);
      size -= count;
      change(size, count);
    }
    return std::move(found_);
  }

 private:
  double* row(std::int64_t i) { return a_.data() + i * stride_; }
  double* v(std::int64_t k) { return v_.data() + k * stride_; }
  double* q(std::int64_t k) { return q_.data() + k * stride_; }

  /// Finds the reflection k of a block, of row i.
  void reflect(std::int64_t i, std::int64_t k) {
    double *const x = row(i), *const own = v(k), *const product = q(k);
    for (std::int64_t m = 0; m < k; ++m) products::wide<subtract>(x, v(m)[i], q(m), q(m)[i], v(m), i + 1);
    std::fill_n(own, stride_, 0.0);
    std::fill_n(product, stride_, 0.0);
    found_.diagonal[i] = x[i];
    const double square = products::wide<dot>(x, x, i);
    if (square < kVanishing) return;
    const double beside = -std::copysign(std::sqrt(square), x[i - 1]), h = square - beside * x[i - 1];
    found_.beside[i - 1] = beside;
    std::copy_n(x, i, own);
    own[i - 1] -= beside;
    multiply(i, own, product);
    for (std::int64_t m = 0; m < k; ++m) {
      products::wide<subtract>(product, products::wide<dot>(q(m), own, i), v(m), products::wide<dot>(v(m), own, i),
                               q(m), i);
    }
    const double half = products::wide<dot>(own, product, i) / (2.0 * h);
    for (std::int64_t j = 0; j < i; ++j) product[j] = (product[j] - half * own[j]) / h;
  }

  /// product += A x of the first n rows up to whole blocks: entries of x behind n are 0.
  void multiply(std::int64_t n, const double* x, double* product) {
    for (std::int64_t first = 0; first < n; first += kBlock) {
      const double* const rows = row(first);
      double sums[kBlock] = {};
      for (std::int64_t r = 0; r < kBlock; r += 4) {
        kernel_.multiply_four(rows + r * stride_, stride_, first, x, x + first + r, product, sums + r);
      }
      for (std::int64_t r = 0; r < kBlock; ++r) {
        for (std::int64_t j = 0; j < kBlock; ++j) sums[j] += rows[r * stride_ + first + j] * x[first + r];
      }
      for (std::int64_t j = 0; j < kBlock; ++j) product[first + j] += sums[j];
    }
  }

  /// Makes the changes of `count` reflections to the first `size` rows, diagonal blocks included. What it writes right
  /// of these and into rows that are done has no meaning.
  void change(std::int64_t size, std::int64_t count) {
    const std::int64_t panel = kernel_.panel, block = 3 * panel, depth = 2 * count;
    for (std::int64_t j = 0; j < size; j += panel) pack(j, count);
    for (std::int64_t j = 0; j < size; j += block) {
      for (std::int64_t i = j / kBlock * kBlock; i < size; i += panel) {
        const std::int64_t end = i / kBlock * kBlock + kBlock;  // of the columns of its row of blocks
        const std::int64_t panels = std::min<std::int64_t>(3, (end - j) / panel);
        kernel_.with_panels[panels - 1](left_.data() + i * depth, right_.data() + j * depth, depth, row(i) + j,
                                        stride_);
      }
    }
  }

  void pack(std::int64_t first, std::int64_t count) {
    const std::int64_t panel = kernel_.panel;
    double *left = left_.data() + first * 2 * count, *right = right_.data() + first * 2 * count;
    for (std::int64_t k = 0; k < count; ++k, left += 2 * panel, right += 2 * panel) {
      const double *const own = v(k) + first, *const other = q(k) + first;
      for (std::int64_t j = 0; j < panel; ++j) {
        left[j] = -own[j];
        left[panel + j] = -other[j];
        right[j] = other[j];
        right[panel + j] = own[j];
      }
    }
  }

  std::int64_t n_, stride_;
  std::vector<double> a_, v_, q_;
  std::vector<double> left_, right_;  ///< The reflections of a block as the kernel wants them.
  const products::DoubleKernel& kernel_ = products::double_kernel();
  Tridiagonal found_;
};

}  // namespace

Tridiagonal to_tridiagonal(const double* matrix, std::int64_t n, double scale) {
  return Reduction(matrix, n, scale).run();
}

}  // namespace oodml::metrics
