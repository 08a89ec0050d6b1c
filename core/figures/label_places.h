#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace oodml::figures {

/// A rectangle on paper, in cm from the lower left corner of the panel's drawing.
struct Box {
  double left = 0.0, bottom = 0.0, right = 0.0, top = 0.0;
};

/// A point with a text to be written near it.
struct LabelledPoint {
  double x = 0.0, y = 0.0;  ///< cm
  std::string text;
};

/// Middle of a text on paper; `far` from its point a thin line leads there.
struct LabelPlace {
  double x = 0.0, y = 0.0;
  bool far = false;
};

/// How large a text of one line is in the small letters of labels, about.
Box text_box(const std::string& text, double middle_x, double middle_y);

/// Places where texts cover neither each other nor points nor `obstacles` and stay inside of `area`, as far as there is
/// room: near places first, to the right, left, above and below. Rounds of moving one text at a time; no chance in it.
std::vector<LabelPlace> place_labels(const std::vector<LabelledPoint>& points, const std::vector<Box>& obstacles,
                                     const Box& area);

}  // namespace oodml::figures
