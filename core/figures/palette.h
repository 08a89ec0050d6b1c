#pragma once

#include <cstddef>
#include <string_view>

namespace oodml::figures {

/// Colours that people with any of the usual kinds of colour blindness tell apart, and that differ in grey, too.
/// Source: Okabe and Ito, "Color Universal Design", 2008; grey stands for its yellow, which nobody sees as a thin line.
inline constexpr std::size_t kColours = 8;

/// "#rrggbb" of the series with this number; after kColours they begin again, and shape and dash differ (point_type,
/// dash_type).
std::string_view colour(std::size_t number);

/// gnuplot's number of the point's shape: no two of the first 40 series have both colour and shape in common.
int point_type(std::size_t number);
/// gnuplot's number of the line's dashes, 1: none. Another for each round through the colours.
int dash_type(std::size_t number);

}  // namespace oodml::figures
