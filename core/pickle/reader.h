#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/result.h"
#include "core/pickle/accepted.h"
#include "core/pickle/document.h"

namespace oodml::pickle {

/// The most a pickle may ask for; they bound the memory, at 1 GiB or so for the worst file.
struct Limits {
  std::size_t bytes = 128U << 20;
  std::size_t opcodes = 32U << 20;
  std::size_t values = 8U << 20;
  std::size_t containers = 2U << 20;      ///< Lists, tuples, sets and dicts.
  std::size_t memo = 5'000'000;           ///< Largest index + 1.
  std::size_t marks = 64;                 ///< Open at a time.
  std::size_t depth = 8;                  ///< Of containers, at most 255; a split file needs 6.
  std::size_t text_bytes = 4096;          ///< Of one text or byte string.
  std::size_t decoded_bytes = 64U << 20;  ///< Of all numpy texts together, which may come from the same bytes again.
};

/// Whether the bytes begin as a pickle of protocol 2 or later does.
bool looks_like_pickle(std::string_view bytes);

/// Reads one pickle of protocol 2 to 5 without running anything. Plain data is accepted (none, bool, integers of 64
/// bits, floats, texts, bytes, list, tuple, set, dict), and the globals that `accepted` lists: numpy's `dtype` and
/// `scalar` (texts, integers and float64 become plain values), how Python spells bytes and sets in old protocols, and
/// names. Everything else is refused: kInvalidArgument says "byte 4711: " and the reason. Values refer to `bytes`.
/// Source: docs/splits.md#pickle.
Result<Document> read(std::string_view bytes, const Accepted& accepted, const Limits& limits = {});

}  // namespace oodml::pickle
