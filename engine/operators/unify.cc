// See unify.h. Strings coded by different dictionaries get codes of a local one; codes beside plain
// values are written out.
#include "engine/operators/unify.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include "engine/local_dictionary.h"
#include "engine/operators/vector_writer.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {

namespace {

ColumnShape plain_shape(Type type, Representation representation) {
  ColumnShape shape;
  shape.type = type;
  shape.representation = representation;
  return shape;
}

// Codes of one dictionary as codes of another, translated once each, on first sight.
class CodeTranslation {
 public:
  // `from` may be null where there are only nulls.
  CodeTranslation(const Dictionary* from, LocalDictionary& into)
      : from_(from), into_(into), codes_(std::size_t{from == nullptr ? 0 : from->size()} + 1) {}
  std::uint32_t operator()(std::uint32_t code) {
    if (code != kNullCode && codes_[code] == kNullCode) {
      codes_[code] = into_.add_string(from_->string_at(code));
    }
    return codes_[code];
  }

 private:
  const Dictionary* from_;
  LocalDictionary& into_;
  std::vector<std::uint32_t> codes_;
};

void translate_codes(std::vector<Relation>& relations, std::size_t column, Type type) {
  const auto dictionary = std::make_shared<LocalDictionary>(DictionaryKind::kString);
  ColumnShape shape = plain_shape(type, Representation::kCode);
  shape.dictionary = dictionary;
  for (Relation& relation : relations) {
    if (relation.batches.empty()) {
      continue;
    }
    CodeTranslation translation(relation.batches.front().columns[column].dictionary.get(),
                                *dictionary);
    for (Batch& batch : relation.batches) {
      Vector& vector = batch.columns[column];
      VectorWriter writer(shape, vector.size);
      std::transform(vector.values<std::uint32_t>(), vector.values<std::uint32_t>() + vector.size,
                     writer.values<std::uint32_t>(),
                     [&](std::uint32_t code) { return translation(code); });
      vector = writer.finish();
    }
  }
}

// A vector with its codes replaced by their values, in the plain representation of `shape`.
Vector written_out(const Vector& vector, const ColumnShape& shape) {
  VectorWriter writer(shape, vector.size);
  std::vector<std::string_view> texts;
  for (std::uint32_t row = 0; row < vector.size; ++row) {
    if (is_null_at(vector, row)) {
      writer.set_null(row);
      continue;
    }
    const auto code = [&] { return vector.values<std::uint32_t>()[row]; };
    const bool coded = vector.representation == Representation::kCode;
    switch (shape.representation) {
      case Representation::kString:  // the text stays where it is, kept alive below
        writer.values<std::string_view>()[row] =
            coded ? vector.dictionary->string_at(code()) : vector.values<std::string_view>()[row];
        break;
      case Representation::kInt128:
        writer.values<Int128>()[row] = vector.representation == Representation::kInt128
                                           ? vector.values<Int128>()[row]
                                           : Int128{vector.values<std::int64_t>()[row]};
        break;
      default:
        writer.values<std::int64_t>()[row] =
            coded ? vector.dictionary->int64_at(code()) : vector.values<std::int64_t>()[row];
        break;
    }
  }
  Vector result = writer.finish();
  struct Owners {
    std::shared_ptr<const void> values, text, dictionary;
  };
  result.owner = std::make_shared<Owners>(Owners{result.owner, vector.owner, vector.dictionary});
  return result;
}

// A column in which there is nothing, of whatever type its input gave it.
Vector nulls_of(const ColumnShape& shape, std::uint32_t rows) {
  VectorWriter writer(shape, rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    writer.set_null(row);
  }
  return writer.finish();
}

}  // namespace

Vector as_shape(const Vector& vector, const ColumnShape& shape) {
  Vector result = vector;
  if (vector.type.kind == TypeKind::kNull && shape.type.kind != TypeKind::kNull) {
    result = nulls_of(shape, vector.size);
  } else if (vector.representation != shape.representation ||
             vector.dictionary != shape.dictionary) {
    result = written_out(vector, shape);
  }
  result.type = shape.type;
  return result;
}

void unify_column(std::vector<Relation>& relations, std::size_t column, Type type) {
  std::vector<Vector*> vectors;
  const Vector* first = nullptr;  // the first that can hold a value
  bool same = true;
  bool all_coded_strings = type.kind == TypeKind::kString;
  for (Relation& relation : relations) {
    for (Batch& batch : relation.batches) {
      Vector& vector = batch.columns[column];
      vectors.push_back(&vector);
      if (vector.type.kind == TypeKind::kNull && type.kind != TypeKind::kNull) {
        continue;
      }
      first = first == nullptr ? &vector : first;
      same &=
          vector.representation == first->representation && vector.dictionary == first->dictionary;
      all_coded_strings &= vector.representation == Representation::kCode;
    }
  }
  ColumnShape shape = plain_shape(type, representation_of(type));
  if (first != nullptr && same) {
    shape.representation = first->representation;
    shape.dictionary = first->dictionary;
  }
  const bool translates = !same && all_coded_strings;
  if (translates) {
    shape.representation = Representation::kCode;
  }
  for (Vector* vector : vectors) {
    if (vector->type.kind == TypeKind::kNull && type.kind != TypeKind::kNull) {
      *vector = nulls_of(shape, vector->size);
    } else if (!same && !translates) {
      *vector = written_out(*vector, shape);
    }
    vector->type = type;
  }
  if (translates) {
    translate_codes(relations, column, type);
  }
}

}  // namespace stave
