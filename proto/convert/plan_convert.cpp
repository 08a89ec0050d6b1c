#include "proto/convert/plan_convert.h"

#include "proto/convert/fields.h"

namespace oodml::convert {

v1::AxisCount to_proto(const job::AxisCount& axis) {
  v1::AxisCount message;
  message.set_axis(axis.axis);
  for (const auto& [label, trials] : axis.labels) {
    message.add_labels()->set_label(wire_text(label));
    message.add_counts(trials);
  }
  return message;
}

}  // namespace oodml::convert
