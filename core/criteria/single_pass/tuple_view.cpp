#include "core/criteria/single_pass/tuple_view.h"

#include <algorithm>

namespace oodml::criteria {
namespace {

template <typename T>
bool lies_here(const torch::Tensor& tensor, at::ScalarType type, const T*& values) {
  if (!tensor.defined()) return true;
  if (!tensor.is_cpu() || tensor.scalar_type() != type || !tensor.is_contiguous()) return false;
  values = tensor.const_data_ptr<T>();
  return true;
}

bool are_rows(const std::int64_t* places, std::int64_t size, std::int64_t rows) {
  return places == nullptr || std::all_of(places, places + size, [&](auto i) { return i >= 0 && i < rows; });
}

}  // namespace

std::int64_t TupleView::counting() const { return valid == nullptr ? size : std::count(valid, valid + size, true); }

std::optional<TupleView> view_of(const miners::Tuples& tuples, std::int64_t rows) {
  TupleView view{.size = tuples.anchor.size(0), .rows = rows};
  const bool here =
      lies_here(tuples.anchor, at::kLong, view.anchor) && lies_here(tuples.positive, at::kLong, view.positive) &&
      lies_here(tuples.negative, at::kLong, view.negative) && lies_here(tuples.valid, at::kBool, view.valid) &&
      lies_here(tuples.positive_set, at::kBool, view.positive_set) &&
      lies_here(tuples.negative_set, at::kBool, view.negative_set);
  const bool fits = here && (!tuples.valid.defined() || tuples.valid.numel() == view.size);
  if (!fits || !are_rows(view.anchor, view.size, rows) || !are_rows(view.positive, view.size, rows) ||
      !are_rows(view.negative, view.size, rows))
    return std::nullopt;
  return view;
}

}  // namespace oodml::criteria
