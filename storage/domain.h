// A key domain: the store-wide dictionary of a key or of a string of few distinct values.
// On disk: immutable segments, each a run of codes with its values and a hash index, mapped and
// probed in place; nothing is loaded at open. Bytes: format-spec/key-domain.md.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "stave/result.h"
#include "storage/dictionary.h"
#include "storage/file_system.h"
#include "storage/manifest.h"

namespace stave {

// The committed values of a domain. Opening tests sizes and headers; each chunk's checksum is
// tested when it is first touched. A damaged chunk makes `damage()` return the error, which callers
// that read values test once at their end: look-ups themselves stay plain and fast.
class Domain : public Dictionary {
 public:
  static Result<std::shared_ptr<const Domain>> open(const FileSystem& files,
                                                    const DomainState& state);

  // Batched look-ups with prefetching; kNullCode where absent. Sizes are equal.
  virtual void find_int64s(std::span<const std::int64_t> values,
                           std::span<std::uint32_t> codes) const = 0;
  virtual void find_strings(std::span<const std::string_view> values,
                            std::span<std::uint32_t> codes) const = 0;
  virtual Result<void> damage() const = 0;
};

// A domain while a load adds to it: the committed values plus new ones, which get the next codes.
// `find_*` may run on any number of threads while one thread adds: it finds every value added
// before the call began, and may or may not find those added meanwhile. Adders are serialized by
// the caller, who thereby fixes the order of codes.
class DomainWriter {
 public:
  // `committed` may be null for a domain without values.
  explicit DomainWriter(std::string name, std::shared_ptr<const Domain> committed);
  ~DomainWriter();

  const std::string& name() const;
  DictionaryKind kind() const;
  std::uint32_t size() const;  // committed and new
  std::uint32_t committed_size() const;

  void find_int64s(std::span<const std::int64_t> values, std::span<std::uint32_t> codes) const;
  void find_strings(std::span<const std::string_view> values, std::span<std::uint32_t> codes) const;

  // The value's code, new or old. Fails with kInvalidData where the domain holds the other kind, or
  // where 2^32 - 2 codes are used up.
  Result<std::uint32_t> add_int64(std::int64_t value);
  Result<std::uint32_t> add_string(std::string_view value);
  // Those of many values, in their order. Sizes are equal; after a failure some may have been
  // added.
  Result<void> add_int64s(std::span<const std::int64_t> values, std::span<std::uint32_t> codes);
  Result<void> add_strings(std::span<const std::string_view> values,
                           std::span<std::uint32_t> codes);

  // Turns a domain of integers none of which is committed yet into one of strings, codes unchanged
  // ("12" for 12): a later row of the same load was no integer. Fails with kInvalidData where
  // integers are committed. No find or add may run meanwhile.
  Result<void> become_strings();

  // For values added in this load or before; as Dictionary.
  std::string_view string_at(std::uint32_t code) const;
  std::int64_t int64_at(std::uint32_t code) const;

  // Writes the new values as one segment; the state with it appended. No add may follow.
  Result<DomainState> write(FileSystem& files, const std::string& path, const DomainState& before,
                            int threads = 1);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stave
