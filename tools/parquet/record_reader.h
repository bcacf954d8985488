// Reading records of Thrift's compact protocol. Invariant: whatever the bytes, reading ends with
// values or with one of Thrift's exceptions, and takes memory in proportion to them.
#pragma once

#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stave::parquet {

class RecordReader {
 public:
  // At most 4 GiB; `bytes` must outlive it.
  explicit RecordReader(std::string_view bytes)
      : buffer_(std::make_shared<Buffer>(
            // Only observed, never written.
            reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data())),
            static_cast<std::uint32_t>(bytes.size()), Buffer::OBSERVE)),
        protocol_(buffer_, limit_of(bytes.size() + 1), limit_of(bytes.size() / 6 + 16)) {}

  // Calls `take(field)` for each field of the record that begins here; what it does not read,
  // saying so by false, is passed over.
  template <typename Take>
  void record(Take take) {
    std::string name;
    protocol_.readStructBegin(name);
    while (true) {
      apache::thrift::protocol::TType type = apache::thrift::protocol::T_STOP;
      std::int16_t field = 0;
      protocol_.readFieldBegin(name, type, field);
      if (type == apache::thrift::protocol::T_STOP) break;
      type_ = type;
      if (!take(field)) protocol_.skip(type);
      protocol_.readFieldEnd();
    }
    protocol_.readStructEnd();
  }

  // Each reads a field of its type; false where the field has another one.
  bool number(std::int32_t& out) {
    if (type_ != apache::thrift::protocol::T_I32) return false;
    protocol_.readI32(out);
    return true;
  }
  bool large_number(std::int64_t& out) {
    if (type_ != apache::thrift::protocol::T_I64) return false;
    protocol_.readI64(out);
    return true;
  }
  bool byte(std::int32_t& out) {
    if (type_ != apache::thrift::protocol::T_BYTE) return false;
    std::int8_t value = 0;
    protocol_.readByte(value);
    out = value;
    return true;
  }
  bool flag(bool& out) {
    if (type_ != apache::thrift::protocol::T_BOOL) return false;
    protocol_.readBool(out);
    return true;
  }
  bool text(std::string& out) {
    if (type_ != apache::thrift::protocol::T_STRING) return false;
    protocol_.readBinary(out);
    return true;
  }
  template <typename Enum>
  bool enumeration(Enum& out) {
    std::int32_t value = 0;
    if (!number(value)) return false;
    out = static_cast<Enum>(value);
    return true;
  }
  bool is_record() const { return type_ == apache::thrift::protocol::T_STRUCT; }
  template <typename Take>
  bool nested(Take take) {
    if (!is_record()) return false;
    record(take);
    return true;
  }
  // `take(element)` reads one with `record`.
  template <typename Element, typename Take>
  bool records(std::vector<Element>& out, Take take) {
    return list(apache::thrift::protocol::T_STRUCT, [&] { take(out.emplace_back()); });
  }
  bool texts(std::vector<std::string>& out) {
    return list(apache::thrift::protocol::T_STRING,
                [&] { protocol_.readBinary(out.emplace_back()); });
  }

  std::size_t consumed() { return buffer_->readEnd(); }

 private:
  using Buffer = apache::thrift::transport::TMemoryBuffer;

  // No text is longer than all bytes, and no element that means anything has fewer than six.
  static std::int32_t limit_of(std::size_t size) {
    constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
    return static_cast<std::int32_t>(size < kMost ? size : kMost);
  }

  template <typename Read>
  bool list(apache::thrift::protocol::TType of, Read read) {
    if (type_ != apache::thrift::protocol::T_LIST) return false;
    apache::thrift::protocol::TType type = apache::thrift::protocol::T_STOP;
    std::uint32_t size = 0;
    protocol_.readListBegin(type, size);
    for (std::uint32_t i = 0; i < size; ++i) {
      if (type == of) {
        read();
      } else {
        protocol_.skip(type);
      }
    }
    protocol_.readListEnd();
    return true;
  }

  std::shared_ptr<Buffer> buffer_;
  apache::thrift::protocol::TCompactProtocolT<Buffer> protocol_;
  apache::thrift::protocol::TType type_ = apache::thrift::protocol::T_STOP;
};

}  // namespace stave::parquet
