#include "tests/campaign/support/mutator.h"

#include <algorithm>
#include <cstring>

#include "storage/bytes.h"

namespace stave::campaign {

std::uint64_t Mutator::other_number(std::uint64_t value) {
  switch (draw(9)) {
    case 0:
      return 0;
    case 1:
      return 1;
    case 2:
      return ~std::uint64_t{0} >> (draw(64));
    case 3:
      return std::uint64_t{1} << draw(64);
    case 4:
      return (std::uint64_t{1} << draw(64)) + 1;
    case 5:
      return value + 1;
    case 6:
      return value - 1;
    case 7:
      return value ^ (std::uint64_t{1} << draw(64));
    default:
      return random_();
  }
}

void Mutator::overwrite(std::string& bytes, std::size_t at, std::size_t last) {
  const std::size_t room = last - at;
  switch (draw(5)) {
    case 0:
      bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << draw(8)));
      return;
    case 1:
      bytes[at] = static_cast<char>(random_());
      return;
    case 2: {
      // A small number: ids, kinds, widths and counts that lead further than others.
      bytes[at] = static_cast<char>(draw(17));
      return;
    }
    case 3: {
      std::uint64_t number = 0;
      const std::size_t width = std::min<std::size_t>(room, std::size_t{1} << draw(4));
      std::memcpy(&number, bytes.data() + at, width);
      number = other_number(number);
      std::memcpy(bytes.data() + at, &number, width);
      return;
    }
    default: {
      // Exchanged with another stretch of the same length.
      const std::size_t size = 1 + draw(std::min<std::size_t>(room, 16));
      const std::size_t other = draw(bytes.size() - size + 1);
      const std::string kept = bytes.substr(at, size);
      bytes.replace(at, size, bytes.substr(other, size));
      bytes.replace(other, size, kept);
    }
  }
}

void Mutator::change_size(std::string& bytes, std::size_t at) {
  const std::size_t size = 1 + draw(std::min<std::size_t>(bytes.size() - at, 24));
  switch (draw(4)) {
    case 0:
      bytes.erase(at, size);
      return;
    case 1:
      bytes.insert(at, bytes.substr(at, size));
      return;
    case 2:
      bytes.insert(at, bytes.substr(draw(bytes.size()), size));
      return;
    default: {
      // A varint in the place of another.
      ByteReader in(std::string_view(bytes).substr(at));
      const std::uint64_t value = in.read_varint();
      std::string varint;
      ByteWriter(varint).write_varint(other_number(value));
      bytes.replace(at, in.ok() ? in.position() : 1, varint);
    }
  }
}

void Mutator::mutate(std::string& bytes, std::size_t first, std::size_t last) {
  for (std::uint64_t changes = 1 + draw(3); changes > 0 && first < bytes.size(); --changes) {
    const std::size_t end = std::clamp<std::size_t>(last, first + 1, bytes.size());
    const std::size_t at = first + draw(end - first);
    draw(2) == 0 ? overwrite(bytes, at, end) : change_size(bytes, at);
  }
}

void Mutator::mutate_in_place(std::string& bytes, std::size_t first, std::size_t last) {
  for (std::uint64_t changes = 1 + draw(3); changes > 0; --changes) {
    overwrite(bytes, first + draw(last - first), last);
  }
}

}  // namespace stave::campaign
