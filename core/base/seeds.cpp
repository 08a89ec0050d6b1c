#include "core/base/seeds.h"

#include <bit>

namespace oodml {
namespace {

std::uint64_t mix(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t hash_name(std::string_view name) {  // FNV-1a
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) {
    word = mix(seed);
    seed += 0x9e3779b97f4a7c15ULL;
  }
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

double Random::uniform(double low, double high) { return low + (high - low) * uniform(); }

std::int64_t Random::below(std::int64_t n) {
  const auto bound = static_cast<std::uint64_t>(n);
  const std::uint64_t threshold = -bound % bound;  // reject the short first interval
  std::uint64_t draw = next();
  while (draw < threshold) draw = next();
  return static_cast<std::int64_t>(draw % bound);
}

std::uint64_t Seeds::derive(std::string_view name, std::initializer_list<std::uint64_t> coordinates) const {
  std::uint64_t seed = mix(trial_seed_ ^ hash_name(name));
  for (const std::uint64_t coordinate : coordinates) seed = mix(seed ^ mix(coordinate));
  return seed;
}

}  // namespace oodml
