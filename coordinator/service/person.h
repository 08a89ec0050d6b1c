#pragma once

#include <string>

namespace oodml::coordinator {

/// Who asks for a change. Where nobody is asked for tokens everybody is an operator without a name.
struct Person {
  std::string name;               ///< The token's holder, who owns what it submits.
  bool is_operator = true;        ///< May change what belongs to others.
  bool may_bring_scripts = true;  ///< May submit sweeps with code of its own, which workers run.
};

}  // namespace oodml::coordinator
