#include "core/weight_files/strided_tensor.h"

#include <algorithm>

namespace oodml::weight_files {

std::int64_t StridedTensor::element_count() const {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return count;
}

std::optional<std::int64_t> extent(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides) {
  std::int64_t last = 0, elements = 1;
  bool overflow = false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    std::int64_t step = 0;
    const std::int64_t size = std::max<std::int64_t>(shape[i], 1);  // an empty tensor's other sizes count too
    overflow |= __builtin_mul_overflow(elements, size, &elements);
    overflow |= __builtin_mul_overflow(size - 1, strides[i], &step);
    overflow |= __builtin_add_overflow(last, step, &last);
  }
  if (overflow || last == INT64_MAX) return std::nullopt;
  if (std::ranges::count(shape, 0) > 0) return 0;
  return elements <= last + 1 ? std::optional(last + 1) : std::nullopt;
}

std::vector<std::int64_t> row_major(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * std::max<std::int64_t>(shape[i], 1);
  return strides;
}

}  // namespace oodml::weight_files
