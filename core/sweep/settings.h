#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/sweep/diagnostics.h"
#include "core/sweep/node.h"

namespace oodml::sweep {

/// One key of a trial with what was written for it. The node lives in the file's tree.
struct Setting {
  std::string key;  ///< Dotted: evaluate.sets, criterion (the name), criterion.beta.
  Place key_place;
  const Node* value = nullptr;
};

/// A map of trial keys, nested or dotted, as single settings: {criterion: {name: margin, beta: 1.2}} gives
/// criterion and criterion.beta. Unknown keys and keys written twice are reported and left out; entries named in
/// `skip` (`for`, say) belong to the caller.
std::vector<Setting> read_settings(const Node& map, const std::vector<std::string>& skip, Diagnostics& diagnostics);

/// Checks what can be checked without knowing the trial: component names, and types and ranges of trial keys.
void check_settings(const std::vector<Setting>& settings, Diagnostics& diagnostics);

/// How near to a trial a setting stands; a later layer wins over an earlier one.
enum class Layer {
  kTrial,        ///< `trial:`
  kBlock,        ///< `trial:` of a block
  kCommandLine,  ///< --set
  kRow,          ///< Entries of the axes.
  kOverride,     ///< `for:`
};

/// Defaults for the trials that take them, in contrast to what was set for the trial's own row.
inline bool is_shared(Layer layer) { return layer <= Layer::kCommandLine; }

/// The settings that hold for one trial.
class LayeredSettings {
 public:
  struct Held {
    const Setting* setting;
    Layer layer;
  };

  /// Adds settings on top of those held. Choosing a component (criterion: margin) or a program drops the parameters
  /// that came with a choice of an earlier layer; parameters that an earlier layer gave without a choice stay.
  void add(const std::vector<Setting>& settings, Layer layer);

  const Held* find(std::string_view key) const;
  /// Where the key's value was written; nullopt: it was not.
  std::optional<Place> place_of(std::string_view key) const;
  auto begin() const { return held_.begin(); }
  auto end() const { return held_.end(); }

 private:
  std::map<std::string, Held, std::less<>> held_;
};

}  // namespace oodml::sweep
