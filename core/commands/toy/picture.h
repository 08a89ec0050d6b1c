#pragma once

#include "core/figures/figure.h"
#include "core/toy/experiment.h"

namespace oodml::commands {

/// Four panels: the points, what both networks make of them on the unit circle, and the shares of the singular values.
figures::Figure picture_of(const toy::Outcome& outcome);

}  // namespace oodml::commands
