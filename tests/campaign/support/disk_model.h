// A disk with the durability rules of POSIX, in memory: what programs see beside what is on disk.
// Appended bytes are durable once their file was synced; names (made, renamed, removed) once their
// folder was synced, and not before. A rename within a folder happens wholly or not at all.
// Invariant: after `power_loss` the disk holds a state that those rules allow; the same seed gives
// the same state.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stave::campaign {

using Random = std::mt19937_64;

// What a power cut leaves of that which was not synced.
enum class PowerLoss {
  kNothing,     // neither names nor bytes
  kEverything,  // as if all had been synced
  kEmptyFiles,  // names, but no bytes
  kZeroFiles,   // names and sizes, zeros for bytes
  kMixture,     // names in any combination, files torn or with holes, each in its own way
};

class DiskModel {
 public:
  DiskModel();
  DiskModel(DiskModel&&) = default;
  DiskModel& operator=(DiskModel&&) = default;

  struct Node;
  using NodePointer = std::shared_ptr<Node>;

  // What programs see. Null where there is nothing of that name; "" is the root.
  NodePointer find(std::string_view path) const;
  // Names in a folder, sorted; folders end with '/'.
  static std::vector<std::string> names_in(const Node& folder);
  static bool is_folder(const Node& node);
  static std::string& bytes_of(Node& file);

  // The caller has tested that these make sense.
  NodePointer make_file(const std::string& path);
  void make_folder(const std::string& path);
  void rename(const std::string& from, const std::string& to);
  void remove(const std::string& path);

  static void sync_file(Node& file);
  static void sync_folder(Node& folder);
  // What a failed fsync leaves: bytes that programs see, that the kernel believes to be written and
  // that the disk never got. A later sync changes nothing of that.
  static void lose_unsynced(Node& file);

  // The disk when power comes back.
  DiskModel power_loss(PowerLoss kind, Random& random) const;
  // Of all names and bytes that programs see.
  std::uint64_t fingerprint() const;

 private:
  NodePointer root_;
};

}  // namespace stave::campaign
