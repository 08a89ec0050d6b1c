#include "core/embedding_files/numbers.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace oodml::embedding_files {
namespace {

static_assert(std::endian::native == std::endian::little, "files hold little-endian numbers");

using Kind = ElementType::Kind;

torch::Tensor copied(std::string_view bytes, const std::vector<std::int64_t>& shape, at::ScalarType type) {
  auto tensor = at::empty(shape, type);
  if (!bytes.empty()) std::memcpy(tensor.mutable_data_ptr(), bytes.data(), bytes.size());
  return tensor;
}

template <typename From, typename To>
torch::Tensor converted(std::string_view bytes, const std::vector<std::int64_t>& shape, at::ScalarType type) {
  auto tensor = at::empty(shape, type);
  To* const out = tensor.mutable_data_ptr<To>();
  for (std::int64_t i = 0; i < tensor.numel(); ++i) {
    From value;
    std::memcpy(&value, bytes.data() + i * static_cast<std::int64_t>(sizeof(From)), sizeof(From));
    out[i] = static_cast<To>(value);
  }
  return tensor;
}

torch::Tensor to_floats(ElementType type, std::string_view bytes, const std::vector<std::int64_t>& shape) {
  if (type.kind == Kind::kBrainFloat) return copied(bytes, shape, at::kBFloat16).to(at::kFloat);
  if (type.size == 2) return copied(bytes, shape, at::kHalf).to(at::kFloat);
  if (type.size == 4) return copied(bytes, shape, at::kFloat);
  return copied(bytes, shape, at::kDouble);
}

template <typename Byte, typename Short, typename Word, typename Long>
torch::Tensor to_integers(std::int64_t size, std::string_view bytes, const std::vector<std::int64_t>& shape) {
  if (size == 1) return converted<Byte, std::int64_t>(bytes, shape, at::kLong);
  if (size == 2) return converted<Short, std::int64_t>(bytes, shape, at::kLong);
  if (size == 4) return converted<Word, std::int64_t>(bytes, shape, at::kLong);
  return converted<Long, std::int64_t>(bytes, shape, at::kLong);
}

torch::Tensor to_unsigned(std::int64_t size, std::string_view bytes, const std::vector<std::int64_t>& shape) {
  const auto numbers = to_integers<std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t>(size, bytes, shape);
  const bool wrapped = size == 8 && numbers.lt(0).any().item<bool>();
  return wrapped ? converted<std::uint64_t, double>(bytes, shape, at::kDouble) : numbers;
}

/// Each number's bytes the other way round.
std::string swapped(std::string_view bytes, std::int64_t size) {
  std::string out(bytes);
  for (auto number = out.begin(); number != out.end(); number += size) std::reverse(number, number + size);
  return out;
}

}  // namespace

torch::Tensor to_numbers(ElementType type, std::string_view bytes, const std::vector<std::int64_t>& shape) {
  if (byte_count(shape, type.size) != bytes.size()) throw std::logic_error("to_numbers: bytes do not fit the shape");
  switch (type.kind) {
    case Kind::kFloat:
    case Kind::kBrainFloat:
      return to_floats(type, bytes, shape);
    case Kind::kInteger:
      return to_integers<std::int8_t, std::int16_t, std::int32_t, std::int64_t>(type.size, bytes, shape);
    case Kind::kUnsigned:
    case Kind::kBool:
      return to_unsigned(type.size, bytes, shape);
  }
  throw std::logic_error("to_numbers: unknown kind");
}

Array to_array(StoredArray stored) {
  if (auto* const texts = std::get_if<std::vector<std::string>>(&stored)) return {{}, std::move(*texts)};
  StoredNumbers& numbers = std::get<StoredNumbers>(stored);
  std::string little;
  if (numbers.big_endian && numbers.type.size > 1) {
    little = swapped(numbers.bytes, numbers.type.size);
    numbers.bytes = little;
  }
  if (!numbers.column_major) return {to_numbers(numbers.type, numbers.bytes, numbers.shape), {}};
  const std::vector<std::int64_t> reversed(numbers.shape.rbegin(), numbers.shape.rend());
  std::vector<std::int64_t> axes;
  for (std::size_t i = reversed.size(); i-- > 0;) axes.push_back(static_cast<std::int64_t>(i));
  return {to_numbers(numbers.type, numbers.bytes, reversed).permute(axes).contiguous(), {}};
}

}  // namespace oodml::embedding_files
