// Folders remember what they hold on disk and the changes since; files how many of their bytes are
// on disk. Sectors have 512 bytes.
#include "tests/campaign/support/disk_model.h"

#include <algorithm>
#include <optional>

#include "storage/checksum.h"
#include "storage/store_path.h"

namespace stave::campaign {
namespace {

constexpr std::size_t kSectorBytes = 512;

// One step in a folder: names that lead elsewhere from now on, together.
using Change = std::vector<std::pair<std::string, DiskModel::NodePointer>>;
using Entries = std::map<std::string, DiskModel::NodePointer>;

std::string name_in_folder(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

void put(const Change& change, Entries& entries) {
  for (const auto& [name, node] : change) {
    if (node == nullptr) {
      entries.erase(name);
    } else {
      entries[name] = node;
    }
  }
}

std::size_t below(std::size_t limit, Random& random) {
  return static_cast<std::size_t>(random() % limit);
}

void fill_with_garbage(std::string& bytes, std::size_t begin, std::size_t end, Random& random) {
  for (std::size_t i = begin; i < end; ++i) {
    bytes[i] = static_cast<char>(random());
  }
}

// Each sector on its own: as written, zeros, or whatever was there.
void mix_sectors(std::string& bytes, std::size_t begin, Random& random) {
  while (begin < bytes.size()) {
    const std::size_t end = std::min((begin / kSectorBytes + 1) * kSectorBytes, bytes.size());
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(begin);
    switch (below(4, random)) {
      case 0:
        std::fill(first, bytes.begin() + static_cast<std::ptrdiff_t>(end), '\0');
        break;
      case 1:
        fill_with_garbage(bytes, begin, end, random);
        break;
      default:
        break;
    }
    begin = end;
  }
}

// `bytes` from `durable` on were never synced.
void tear(std::string& bytes, std::size_t durable, Random& random) {
  const std::size_t unsynced = bytes.size() - durable;
  switch (below(6, random)) {
    case 0:
      bytes.resize(durable);
      break;
    case 1:
      break;
    case 2:
      bytes.resize(durable + below(unsynced + 1, random));
      break;
    case 3:
      bytes.resize(
          std::max(durable, (durable + below(unsynced + 1, random)) / kSectorBytes * kSectorBytes));
      break;
    case 4:
      std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(durable), bytes.end(), '\0');
      break;
    default:
      mix_sectors(bytes, durable, random);
      if (below(2, random) == 0) {
        bytes.resize(durable + below(unsynced + 1, random));
      }
      break;
  }
}

}  // namespace

struct DiskModel::Node {
  bool is_folder = false;
  // Files.
  std::string bytes;
  std::size_t durable = 0;                                // the first so many are synced
  std::vector<std::pair<std::size_t, std::size_t>> lost;  // begin and end, whatever was synced
  // Folders.
  Entries entries;
  Entries durable_entries;
  std::vector<Change> changes;  // between the two

  void change(Change change) {
    changes.push_back(change);
    put(change, entries);
  }
};

namespace {

using Node = DiskModel::Node;

void leave_bytes(Node& file, PowerLoss kind, Random& random) {
  for (const auto& [begin, end] : file.lost) {
    if (kind == PowerLoss::kMixture) {
      fill_with_garbage(file.bytes, begin, end, random);
    } else {
      std::fill(file.bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                file.bytes.begin() + static_cast<std::ptrdiff_t>(end), '\0');
    }
  }
  switch (kind) {
    case PowerLoss::kNothing:
    case PowerLoss::kEmptyFiles:
      file.bytes.resize(file.durable);
      break;
    case PowerLoss::kEverything:
      break;
    case PowerLoss::kZeroFiles:
      std::fill(file.bytes.begin() + static_cast<std::ptrdiff_t>(file.durable), file.bytes.end(),
                '\0');
      break;
    case PowerLoss::kMixture:
      if (file.durable < file.bytes.size()) {
        tear(file.bytes, file.durable, random);
      }
      break;
  }
}

Entries entries_left(const Node& folder, PowerLoss kind, Random& random) {
  Entries left = folder.durable_entries;
  const std::size_t quarters = kind == PowerLoss::kMixture ? 1 + below(3, random) : 4;
  for (const Change& change : folder.changes) {
    if (kind != PowerLoss::kNothing && (quarters == 4 || below(4, random) < quarters)) {
      put(change, left);
    }
  }
  return left;
}

DiskModel::NodePointer node_left(const Node& node, PowerLoss kind, Random& random) {
  auto left = std::make_shared<Node>();
  left->is_folder = node.is_folder;
  if (node.is_folder) {
    for (const auto& [name, entry] : entries_left(node, kind, random)) {
      left->entries[name] = node_left(*entry, kind, random);
    }
    left->durable_entries = left->entries;
    return left;
  }
  left->bytes = node.bytes;
  left->durable = node.durable;
  left->lost = node.lost;
  leave_bytes(*left, kind, random);
  left->durable = left->bytes.size();
  left->lost.clear();
  return left;
}

void add_to(RunningChecksum& checksum, const Node& folder) {
  for (const auto& [name, entry] : folder.entries) {
    const std::string head =
        name + (entry->is_folder ? "/" : "=") + std::to_string(entry->bytes.size()) + "\n";
    checksum.add(std::string_view(head));
    checksum.add(std::string_view(entry->bytes));
    if (entry->is_folder) {
      add_to(checksum, *entry);
    }
  }
}

}  // namespace

DiskModel::DiskModel() : root_(std::make_shared<Node>()) {
  root_->is_folder = true;
}

DiskModel::NodePointer DiskModel::find(std::string_view path) const {
  NodePointer node = root_;
  while (node != nullptr && !path.empty()) {
    const std::size_t slash = path.find('/');
    const auto found = node->entries.find(std::string(path.substr(0, slash)));
    node = found == node->entries.end() ? nullptr : found->second;
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return node;
}

std::vector<std::string> DiskModel::names_in(const Node& folder) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : folder.entries) {
    names.push_back(entry->is_folder ? name + "/" : name);
  }
  std::ranges::sort(names);
  return names;
}

bool DiskModel::is_folder(const Node& node) {
  return node.is_folder;
}
std::string& DiskModel::bytes_of(Node& file) {
  return file.bytes;
}

DiskModel::NodePointer DiskModel::make_file(const std::string& path) {
  auto file = std::make_shared<Node>();
  find(folder_of(path))->change({{name_in_folder(path), file}});
  return file;
}

void DiskModel::make_folder(const std::string& path) {
  make_file(path)->is_folder = true;
}

void DiskModel::rename(const std::string& from, const std::string& to) {
  const NodePointer source = find(folder_of(from));
  const NodePointer target = find(folder_of(to));
  const NodePointer moved = find(from);
  if (source == target) {
    source->change({{name_in_folder(from), nullptr}, {name_in_folder(to), moved}});
  } else {
    target->change({{name_in_folder(to), moved}});
    source->change({{name_in_folder(from), nullptr}});
  }
}

void DiskModel::remove(const std::string& path) {
  find(folder_of(path))->change({{name_in_folder(path), nullptr}});
}

void DiskModel::sync_file(Node& file) {
  file.durable = file.bytes.size();
}

void DiskModel::sync_folder(Node& folder) {
  Entries durable = folder.entries;
  folder.durable_entries.swap(durable);
  folder.changes.clear();
}

void DiskModel::lose_unsynced(Node& file) {
  if (file.durable < file.bytes.size()) {
    file.lost.emplace_back(file.durable, file.bytes.size());
    file.durable = file.bytes.size();
  }
}

DiskModel DiskModel::power_loss(PowerLoss kind, Random& random) const {
  DiskModel left;
  left.root_ = node_left(*root_, kind, random);
  return left;
}

std::uint64_t DiskModel::fingerprint() const {
  RunningChecksum checksum;
  add_to(checksum, *root_);
  return checksum.value();
}

}  // namespace stave::campaign
