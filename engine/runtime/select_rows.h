// Parts of vectors as vectors: the same values, fewer rows.
// Invariant: results hold their own memory, or the owner of what they view.
#pragma once

#include <cstdint>

#include "engine/runtime/vector_buffer.h"
#include "engine/vector.h"

namespace stave {

// The rows whose bit is set; `kept` is their number.
Vector compress(const Vector& vector, const std::uint64_t* bits, std::uint32_t kept,
                BufferRecycler& buffers);
// All rows in memory of their own that is no larger than they are.
Vector own_copy(const Vector& vector);
// All rows in this memory.
Vector own_copy(const Vector& vector, std::shared_ptr<VectorBuffer> buffer);
// Rows first .. first + rows - 1, without copying values.
Vector slice(const Vector& vector, std::uint32_t first, std::uint32_t rows,
             BufferRecycler& buffers);
// The rows at these positions; a position of kNoRow gives null.
inline constexpr std::uint32_t kNoRow = 0xffffffff;
Vector take_rows(const Vector& vector, const std::uint32_t* positions, std::uint32_t rows,
                 BufferRecycler& buffers);
// The reverse of compress: row i of `vector` goes to the i-th set bit's row of `into`, whose data
// and validity have room for all rows. `into_validity` bits must be set beforehand.
void scatter(const Vector& vector, const std::uint64_t* bits, std::uint32_t rows, void* into,
             std::uint64_t* into_validity);
// `rows` nulls.
Vector nulls_of(Type type, Representation representation,
                const std::shared_ptr<const Dictionary>& dictionary, std::uint32_t rows,
                BufferRecycler& buffers);

}  // namespace stave
