#pragma once

#include <optional>

#include "core/metrics/neighbour_order.h"
#include "core/metrics/tile_products.h"

namespace oodml::metrics {

/// Whether search_tiles pays: a set searched for its own rows, of which few are near enough to matter and whose pairs
/// inside of classes fit the memory.
bool suits_tiles(const NeighbourSearch& search);

/// search_on_cpu of a set in itself by tiles of products that serve their rows and their columns, so that half of all
/// products suffice: which rows are how near is not kept, strangers are counted as they come. Products are of the kind
/// that is faster where a sample of the set has it, unless one is asked for (integers only where they are sound): the
/// ranks are the same. Memory: the rows once as they are and once packed, 36 bytes for each pair inside of a class, and
/// 6 MiB a thread.
Status search_tiles(const NeighbourSearch& search, const ScreeningOrder& order, const VisitRanks& visit,
                    std::optional<TileProducts::Kind> kind = std::nullopt);

/// The same a strip of queries with all rows at a time, whatever the search: the plain form. Memory: the packed rows,
/// and 96 times N products a thread.
Status search_rows(const NeighbourSearch& search, const ScreeningOrder& order, const VisitRanks& visit);

}  // namespace oodml::metrics
