#pragma once

#include "core/base/printable.h"

namespace oodml::data {

// Every file of this folder names files and classes of strangers, so the words are at hand without a prefix.
using oodml::is_printable;
using oodml::name_list;
using oodml::printable;

}  // namespace oodml::data
