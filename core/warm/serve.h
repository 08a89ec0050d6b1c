#pragma once

#include <optional>
#include <string>
#include <vector>

namespace oodml::warm {

/// The life of a template, once it has loaded what its trials need: says that it is ready and makes a copy for each
/// request. Returns the command line in a copy, which is then what an executed trial would be (folder, descriptors,
/// environment, process group, what /proc tells); in the template nothing, when its worker has closed the socket, when
/// it cannot make whole copies (more than one thread), or when its own files on disk have changed.
std::optional<std::vector<std::string>> serve();

}  // namespace oodml::warm
