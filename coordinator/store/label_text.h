#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace oodml::coordinator::store {

// How the labels of a member lie in a column: {"axis":"label",...}. They are read by the hundred thousand.

std::string label_text(const std::map<std::string, std::string>& labels);
/// Of each axis its label, by axis; both while the function that is given them runs. Throws nlohmann::json::exception
/// for a text that is none.
void for_each_label(std::string_view text, const std::function<void(std::string_view, std::string_view)>& take);
/// Likewise.
std::map<std::string, std::string> parse_labels(std::string_view text);

}  // namespace oodml::coordinator::store
