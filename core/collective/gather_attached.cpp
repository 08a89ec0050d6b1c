#include <vector>

#include "core/collective/collective.h"

namespace oodml::collective {

torch::Tensor gather_attached(Collective& collective, const torch::Tensor& rows) {
  if (collective.alone()) return rows;
  const auto all = collective.gather(rows.detach());
  if (!rows.requires_grad()) return all;
  const std::int64_t count = rows.size(0), begin = collective.rank() * count, end = begin + count;
  return torch::cat({all.narrow(0, 0, begin), rows, all.narrow(0, end, all.size(0) - end)});
}

}  // namespace oodml::collective
