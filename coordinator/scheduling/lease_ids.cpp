#include "coordinator/scheduling/lease_ids.h"

#include <cstdint>
#include <string>
#include <utility>

namespace oodml::coordinator::scheduling {

LeaseId new_lease_id(Time now) {
  constexpr std::size_t kTimeDigits = 12;
  constexpr char kDigits[] = "0123456789abcdef";
  std::string id = random_hex_128();
  auto millis = static_cast<std::uint64_t>(to_millis(now));
  for (std::size_t i = kTimeDigits; i-- > 0; millis /= 16) id[i] = kDigits[millis % 16];
  return {std::move(id)};
}

}  // namespace oodml::coordinator::scheduling
