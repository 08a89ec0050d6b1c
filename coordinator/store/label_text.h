#pragma once

#include <map>
#include <string>
#include <string_view>

namespace oodml::coordinator::store {

// How the labels of a member lie in a column: {"axis":"label",...}. They are read by the hundred thousand.

std::string label_text(const std::map<std::string, std::string>& labels);
/// Throws nlohmann::json::exception for a text that is none.
std::map<std::string, std::string> parse_labels(std::string_view text);

}  // namespace oodml::coordinator::store
