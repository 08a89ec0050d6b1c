#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/pickle/document.h"
#include "core/weight_files/strided_tensor.h"

namespace oodml::weight_files {

/// The pickle at the start of `bytes`, as Python programs write weights: objects stay names with arguments, nothing is
/// called. `name` starts a failure, which says the byte.
Result<pickle::Document> read_weight_pickle(std::string_view bytes, const std::string& name);

/// The bytes of a storage by its key; they are as many as asked for.
using ReadStorage = std::function<Result<std::string_view>(const std::string& key, std::uint64_t bytes)>;

/// The tensors of a pickled state dict: the root, or what stands one or a few levels down under `state_dict`,
/// `model_state_dict`, `model`, `network` and their like, or under the only key that has tensors. Of the names of
/// Python code only those of a tensor mean something (torch._utils._rebuild_tensor_v2, its predecessors, parameters,
/// the storage types, collections.OrderedDict); an entry that is made of any other is refused with its byte, and so is
/// one that reaches beyond its storage or has more elements than it covers.
Result<StateDict> read_state_dict(const pickle::Document& document, const std::string& name,
                                  const ReadStorage& read_storage);

/// Bytes an element of every storage that the document mentions, by key.
std::map<std::string, std::uint64_t> storage_element_sizes(const pickle::Document& document);

}  // namespace oodml::weight_files
