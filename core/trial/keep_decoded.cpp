#include "core/trial/keep_decoded.h"

#include <map>

#include "core/data/cached_source.h"

namespace oodml::trial {

void keep_decoded(TrialData& data, std::int64_t mib) {
  if (mib == 0) return;
  const auto source = data.train->source;
  const auto cached = std::make_shared<const data::CachedSource>(source, mib << 20);
  std::map<std::shared_ptr<const data::Dataset>, std::shared_ptr<const data::Dataset>> changed;
  const auto change = [&](std::shared_ptr<const data::Dataset>& dataset) {
    if (dataset->source != source) return;
    auto& copy = changed[dataset];
    if (!copy) {
      auto same = std::make_shared<data::Dataset>(*dataset);
      same->source = cached;
      copy = std::move(same);
    }
    dataset = copy;
  };
  for (auto& [name, set] : data.sets) change(set);
  change(data.train);
  if (data.validation) change(data.validation);
}

}  // namespace oodml::trial
