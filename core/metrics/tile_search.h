#pragma once

#include "core/metrics/neighbour_order.h"

namespace oodml::metrics {

/// Whether search_tiles pays: a set searched for its own rows, of which few are near enough to matter and whose pairs
/// inside of classes fit the memory.
bool suits_tiles(const NeighbourSearch& search);

/// search_on_cpu of a set in itself by tiles of products that serve their rows and their columns, so that half of all
/// products suffice: which rows are how near is not kept, strangers are counted as they come. Memory: the packed rows,
/// 28 bytes for each pair inside of a class, and 6 MiB a thread.
Status search_tiles(const NeighbourSearch& search, const ScreeningOrder& order, const VisitRanks& visit);

/// The same a strip of queries with all rows at a time, whatever the search: the plain form. Memory: the packed rows,
/// and 96 times N products a thread.
Status search_rows(const NeighbourSearch& search, const ScreeningOrder& order, const VisitRanks& visit);

}  // namespace oodml::metrics
