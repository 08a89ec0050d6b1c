#include "core/figures/palette.h"

#include <array>

namespace oodml::figures {
namespace {

constexpr std::array<std::string_view, kColours> kOkabeIto = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                              "#e69f00", "#56b4e9", "#000000", "#999999"};
/// Filled ones first: circle, square, triangle, diamond, triangle down; then those of lines.
constexpr std::array<int, 9> kShapes = {7, 5, 9, 13, 11, 6, 4, 8, 12};
constexpr int kDashes = 5;

}  // namespace

std::string_view colour(std::size_t number) { return kOkabeIto[number % kColours]; }
int point_type(std::size_t number) { return kShapes[(number + number / kColours) % kShapes.size()]; }
int dash_type(std::size_t number) { return 1 + static_cast<int>(number / kColours % kDashes); }

}  // namespace oodml::figures
