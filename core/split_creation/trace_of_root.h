#pragma once

#include <torch/types.h>

namespace oodml::split_creation {

/// The sum of the singular values of matrix [n, m], double, on the CPU.
double sum_of_singular_values(const torch::Tensor& matrix);

/// tr sqrt(A B) of two symmetric matrices [r, r] without negative eigenvalues, double: with A = F F^T and B = G G^T the
/// roots of the eigenvalues of A B are the singular values of F^T G. No root of a general matrix is taken, and nothing
/// that rounding puts below zero is left.
double trace_of_root(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace oodml::split_creation
