// Blocks as vectors: see block_vector.h.
#include "engine/scan/block_vector.h"

#include "engine/evaluator.h"
#include "engine/kernels/reduce.h"
#include "engine/runtime/select_rows.h"

namespace stave {

namespace {
// What is kept of many blocks shall not hold the memory of whole ones.
constexpr std::uint32_t kFewTimes = 16;
}  // namespace

Result<Vector> BlockDecoder::read(const ColumnFileReader& file, std::uint32_t block, Type type,
                                  const std::shared_ptr<const Dictionary>& dictionary,
                                  BlockStretch* stretch) {
  std::shared_ptr<DecodedBlock> decoded = blocks_.take();
  if (Result<void> done = file.read_block(block, *decoded, stretch); !done) return pass(done);
  return vector_of(std::move(decoded), block, type, dictionary);
}

Result<Vector> BlockDecoder::read_rows(const ColumnFileReader& file, std::uint32_t block,
                                       std::span<const std::uint32_t> rows, Type type,
                                       const std::shared_ptr<const Dictionary>& dictionary,
                                       BlockStretch* stretch) {
  std::shared_ptr<DecodedBlock> decoded = blocks_.take();
  if (Result<void> done = file.read_rows(block, rows, *decoded, stretch); !done) return pass(done);
  Result<Vector> vector = vector_of(std::move(decoded), block, type, dictionary);
  if (!vector) return vector;
  return own_copy(*vector);
}

Result<Vector> BlockDecoder::read_kept(const ColumnFileReader& file, std::uint32_t block,
                                       const std::uint64_t* bits, std::uint32_t kept, Type type,
                                       const std::shared_ptr<const Dictionary>& dictionary,
                                       BlockStretch* stretch) {
  std::shared_ptr<DecodedBlock> decoded = blocks_.take();
  if (Result<void> done = file.read_kept(block, bits, kept, *decoded, stretch); !done)
    return pass(done);
  Result<Vector> vector = vector_of(std::move(decoded), block, type, dictionary);
  if (!vector) return vector;
  // A block's room is larger than what is kept.
  return own_copy(*vector, kept < file.blocks()[block].rows / kFewTimes
                               ? std::make_shared<VectorBuffer>()
                               : take_clear(buffers_));
}

Result<Vector> BlockDecoder::vector_of(std::shared_ptr<DecodedBlock> decoded, std::uint32_t block,
                                       Type type,
                                       const std::shared_ptr<const Dictionary>& dictionary) {
  Vector vector;
  vector.type = type;
  vector.size = decoded->rows;
  vector.validity = decoded->validity.empty() ? nullptr : decoded->validity.data();
  switch (decoded->physical) {
    case Physical::kCode:
      vector.representation = Representation::kCode;
      vector.data = decoded->codes.data();
      vector.validity = nullptr;
      vector.dictionary = dictionary;
      if (kernels::max_code(decoded->codes.data(), decoded->rows) > dictionary->size()) {
        return fail(ErrorCode::kDamaged,
                    "A column holds codes that its key domain does not have, block " +
                        std::to_string(block) + ". Run `stave verify`.");
      }
      break;
    case Physical::kInt64:
      vector.representation = Representation::kInt64;
      vector.data = decoded->int64s.data();
      break;
    case Physical::kInt128:
      vector.representation = Representation::kInt128;
      vector.data = decoded->int128s.data();
      break;
    case Physical::kFloat64:
      vector.representation = Representation::kFloat64;
      vector.data = decoded->float64s.data();
      break;
    case Physical::kString:
      vector.representation = Representation::kString;
      vector.data = decoded->strings.data();
      break;
  }
  if (type.kind == TypeKind::kBool && decoded->physical == Physical::kInt64) {
    std::shared_ptr<VectorBuffer> buffer = take_clear(buffers_);
    auto* out = buffer->room<std::uint8_t>(vector.size);
    for (std::uint32_t row = 0; row < vector.size; ++row) {
      out[row] = decoded->int64s[row] != 0 ? 1 : 0;
    }
    vector.representation = Representation::kBool;
    vector.data = out;
    if (vector.validity != nullptr) buffer->parents.push_back(decoded);
    vector.owner = std::move(buffer);
    return vector;
  }
  vector.owner = std::move(decoded);
  return vector;
}

}  // namespace stave
