#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace oodml::figures {

/// Points that belong together: a curve, a cloud, a group of bars. All lists that are not empty have as many entries as
/// `x`; a NaN in x or y is a hole: nothing is drawn there, and a line does not bridge it.
struct Series {
  enum class Mark { kLine, kPoints, kLineAndPoints, kBars, kSteps };

  std::string name;  ///< In the legend; empty: not named there.
  Mark mark = Mark::kLineAndPoints;
  std::vector<double> x, y;         ///< Of bars x is the category's number, from 0 on, where the panel has categories.
  std::vector<double> low, high;    ///< Ends of the error bars, in the unit of y; both empty: none.
  std::vector<std::string> labels;  ///< Texts beside the points, where they cover nothing; not on the right axis.
  int colour = -1;                  ///< In the palette (palette.h); -1: by its place among the panel's series.
  bool dashed = false;
  bool on_right_axis = false;
};

struct Axis {
  std::string label;
  std::optional<double> low, high;  ///< Ends; where not set they follow the data.
  bool logarithmic = false;
};

/// A line across the panel: the default split, the mean of all.
struct Rule {
  double at = 0.0;
  bool vertical = true;
  std::string label;
};

/// Numbers on a grid, drawn as coloured cells: a correlation matrix, a histogram over time.
struct Matrix {
  std::vector<std::vector<double>> values;  ///< [rows][columns], rows from the bottom up; NaN: left white
  std::vector<std::string> rows,
      columns;               ///< Names of the cells' rows and columns; empty: they are numbered by x and y.
  std::vector<double> x, y;  ///< Centres of columns and rows where they have no names.
  bool diverging = false;    ///< Colours from -1 over 0 (white) to 1; else from the least value to the largest.
  bool logarithmic = false;  ///< Of the colours, not with `diverging`.
  bool numbered = false;     ///< Each cell also shows its number, with two decimals.
};

struct Panel {
  std::string title;
  Axis x, y;
  std::optional<Axis> right;  ///< For series on the right axis.
  std::vector<Series> series;
  std::vector<Rule> rules;
  std::vector<std::string> categories;  ///< What the bars stand at; not empty: all series are bars.
  bool horizontal = false;              ///< Bars lie, the first category at the top.
  bool beside = true;            ///< Bars of several series; false: in one place, for series that share no category.
  bool square = false;           ///< One unit of x is as long as one of y.
  bool legend = true;            ///< Where a series has a name.
  std::optional<Matrix> matrix;  ///< In place of series.
};

/// A picture of one or several panels, in rows from the top left on.
struct Figure {
  std::string name;             ///< Beginning of its files' names: a-z A-Z 0-9 . _ -
  std::string caption;          ///< What it shows, for those who read it beside its text; not drawn.
  std::size_t columns = 1;      ///< Panels in a row.
  double panel_width_cm = 8.4;  ///< 8.4 is a column of a paper with two; 17.6 both.
  double panel_height_cm = 6.0;
  bool shared_legend = false;  ///< One below all panels, whose own are left out; each name looks alike in all of them.
  std::vector<Panel> panels;
};

}  // namespace oodml::figures
