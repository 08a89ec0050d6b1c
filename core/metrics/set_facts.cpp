#include "core/metrics/set_facts.h"

#include <algorithm>
#include <optional>

#include "core/metrics/dists.h"
#include "core/metrics/share_out.h"
#include "core/metrics/singular_values.h"

namespace oodml::metrics {

SetFacts::SetFacts(const LabelledSet& set, const std::vector<SetFact>& wanted) : dimension_(set.embeddings().size(1)) {
  const at::NoGradGuard no_grad;
  std::optional<ClassDistances> distances;
  if (std::ranges::count(wanted, SetFact::kDistances) > 0) distances.emplace(set);
  std::optional<Spectrum> spectrum;
  if (std::ranges::count(wanted, SetFact::kSpectrum) > 0) spectrum.emplace(set.embeddings());
  const std::int64_t of_spectrum = spectrum ? 1 : 0, classes = distances ? set.n_classes() : 0;
  share_out(of_spectrum + classes, [&](std::int64_t task) {
    task < of_spectrum ? spectrum->try_gram() : distances->find(task - of_spectrum);
  });
  if (spectrum) singular_values_ = spectrum->values();
  if (!distances) return;
  inside_ = distances->mean_inside();
  between_ = distances->mean_between();
}

}  // namespace oodml::metrics
