// See input_description.h.
#include "tools/import/input_description.h"

namespace stave::loading {

std::vector<InputDescription> describe_inputs(const std::vector<ReadInput>& inputs,
                                              const std::vector<PassedOver>& passed_over,
                                              const LoadTable& table) {
  std::vector<InputDescription> descriptions;
  for (const ReadInput& input : inputs) {
    InputDescription& description = descriptions.emplace_back();
    description.name = input.plan->name;
    description.compression = name_of(input.compression);
    description.format = input.format;
    if (input.plan->file < passed_over.size()) {
      const PassedOver& passed = passed_over[input.plan->file];
      description.format.header_echoes += passed.header_echoes;
      description.format.empty_rows += passed.empty_rows;
      description.format.row_counts += passed.row_counts;
    }
    for (const FieldPlan& field : input.plan->fields) {
      InputDescription::Column& column = description.columns.emplace_back();
      column.header = field.header;
      if (field.column < 0) continue;
      const auto position = static_cast<std::size_t>(field.column);
      column.column = table.column(position).name;
      column.type = table.column(position).type;
      column.is_new = table.is_new(position);
    }
  }
  return descriptions;
}

}  // namespace stave::loading
