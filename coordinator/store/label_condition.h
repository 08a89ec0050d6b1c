#pragma once

#include <map>
#include <set>
#include <string>

namespace oodml::coordinator::store {

/// By axis the labels that are meant; "" is that of trials without the axis.
using WantedLabels = std::map<std::string, std::set<std::string>>;

/// SQL, to follow another condition: a row `st` of sweep_trials has one of the wanted labels of each axis. Those are
/// bound to the parameter of this number as `bound_labels` gives them. Empty where everything is wanted.
std::string and_has_labels(const WantedLabels& wanted, int parameter);
std::string bound_labels(const WantedLabels& wanted);

}  // namespace oodml::coordinator::store
