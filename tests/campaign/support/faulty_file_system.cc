// What a call does that fails:
//   append       writes half of the bytes; the handle is dead
//   sync         loses what was not synced (see DiskModel::lose_unsynced); the handle is dead
//   sync_folder  nothing; the next may succeed, as nobody could go on otherwise
//   any other    nothing
#include "tests/campaign/support/faulty_file_system.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>

#include "storage/posix_error.h"
#include "storage/store_path.h"

namespace stave::campaign {
namespace {

const std::string kRoot = "disk";

std::string full(const std::string& path) {
  return path.empty() ? kRoot : kRoot + "/" + path;
}

}  // namespace

struct FaultyFileSystem::State {
  // Held by an operation that changes the disk until its hook is done: threads change it one after
  // the other, and every state in between is seen.
  std::mutex turn;
  std::mutex mutex;
  DiskModel disk;
  std::set<std::string> locked;
  CallFault fault;
  std::uint64_t calls = 0;
  std::string failed_call;
  std::uint64_t calls_on_dead_handles = 0;
  std::function<void(const std::string&)> hook;

  // The errno that this call fails with, 0 where it does not. The mutex is held.
  int count(const char* call, const std::string& path) {
    if (!fault.only.empty() && fault.only != std::string(call) + " " + path) {
      return 0;
    }
    ++calls;
    const bool fails =
        fault.call != 0 && (calls == fault.call || (fault.for_good && calls > fault.call));
    if (fails && failed_call.empty()) {
      failed_call = std::string(call) + " " + path;
    }
    return fails ? fault.number : 0;
  }

  void changed(const char* call, const std::string& path) {
    if (hook) {
      hook(std::string(call) + " " + path);
    }
  }
};

class FaultyFileSystem::Reader : public ReadableFile {
 public:
  Reader(std::shared_ptr<State> state, std::string bytes, const std::string& path)
      : state_(std::move(state)), bytes_(std::move(bytes)), path_(full(path)) {}

  std::uint64_t size() const override { return bytes_.size(); }
  const std::string& path() const override { return path_; }

  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    const std::lock_guard guard(state_->mutex);
    if (const int fault = state_->count("read", path_); fault != 0) {
      return system_failure("Could not read a file", path_, fault);
    }
    if (offset > bytes_.size() || out.size() > bytes_.size() - offset) {
      return fail(ErrorCode::kDamaged,
                  fmt::format("A file is shorter than expected: {} bytes at {} asked of {} ({}). "
                              "Run `stave verify`.",
                              out.size(), offset, bytes_.size(), path_));
    }
    if (!out.empty()) {
      std::memcpy(out.data(), bytes_.data() + offset, out.size());
    }
    return {};
  }
  Result<std::span<const std::byte>> map() const override {
    const std::lock_guard guard(state_->mutex);
    if (const int fault = state_->count("map", path_); fault != 0) {
      return system_failure("Could not map a file into memory", path_, fault);
    }
    return std::as_bytes(std::span(bytes_));
  }

 private:
  std::shared_ptr<State> state_;
  std::string bytes_;
  std::string path_;
};

class FaultyFileSystem::File : public WritableFile {
 public:
  File(std::shared_ptr<State> state, DiskModel::NodePointer node, std::string path)
      : state_(std::move(state)), node_(std::move(node)), path_(std::move(path)) {}

  Result<void> append(std::span<const std::byte> bytes) override {
    const std::lock_guard turn(state_->turn);
    {
      const std::lock_guard guard(state_->mutex);
      if (dead_) {
        return dead();
      }
      const int fault = state_->count("append", path_);
      const std::size_t written = fault == 0 ? bytes.size() : bytes.size() / 2;
      DiskModel::bytes_of(*node_).append(reinterpret_cast<const char*>(bytes.data()), written);
      if (fault != 0) {
        dead_ = true;
        return system_failure("Could not write a file", full(path_), fault, bytes.size() - written);
      }
    }
    state_->changed("append", path_);
    return {};
  }

  void start_writeback() override {}

  Result<void> sync() override {
    const std::lock_guard turn(state_->turn);
    {
      const std::lock_guard guard(state_->mutex);
      if (dead_) {
        return dead();
      }
      if (const int fault = state_->count("sync", path_); fault != 0) {
        dead_ = true;
        DiskModel::lose_unsynced(*node_);
        return system_failure("Could not make a file durable", full(path_), fault);
      }
      DiskModel::sync_file(*node_);
    }
    state_->changed("sync", path_);
    return {};
  }

 private:
  Failure dead() {
    ++state_->calls_on_dead_handles;
    return fail(ErrorCode::kIo,
                fmt::format("A file cannot be used after a failed write or sync: {}.", path_));
  }

  std::shared_ptr<State> state_;
  DiskModel::NodePointer node_;
  std::string path_;
  bool dead_ = false;
};

class FaultyFileSystem::Lock : public FileLock {
 public:
  Lock(std::shared_ptr<State> state, std::string path)
      : state_(std::move(state)), path_(std::move(path)) {}
  ~Lock() override {
    const std::lock_guard guard(state_->mutex);
    if (is_held) {
      state_->locked.erase(path_);
    }
  }

  bool is_held = false;

 private:
  std::shared_ptr<State> state_;
  std::string path_;
};

FaultyFileSystem::FaultyFileSystem() : FaultyFileSystem(DiskModel()) {}
FaultyFileSystem::FaultyFileSystem(DiskModel disk) : state_(std::make_shared<State>()) {
  state_->disk = std::move(disk);
}
FaultyFileSystem::~FaultyFileSystem() = default;

const std::string& FaultyFileSystem::root() const {
  return kRoot;
}

Result<std::unique_ptr<ReadableFile>> FaultyFileSystem::open(const std::string& path) const {
  const std::lock_guard guard(state_->mutex);
  if (const int fault = state_->count("open", path); fault != 0) {
    return system_failure("Could not open a file", full(path), fault);
  }
  const DiskModel::NodePointer node = state_->disk.find(path);
  if (node == nullptr) {
    return system_failure("Could not open a file", full(path), ENOENT);
  }
  if (DiskModel::is_folder(*node)) {
    return fail(ErrorCode::kDamaged,
                fmt::format("Not a regular file: {}. Run `stave verify`.", full(path)));
  }
  return std::make_unique<Reader>(state_, DiskModel::bytes_of(*node), path);
}

Result<std::unique_ptr<WritableFile>> FaultyFileSystem::create(const std::string& path) {
  if (auto checked = check_store_path(path); !checked) {
    return pass(checked);
  }
  DiskModel::NodePointer node;
  const std::lock_guard turn(state_->turn);
  {
    const std::lock_guard guard(state_->mutex);
    if (const int fault = state_->count("create", path); fault != 0) {
      return system_failure("Could not make a file", full(path), fault);
    }
    if (state_->disk.find(path) != nullptr) {
      return system_failure("Could not make a file", full(path), EEXIST);
    }
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      if (state_->disk.find(path.substr(0, slash)) == nullptr) {
        state_->disk.make_folder(path.substr(0, slash));
      }
    }
    node = state_->disk.make_file(path);
  }
  state_->changed("create", path);
  return std::make_unique<File>(state_, std::move(node), path);
}

Result<void> FaultyFileSystem::rename(const std::string& from, const std::string& to) {
  const std::lock_guard turn(state_->turn);
  {
    const std::lock_guard guard(state_->mutex);
    int fault = state_->count("rename", from);
    if (fault == 0 && state_->disk.find(from) == nullptr) {
      fault = ENOENT;
    }
    if (fault != 0) {
      return system_failure("Could not rename a file", full(from) + " to " + full(to), fault);
    }
    state_->disk.rename(from, to);
  }
  state_->changed("rename", from);
  return {};
}

Result<void> FaultyFileSystem::remove(const std::string& path) {
  const std::lock_guard turn(state_->turn);
  {
    const std::lock_guard guard(state_->mutex);
    int fault = state_->count("remove", path);
    const DiskModel::NodePointer node = state_->disk.find(path);
    if (fault == 0 && node == nullptr) {
      fault = ENOENT;
    }
    if (fault == 0 && DiskModel::is_folder(*node) && !DiskModel::names_in(*node).empty()) {
      fault = ENOTEMPTY;
    }
    if (fault != 0) {
      return system_failure("Could not remove a file", full(path), fault);
    }
    state_->disk.remove(path);
  }
  state_->changed("remove", path);
  return {};
}

Result<bool> FaultyFileSystem::exists(const std::string& path) const {
  const std::lock_guard guard(state_->mutex);
  if (const int fault = state_->count("exists", path); fault != 0) {
    return system_failure("Could not look at a file", full(path), fault);
  }
  return state_->disk.find(path) != nullptr;
}

Result<std::vector<std::string>> FaultyFileSystem::list(const std::string& folder) const {
  const std::lock_guard guard(state_->mutex);
  int fault = state_->count("list", folder);
  const DiskModel::NodePointer node = state_->disk.find(folder);
  if (fault == 0 && (node == nullptr || !DiskModel::is_folder(*node))) {
    fault = ENOENT;
  }
  if (fault != 0) {
    return system_failure("Could not open a folder", full(folder), fault);
  }
  return DiskModel::names_in(*node);
}

Result<void> FaultyFileSystem::sync_folder(const std::string& folder) {
  const std::lock_guard turn(state_->turn);
  {
    const std::lock_guard guard(state_->mutex);
    int fault = state_->count("sync_folder", folder);
    const DiskModel::NodePointer node = state_->disk.find(folder);
    if (fault == 0 && (node == nullptr || !DiskModel::is_folder(*node))) {
      fault = ENOENT;
    }
    if (fault != 0) {
      return system_failure("Could not make a folder durable", full(folder), fault);
    }
    DiskModel::sync_folder(*node);
  }
  state_->changed("sync_folder", folder);
  return {};
}

Result<std::unique_ptr<FileLock>> FaultyFileSystem::lock(const std::string& path) {
  auto lock = std::make_unique<Lock>(state_, path);
  const std::lock_guard turn(state_->turn);
  {
    const std::lock_guard guard(state_->mutex);
    if (const int fault = state_->count("lock", path); fault != 0) {
      return system_failure("Could not lock a file", full(path), fault);
    }
    if (state_->disk.find(path) == nullptr) {
      state_->disk.make_file(path);
    }
    if (!state_->locked.insert(path).second) {
      return fail(ErrorCode::kLocked,
                  fmt::format("The store is being written by this process ({}).", full(path)));
    }
    lock->is_held = true;
  }
  state_->changed("lock", path);
  return lock;
}

void FaultyFileSystem::plan(CallFault fault) {
  const std::lock_guard guard(state_->mutex);
  state_->fault = std::move(fault);
  state_->calls = 0;
  state_->failed_call.clear();
}

std::uint64_t FaultyFileSystem::calls() const {
  const std::lock_guard guard(state_->mutex);
  return state_->calls;
}

std::string FaultyFileSystem::failed_call() const {
  const std::lock_guard guard(state_->mutex);
  return state_->failed_call;
}

std::uint64_t FaultyFileSystem::calls_on_dead_handles() const {
  const std::lock_guard guard(state_->mutex);
  return state_->calls_on_dead_handles;
}

void FaultyFileSystem::on_change(std::function<void(const std::string& what)> hook) {
  state_->hook = std::move(hook);
}

DiskModel FaultyFileSystem::power_loss(PowerLoss kind, Random& random) const {
  const std::lock_guard guard(state_->mutex);
  return state_->disk.power_loss(kind, random);
}

}  // namespace stave::campaign
