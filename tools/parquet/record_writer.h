// Records of Thrift's compact protocol, field by field. Invariant: fields of a record are written
// by ascending number, and every record that is begun is ended.
#pragma once

#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <cstdint>
#include <memory>
#include <string>

namespace stave::parquet {

class RecordWriter {
 public:
  RecordWriter()
      : buffer_(std::make_shared<apache::thrift::transport::TMemoryBuffer>()), protocol_(buffer_) {}

  void begin() { protocol_.writeStructBegin(""); }
  void end() {
    protocol_.writeFieldStop();
    protocol_.writeStructEnd();
  }

  void number16(std::int16_t field, std::int16_t value) {
    protocol_.writeFieldBegin("", apache::thrift::protocol::T_I16, field);
    protocol_.writeI16(value);
  }
  void number(std::int16_t field, std::int32_t value) {
    protocol_.writeFieldBegin("", apache::thrift::protocol::T_I32, field);
    protocol_.writeI32(value);
  }
  void large_number(std::int16_t field, std::int64_t value) {
    protocol_.writeFieldBegin("", apache::thrift::protocol::T_I64, field);
    protocol_.writeI64(value);
  }
  void flag(std::int16_t field, bool value) {
    protocol_.writeFieldBegin("", apache::thrift::protocol::T_BOOL, field);
    protocol_.writeBool(value);
  }
  void text(std::int16_t field, const std::string& value) {
    protocol_.writeFieldBegin("", apache::thrift::protocol::T_STRING, field);
    protocol_.writeBinary(value);
  }
  // Its fields follow, then `end`.
  void begin_record(std::int16_t field) {
    protocol_.writeFieldBegin("", apache::thrift::protocol::T_STRUCT, field);
    begin();
  }
  void empty_record(std::int16_t field) {
    begin_record(field);
    end();
  }

  // `write(element)` writes one between begin and end.
  template <typename List, typename Write>
  void records(std::int16_t field, const List& list, Write write) {
    begin_list(field, apache::thrift::protocol::T_STRUCT, list.size());
    for (const auto& element : list) {
      begin();
      write(element);
      end();
    }
  }
  template <typename List>
  void numbers(std::int16_t field, const List& list) {
    begin_list(field, apache::thrift::protocol::T_I32, list.size());
    for (const auto& element : list) protocol_.writeI32(static_cast<std::int32_t>(element));
  }
  void texts(std::int16_t field, const std::vector<std::string>& list) {
    begin_list(field, apache::thrift::protocol::T_STRING, list.size());
    for (const std::string& element : list) protocol_.writeBinary(element);
  }

  std::string bytes() const { return buffer_->getBufferAsString(); }

 private:
  void begin_list(std::int16_t field, apache::thrift::protocol::TType type, std::size_t size) {
    protocol_.writeFieldBegin("", apache::thrift::protocol::T_LIST, field);
    protocol_.writeListBegin(type, static_cast<std::uint32_t>(size));
  }

  std::shared_ptr<apache::thrift::transport::TMemoryBuffer> buffer_;
  apache::thrift::protocol::TCompactProtocolT<apache::thrift::transport::TMemoryBuffer> protocol_;
};

}  // namespace stave::parquet
