#include "core/criteria/single_pass/cosine_pass.h"

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <utility>

#include "core/criteria/single_pass/eligible.h"
#include "core/criteria/single_pass/matrix_products.h"
#include "core/criteria/single_pass/row_kernels.h"

namespace oodml::criteria {
namespace {

const float* values_of(const torch::Tensor& tensor) { return tensor.const_data_ptr<float>(); }

/// ||v_i||^2.
std::vector<float> squared_lengths(const float* values, std::int64_t size, std::int64_t dim, bool are_columns) {
  const RowKernels& kernels = row_kernels();
  std::vector<float> squares(size);
  for (std::int64_t i = 0; !are_columns && i < size; ++i) {
    squares[i] = kernels.dot(values + i * dim, values + i * dim, dim);
  }
  for (std::int64_t k = 0; are_columns && k < dim; ++k) {
    kernels.add_weighted(squares.data(), values + k * size, values + k * size, 1.0f, size);
  }
  return squares;
}

/// gradient += upstream * radial_i * v_i.
void add_radial(const torch::Tensor& gradient, const torch::Tensor& vectors, const torch::Tensor& radial,
                bool are_columns, float upstream) {
  const RowKernels& kernels = row_kernels();
  const std::int64_t height = vectors.size(0), width = vectors.size(1);
  const float *const from = values_of(vectors), *const factors = values_of(radial);
  float* const to = gradient.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < height; ++i) {
    if (are_columns) {
      kernels.add_weighted(to + i * width, from + i * width, factors, upstream, width);
    } else {
      kernels.add_scaled(to + i * width, from + i * width, upstream * factors[i], width);
    }
  }
}

/// The scalar whose gradients are upstream times weights b + radial_a a, and weights^T a + radial_b b + beside_b.
class CosineLoss final : public torch::autograd::Function<CosineLoss> {
 public:
  struct Saved {
    torch::Tensor a, b, weights, radial_a, radial_b, beside_b;
    bool b_are_columns = false;
  };

  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& a, const torch::Tensor&,
                               const Saved& saved, double value) {
    context->save_for_backward({saved.a, saved.b, saved.weights, saved.radial_a, saved.radial_b, saved.beside_b});
    context->saved_data["b_are_columns"] = saved.b_are_columns;
    return at::scalar_tensor(value, a.options());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    check_differentiated_once();
    const auto kept = context->get_saved_variables();
    Saved saved{kept[0], kept[1], kept[2], kept[3], kept[4], kept[5], context->saved_data["b_are_columns"].toBool()};
    const float upstream = gradients[0].item<float>();
    if (upstream != 1.0f) saved.weights = saved.weights * upstream;
    return {context->needs_input_grad(0) ? of_a(saved, upstream) : torch::Tensor(),
            context->needs_input_grad(1) ? of_b(saved, upstream) : torch::Tensor(),
            {},
            {}};
  }

 private:
  static torch::Tensor of_a(const Saved& saved, float upstream) {
    const auto n = saved.weights.size(0), m = saved.weights.size(1), dim = saved.a.size(1);
    auto gradient = at::empty_like(saved.a);
    multiply_vectors({values_of(saved.weights), n, m}, {values_of(saved.b), dim, m, !saved.b_are_columns},
                     gradient.mutable_data_ptr<float>());
    if (saved.radial_a.defined()) add_radial(gradient, saved.a, saved.radial_a, /*are_columns=*/false, upstream);
    return gradient;
  }

  static torch::Tensor of_b(const Saved& saved, float upstream) {
    const auto n = saved.weights.size(0), m = saved.weights.size(1), dim = saved.a.size(1);
    auto gradient = at::empty_like(saved.b);
    const Vectors by_column{values_of(saved.weights), m, n, /*are_columns=*/true};
    const Vectors entries{values_of(saved.a), dim, n, /*are_columns=*/true};
    multiply_vectors(saved.b_are_columns ? entries : by_column, saved.b_are_columns ? by_column : entries,
                     gradient.mutable_data_ptr<float>());
    if (saved.radial_b.defined()) add_radial(gradient, saved.b, saved.radial_b, saved.b_are_columns, upstream);
    if (saved.beside_b.defined()) gradient.add_(saved.beside_b, upstream);
    return gradient;
  }
};

}  // namespace

std::optional<CosinePass::Side> CosinePass::side_of(const CosineSide& given) {
  if (!is_float_on_cpu(given.vectors)) return std::nullopt;
  Side side{.attached = given.vectors,
            .values = given.vectors.detach().contiguous(),
            .size = given.vectors.size(given.are_columns ? 1 : 0),
            .dim = given.vectors.size(given.are_columns ? 0 : 1),
            .are_columns = given.are_columns,
            .unit_length = given.unit_length,
            .factors = {},
            .radial = {}};
  side.factors = squared_lengths(values_of(side.values), side.size, side.dim, side.are_columns);
  for (float& factor : side.factors) {
    if (!is_usual_square(factor)) return std::nullopt;
    factor = given.unit_length ? 1.0f / std::sqrt(factor) : 1.0f;
  }
  if (given.unit_length) side.radial.resize(side.size);
  return side;
}

std::optional<CosinePass> CosinePass::of(const CosineSide& a, const CosineSide& b) {
  auto rows = side_of(a), columns = side_of(b);
  if (!rows || !columns || rows->dim != columns->dim) return std::nullopt;
  const std::int64_t n = rows->size, m = columns->size;
  if (n * m * rows->dim > kMostMultiplications) return std::nullopt;
  CosinePass pass;
  pass.a_ = *std::move(rows);
  pass.b_ = *std::move(columns);
  pass.products_ = std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(n * m));
  multiply_vectors({values_of(pass.a_.values), n, pass.a_.dim},
                   {values_of(pass.b_.values), m, pass.b_.dim, pass.b_.are_columns}, pass.products_.get());
  const RowKernels& kernels = row_kernels();
  for (std::int64_t i = 0; i < n; ++i) {
    float* const row = pass.products_.get() + i * m;
    kernels.line(row, pass.b_.factors.data(), pass.a_.factors[i], 0.0f, m, row);
  }
  pass.weights_ = at::zeros({n, m}, at::kFloat);
  pass.derivatives_ = pass.weights_.mutable_data_ptr<float>();
  return pass;
}

torch::Tensor& CosinePass::beside_b() {
  if (!beside_b_.defined()) beside_b_ = at::zeros_like(b_.values);
  return beside_b_;
}

torch::Tensor CosinePass::loss(double value) && {
  const RowKernels& kernels = row_kernels();
  const std::int64_t n = rows(), m = columns();
  for (std::int64_t i = 0; i < n; ++i) {
    float* const row = derivatives(i);
    if (a_.unit_length) a_.radial[i] = -a_.factors[i] * a_.factors[i] * kernels.dot(row, products(i), m);
    if (b_.unit_length) kernels.add_weighted(b_.radial.data(), row, products(i), -1.0f, m);
    kernels.line(row, b_.factors.data(), a_.factors[i], 0.0f, m, row);
  }
  for (std::int64_t j = 0; b_.unit_length && j < m; ++j) b_.radial[j] *= b_.factors[j] * b_.factors[j];
  const auto radial_of = [](const Side& side) { return side.unit_length ? at::tensor(side.radial) : torch::Tensor(); };
  const CosineLoss::Saved saved{a_.values,     b_.values, weights_,      radial_of(a_),
                                radial_of(b_), beside_b_, b_.are_columns};
  return CosineLoss::apply(a_.attached, b_.attached, saved, value);
}

}  // namespace oodml::criteria
