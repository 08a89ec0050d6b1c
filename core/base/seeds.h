#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace oodml {

/// A small random stream with the same output on every platform: xoshiro256** seeded by SplitMix64.
/// Cheap enough to make one per image, so every stream can be a function of what it is for.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t next();
  /// Uniform in [0, 1), 53 bits.
  double uniform();
  /// Uniform in [low, high).
  double uniform(double low, double high);
  /// Uniform in {0, ..., n - 1} without bias; n > 0.
  std::int64_t below(std::int64_t n);

 private:
  std::uint64_t state_[4];
};

/// The random streams of one trial. Each is derived from the trial's seed, a name and optional
/// coordinates (epoch, step, position), so a new consumer never shifts the others and nothing has
/// to be stored to resume.
class Seeds {
 public:
  explicit Seeds(std::uint64_t trial_seed) : trial_seed_(trial_seed) {}

  std::uint64_t derive(std::string_view name, std::initializer_list<std::uint64_t> coordinates = {}) const;
  Random stream(std::string_view name, std::initializer_list<std::uint64_t> coordinates = {}) const {
    return Random(derive(name, coordinates));
  }

 private:
  std::uint64_t trial_seed_;
};

}  // namespace oodml
