// Format strings are of Arrow's page "The Arrow C data interface".
#include "tools/embed/arrow_schema.h"

#include <memory>
#include <utility>

namespace stave::embed {
namespace {

using OwnedSchema = Owned<ArrowSchema>;

// What a schema of the interface owns.
struct Holder {
  std::string format;
  std::string name;
  std::vector<OwnedSchema> children;
  std::vector<ArrowSchema*> places;  // of the children
};

void release_schema(ArrowSchema* schema) {
  const std::unique_ptr<Holder> holder(static_cast<Holder*>(schema->private_data));
  schema->release = nullptr;
}

OwnedSchema schema_of(std::unique_ptr<Holder> holder, std::int64_t flags) {
  for (OwnedSchema& child : holder->children) holder->places.push_back(child.place());
  ArrowSchema schema{};
  schema.format = holder->format.c_str();
  schema.name = holder->name.c_str();
  schema.flags = flags;
  schema.n_children = static_cast<std::int64_t>(holder->children.size());
  schema.children = holder->places.empty() ? nullptr : holder->places.data();
  schema.release = release_schema;
  schema.private_data = holder.release();
  return OwnedSchema(schema);
}

OwnedSchema field_schema(const Field& field) {
  auto holder = std::make_unique<Holder>();
  holder->format = arrow_format(field.type);
  holder->name = field.name;
  if (field.type.kind == TypeKind::kList) {
    holder->children.push_back(field_schema({"item", kStringType}));
  }
  return schema_of(std::move(holder), ARROW_FLAG_NULLABLE);
}

}  // namespace

std::string arrow_format(Type type) {
  switch (type.kind) {
    case TypeKind::kBool:
      return "b";
    case TypeKind::kInt64:
      return "l";
    case TypeKind::kFloat64:
      return "g";
    case TypeKind::kDate:
      return "tdD";
    case TypeKind::kTimestamp:
      return "tsu:UTC";
    case TypeKind::kDecimal:
      return "d:" + std::to_string(type.precision) + "," + std::to_string(type.scale);
    case TypeKind::kList:
      return "+l";
    case TypeKind::kString:
    case TypeKind::kNull:
      break;
  }
  return "u";
}

OwnedSchema make_schema(const std::vector<Field>& fields) {
  auto holder = std::make_unique<Holder>();
  holder->format = "+s";
  holder->children.reserve(fields.size());
  for (const Field& field : fields) holder->children.push_back(field_schema(field));
  return schema_of(std::move(holder), 0);
}

}  // namespace stave::embed
