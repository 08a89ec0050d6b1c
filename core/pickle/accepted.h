#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace oodml::pickle {

/// What stands for a global here. None is called: each is a few lines of our own.
enum class Meaning : std::uint8_t {
  kDtype,
  kScalar,
  kEncode,
  kSet,
  kName,  ///< Stays a name; what is made of it is an object that nobody looks into but who knows the name.
};

struct KnownGlobal {
  std::string_view module, name;
  Meaning meaning;
};

/// What plain data needs, as Python and numpy write it: numpy's scalars, bytes in protocol 2, sets in 3 and 2.
inline constexpr std::array<KnownGlobal, 6> kPlainGlobals = {{
    {"numpy", "dtype", Meaning::kDtype},
    {"numpy.core.multiarray", "scalar", Meaning::kScalar},
    {"numpy._core.multiarray", "scalar", Meaning::kScalar},  // since numpy 2
    {"_codecs", "encode", Meaning::kEncode},
    {"builtins", "set", Meaning::kSet},
    {"__builtin__", "set", Meaning::kSet},
}};

/// What a kind of file may hold; the reader of that kind says it.
struct Accepted {
  std::string_view what;  ///< "split file", for messages.
  std::span<const KnownGlobal> globals;
  /// Files of Python programs: any other global is a kName too; with objects (NEWOBJ, BUILD), persistent ids and the
  /// texts of Python 2.
  bool objects = false;
  bool followed = false;  ///< More may lie behind the pickle.
};

}  // namespace oodml::pickle
